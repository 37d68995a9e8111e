// The operating system's randomness, asked for in larger pieces: one question costs more than a thousand bytes.

import { randomBytes } from "node:crypto";
import type { Random } from "./core/ports.js";

const POOL_BYTES = 4_096;

/** Builds a source. Each byte is given out once, in memory of its own, and is gone from the pool. */
export function createSystemRandom(draw: (count: number) => Buffer = randomBytes): Random {
  let pool: Buffer = Buffer.alloc(0);
  return {
    bytes(count) {
      if (count > POOL_BYTES) return draw(count);
      if (pool.length < count) pool = draw(POOL_BYTES);
      const given = Buffer.from(pool.subarray(0, count));
      pool.fill(0, 0, count);
      pool = pool.subarray(count);
      return given;
    },
  };
}

export const systemRandom: Random = createSystemRandom();
