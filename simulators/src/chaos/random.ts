// Pseudo-random numbers that a seed repeats, for what tills buy and which faults fall on them.

export interface Dice {
  /** A number from 0 up to, but not including, 1. */
  next(): number;
  /** A whole number between two, both included. */
  between(min: number, max: number): number;
  /** One of several. */
  oneOf<T>(items: readonly T[]): T;
  /** Whether something that happens so often out of a hundred times happens now. */
  percent(often: number): boolean;
}

/** Mulberry32: equal seeds give equal sequences. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    between,
    oneOf(items) {
      const item = items[between(0, items.length - 1)];
      if (item === undefined) throw new RangeError("there is nothing to choose from");
      return item;
    },
    percent: (often) => next() * 100 < often,
  };
}
