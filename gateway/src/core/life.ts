// The life of a sale: its states and every way from one to another, in one table; nothing else knows them.

import type { OutcomeCode } from "@pass-tpe/protocol";

/** What has become of a sale. `approved`: what it took is taken; `held`: it waits for its capture. */
export type SaleState = "held" | "approved" | "declined" | "reversed" | "expired";

/** What can be done with a sale after its decision. */
export type Move = "capture" | "expire" | "reverse" | "refund";

/** Where a move leads, or why it is refused. */
type Way = { readonly to: SaleState } | { readonly refused: OutcomeCode };

const LIFE: Readonly<Record<SaleState, Readonly<Record<Move, Way | null>>>> = {
  held: {
    capture: { to: "approved" },
    expire: { to: "expired" },
    reverse: { to: "reversed" },
    refund: { refused: "NOTHING_TO_REFUND" },
  },
  approved: {
    capture: { refused: "NOTHING_TO_CAPTURE" },
    expire: null,
    reverse: { to: "reversed" },
    refund: { to: "approved" },
  },
  // What was declined can be reversed too: a terminal in doubt does not know that it was.
  declined: {
    capture: { refused: "NOTHING_TO_CAPTURE" },
    expire: null,
    reverse: { to: "reversed" },
    refund: { refused: "NOTHING_TO_REFUND" },
  },
  reversed: {
    capture: { refused: "ALREADY_REVERSED" },
    expire: null,
    reverse: { to: "reversed" },
    refund: { refused: "ALREADY_REVERSED" },
  },
  expired: {
    capture: { refused: "HOLD_EXPIRED" },
    expire: null,
    reverse: { to: "reversed" },
    refund: { refused: "NOTHING_TO_REFUND" },
  },
};

/** Where a move leads from a state, or why it is refused; null where nobody can ask for it. */
export function wayOf(state: SaleState, move: Move): Way | null {
  return LIFE[state][move];
}

/** A held sale is expired from the very instant on that its hold names, whether or not that was written. */
export function stateAt(
  state: SaleState,
  holdExpiresAtMs: number | null,
  nowMs: number,
): SaleState {
  const isOver = state === "held" && holdExpiresAtMs !== null && nowMs >= holdExpiresAtMs;
  return isOver ? "expired" : state;
}
