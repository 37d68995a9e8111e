// Random streams from one seed: each named, so that taking one thing out of a day leaves the others as they were.

import { createHash } from "node:crypto";

/** A stream of random values that its name and the seed repeat. */
export interface Stream {
  /** In `[0, 1)`. */
  fraction(): number;
  /** A whole number in `[min, max]`. */
  integer(min: number, max: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of them. */
  pick<T>(items: readonly [T, ...T[]]): T;
  bytes(count: number): Uint8Array;
}

/** Opens the stream of a name (mulberry32 over a hash of seed and name); for simulation alone. */
export function streamOf(seed: number, name: string): Stream {
  let state = createHash("sha256").update(`${seed} ${name}`).digest().readUInt32LE(0);
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const fraction = () => next() / 2 ** 32;
  const integer = (min: number, max: number) => min + Math.floor(fraction() * (max - min + 1));
  return {
    fraction,
    integer,
    chance: (probability) => fraction() < probability,
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
  };
}
