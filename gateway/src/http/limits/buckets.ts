// Token buckets by name: so many at once, then one each interval; without timers, one number for each name.

import { createRecent } from "./recent.js";

export interface BucketOptions {
  /** How many pass at once after a silence. */
  readonly burst: number;
  /** One more passes each time so many milliseconds are over. */
  readonly intervalMs: number;
  /**
   * The most names that are remembered. Who is forgotten has a full bucket again: let it be more than can be named
   * while a bucket fills.
   */
  readonly keysMax: number;
}

export interface Buckets {
  /**
   * Takes a token of a bucket, if there is one.
   *
   * @param nowMs a clock that never goes back, in milliseconds.
   * @returns zero where there was, else after how many whole milliseconds there will be.
   */
  take(key: string, nowMs: number): number;
}

/** Builds the buckets, all of them full. */
export function createBuckets({ burst, intervalMs, keysMax }: BucketOptions): Buckets {
  /** When each bucket will be full again; that alone says how full it is now. */
  const fullAtMs = createRecent<number>(keysMax);
  const aheadMaxMs = (burst - 1) * intervalMs;
  return {
    take(key, nowMs) {
      const fullAt = Math.max(fullAtMs.get(key) ?? nowMs, nowMs);
      const waitMs = fullAt - nowMs - aheadMaxMs;
      const isFree = waitMs <= 0;
      fullAtMs.put(key, isFree ? fullAt + intervalMs : fullAt);
      return isFree ? 0 : Math.ceil(waitMs);
    },
  };
}
