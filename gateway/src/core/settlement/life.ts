// The life of what is owed: a line's states and every way from one to another, in one table; nothing else knows them.

import { assert } from "../assert.js";
import type { LineState, Payment } from "./model.js";
import type { BankWord } from "./ports.js";

const LIFE: Readonly<Record<LineState, readonly LineState[]>> = {
  ACCRUED: ["HELD", "RELEASED"],
  // Held for another reason at the next cut-off. From every open state: its payment was returned by mistake, and stands.
  HELD: ["HELD", "RELEASED", "PAID"],
  // A paper can be rejected afterwards, which holds again what is not paid (T-36).
  RELEASED: ["HELD", "RELEASED", "BATCHED", "PAID"],
  BATCHED: ["PAID", "REJECTED"],
  // A bank may return a transfer days after it reported it as settled (pacs.004 behind a pain.002).
  PAID: ["REJECTED"],
  // Returned by the bank: open again, and looked at like any other.
  REJECTED: ["HELD", "RELEASED", "PAID"],
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

/** Where a payment stands when its bank is heard. */
export interface Standing {
  readonly state: Payment["state"];
  /** When the bank made the last report that was heard of it, Unix milliseconds; null before the first. */
  readonly saidAtMs: number | null;
  /** Returned, and each of its lines is in no payment and in no accounts as returned: it could stand after all. */
  readonly canPutRight: boolean;
  /** The states of the payments of its message, its own too, without those that this very report spoke of already. */
  readonly ofMessage: ReadonlySet<Payment["state"]>;
}

/**
 * What a bank's word does to a payment. Reports are read in any order and more than once: the one that the bank made
 * last counts. What says that money came back is believed where paying again could not be paying twice, and no sooner.
 */
export function heard(
  standing: Standing,
  word: Pick<BankWord, "status" | "about" | "saidAtMs">,
): "applied" | "unchanged" | "contradiction" {
  const { state, saidAtMs } = standing;
  if (state === word.status) return "unchanged";
  if (saidAtMs !== null && word.saidAtMs < saidAtMs) return "unchanged";
  const isSameReport = saidAtMs === word.saidAtMs;
  return isSameReport || !isBelieved(standing, word) ? "contradiction" : "applied";
}

function isBelieved(
  { state, canPutRight, ofMessage }: Standing,
  { status, about }: Pick<BankWord, "status" | "about">,
): boolean {
  if (about === "copy" || !canGo({ from: state, to: status })) return false;
  const isOfMessage = about === "message";
  // A file of which one payment went out was not rejected as a whole: it was sent twice.
  if (status === "REJECTED") return !(isOfMessage && ofMessage.has("PAID"));
  if (state !== "REJECTED") return true;
  // What is said of the whole does not take back what was said of one of its payments.
  const isWholeReturned = ofMessage.size === 1;
  return canPutRight && (!isOfMessage || isWholeReturned);
}
