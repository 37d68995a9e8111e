// How many requests one address may send: one machine does not try the dossiers of a whole Région one after the other.

import { createBuckets } from "./buckets.js";
import { networkOf } from "./network.js";

/** The most addresses that are remembered; beyond this, who was silent longest is forgotten. */
const ADDRESSES_MAX = 10_000;
const MINUTE_MS = 60_000;

export interface AddressLimit {
  /** How long the address must wait, in milliseconds; zero where its request may pass. */
  take(address: string): number;
}

/**
 * Builds a limit in memory: a minute's worth at once, and then as many a minute.
 *
 * @param nowMs a clock that never goes back, in milliseconds.
 */
export function createAddressLimit(options: {
  readonly perMinute: number;
  readonly nowMs: () => number;
}): AddressLimit {
  const { perMinute, nowMs } = options;
  const buckets = createBuckets({
    burst: perMinute,
    intervalMs: MINUTE_MS / perMinute,
    keysMax: ADDRESSES_MAX,
  });
  return { take: (address) => buckets.take(networkOf(address), nowMs()) };
}
