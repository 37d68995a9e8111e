// The life of what is owed: a line's states and every way from one to another, in one table; nothing else knows them.

import { assert } from "../assert.js";
import type { LineState, Payment } from "./model.js";

const LIFE: Readonly<Record<LineState, readonly LineState[]>> = {
  ACCRUED: ["HELD", "RELEASED"],
  // Held for another reason at the next cut-off.
  HELD: ["HELD", "RELEASED"],
  // A paper can be rejected afterwards, which holds again what is not paid (T-36).
  RELEASED: ["HELD", "RELEASED", "BATCHED"],
  BATCHED: ["PAID", "REJECTED"],
  // A bank may return a transfer days after it reported it as settled (pacs.004 behind a pain.002).
  PAID: ["REJECTED"],
  // Returned by the bank: open again, and looked at like any other.
  REJECTED: ["HELD", "RELEASED"],
};

/** In no payment: each cut-off looks at them again. */
export const OPEN_STATES: readonly LineState[] = ["ACCRUED", "HELD", "RELEASED", "REJECTED"];

/** Whether a line can go from one state straight to another. */
export function canGo(way: { readonly from: LineState; readonly to: LineState }): boolean {
  return LIFE[way.from].includes(way.to);
}

/** @throws BugError where no way leads through these states, one after the other. */
export function assertWay(...states: readonly LineState[]): void {
  for (const [index, to] of states.entries()) {
    const from = states[index - 1];
    assert(from === undefined || canGo({ from, to }), `no line goes from ${from} to ${to}`);
  }
}

/** What a bank's word on a payment does to it: it is as its lines are. */
export function heard(
  state: Payment["state"],
  word: "PAID" | "REJECTED",
): "applied" | "unchanged" | "contradiction" {
  if (state === word) return "unchanged";
  return canGo({ from: state, to: word }) ? "applied" : "contradiction";
}
