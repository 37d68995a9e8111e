// How many requests one address may send: one machine does not try the dossiers of a whole Région one after the other.

import { networkOf } from "./network.js";
import { createTurns, type TakeTurn, type TurnsOptions } from "./turns.js";

/** The most addresses that are remembered; beyond this, who was silent longest is forgotten. */
const ADDRESSES_MAX = 10_000;
const MINUTE_MS = 60_000;

export interface AddressLimit {
  /** How long the address must wait, in milliseconds; zero where its request may pass. */
  take(address: string): ReturnType<TakeTurn>;
}

/** Builds a limit: a minute's worth at once, and then as many a minute. */
export function createAddressLimit({
  perMinute,
  ...of
}: Omit<TurnsOptions, "bucket"> & { readonly perMinute: number }): AddressLimit {
  const rate = { burst: perMinute, intervalMs: MINUTE_MS / perMinute };
  const take = createTurns({ ...of, bucket: { ...rate, keysMax: ADDRESSES_MAX } });
  return { take: (address) => take(networkOf(address)) };
}
