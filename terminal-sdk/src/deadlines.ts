// Every time limit of the terminal, by name; an integrator may change them.

import { GATEWAY_DEADLINE_MS, SALE_DEADLINE_MS } from "@pass-tpe/protocol";

export interface Deadlines {
  /** From the journal to the result: past it a sale is `unknown`. */
  readonly saleMs: number;
  /** One try; shorter than the sale, so that a lost packet is followed by a repeat of the same id. */
  readonly tryMs: number;
  /** The gateway is given this much less than what is left of the sale, so that no late approval is made. */
  readonly marginMs: number;
  /** How long the readers wait for a card. */
  readonly readMs: number;
  /** How long the PIN pad waits for the holder; after a tap no longer than its `proofRef` lives. */
  readonly pinMs: number;
  /** How long `open`, and a sale that has no profile yet, wait for the terminal's profile. */
  readonly profileMs: number;
  /** One try of an owed reversal. */
  readonly reversalMs: number;
  /** Between two checks that the gateway is there, which also keep a connection open. */
  readonly heartbeatMs: number;
}

export const DEFAULT_DEADLINES: Deadlines = {
  saleMs: SALE_DEADLINE_MS,
  tryMs: 2_000,
  marginMs: SALE_DEADLINE_MS - GATEWAY_DEADLINE_MS,
  readMs: 60_000,
  pinMs: 60_000,
  profileMs: 2_000,
  reversalMs: 4_000,
  heartbeatMs: 30_000,
};
