// Takes turns for several who come at a time, of buckets that gateways share: who came first has the turns that there are.

import type { Bucket, SharedLimits } from "../../core/shared-limits.js";
import { waitMsOf } from "./buckets.js";

/**
 * Takes a turn for each of them, in their order.
 *
 * @param keys the bucket of each; several may ask for the same.
 * @returns how long each must wait, in milliseconds; zero where it has its turn.
 * @throws what {@link SharedLimits} does.
 */
export async function takeForEach(
  shared: Pick<SharedLimits, "takeTurns">,
  keys: readonly string[],
  { bucket, nowMs }: { readonly bucket: Bucket; readonly nowMs: number },
): Promise<readonly number[]> {
  const turns = new Map<string, number>();
  for (const key of keys) turns.set(key, (turns.get(key) ?? 0) + 1);
  if (turns.size === 0) return [];
  const wanted = [...turns].map(([key, count]) => ({ key, turns: count }));
  const taken = await shared.takeTurns(wanted, bucket, nowMs);
  const left = new Map(wanted.map(({ key }, at) => [key, taken[at]?.passed ?? 0]));
  const fullAtMs = new Map(wanted.map(({ key }, at) => [key, taken[at]?.fullAtMs ?? nowMs]));
  return keys.map((key) => {
    const passed = left.get(key) ?? 0;
    left.set(key, passed - 1);
    if (passed > 0) return 0;
    // Never zero, however a fraction is rounded: who has no turn waits.
    return Math.max(1, waitMsOf(bucket, fullAtMs.get(key) ?? nowMs, nowMs));
  });
}
