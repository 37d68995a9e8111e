// Token buckets by name: so many at once, then one each interval; without timers, one number for each name.

import type { Bucket } from "../../core/shared-limits.js";
import { createRecent } from "./recent.js";

export interface BucketOptions extends Bucket {
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

/** After how many whole milliseconds a bucket that is full again at an instant has one token more; zero where it has one now. */
export function waitMsOf({ burst, intervalMs }: Bucket, fullAtMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil(fullAtMs - nowMs - (burst - 1) * intervalMs));
}

/** Builds the buckets, all of them full. */
export function createBuckets({ keysMax, ...bucket }: BucketOptions): Buckets {
  /** When each bucket will be full again; that alone says how full it is now. */
  const fullAtMs = createRecent<number>(keysMax);
  return {
    take(key, nowMs) {
      const fullAt = Math.max(fullAtMs.get(key) ?? nowMs, nowMs);
      const waitMs = waitMsOf(bucket, fullAt, nowMs);
      fullAtMs.put(key, waitMs === 0 ? fullAt + bucket.intervalMs : fullAt);
      return waitMs;
    },
  };
}
