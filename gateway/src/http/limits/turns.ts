// Takes turns by name, of this gateway's memory and then of what gateways share, where they do.

import type { Clock } from "../../core/ports.js";
import type { SharedLimits } from "../../core/shared-limits.js";
import { type BucketOptions, createBuckets } from "./buckets.js";
import { takeForEach } from "./shared-turns.js";

/** How long whoever asks must wait, in milliseconds; zero where there was a turn. */
export type TakeTurn = (key: string) => number | Promise<number>;

export interface TurnsOptions {
  /** What is limited: names in it are others than those in anything else. */
  readonly what: string;
  readonly bucket: BucketOptions;
  readonly clock: Pick<Clock, "monotonicMs" | "nowMs">;
  /** Undefined where there is one gateway. */
  readonly sharedLimits: SharedLimits | undefined;
}

/**
 * Builds what takes turns. Whom the memory refuses asks nothing of the database, so that no crowd of strangers loads it.
 *
 * @returns what rejects as {@link SharedLimits} does, where there are some.
 */
export function createTurns({ what, bucket, clock, sharedLimits }: TurnsOptions): TakeTurn {
  const own = createBuckets(bucket);
  const takeOwn = (key: string) => own.take(key, clock.monotonicMs());
  if (sharedLimits === undefined) return takeOwn;
  return async (key) => {
    const waitMs = takeOwn(key);
    if (waitMs > 0) return waitMs;
    const keys = [`${what} ${key}`];
    const [sharedMs = 0] = await takeForEach(sharedLimits, keys, { bucket, nowMs: clock.nowMs() });
    return sharedMs;
  };
}
