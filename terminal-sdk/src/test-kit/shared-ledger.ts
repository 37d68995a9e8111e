// What the gateway holds of the sales of tills that share a journal, what those tills were shown, and whether both agree.

import type { JournalAttempt } from "../client/journal-state.js";
import { isHeld } from "../client/journal-state.js";
import { approval, capture, decision } from "./fake-gateway.js";

type State = "approved" | "held" | "reversed";

/** Longer than any test. */
const HOLD_EXPIRES_AT_MS = 9_999_999_999_999;

/** What the gateway holds of a sale. An id that was reversed before it came is never approved. */
export class Ledger {
  readonly states = new Map<string, State>();
  readonly #holds = new Set<string>();

  authorize({ id, capture: isFinal = true }: { id: string; capture?: boolean | undefined }) {
    if (this.states.get(id) === "reversed") return declined(id, "REVERSED");
    if (!isFinal) this.#holds.add(id);
    if (!this.states.has(id)) this.states.set(id, isFinal ? "approved" : "held");
    return this.#approval(id);
  }

  capture(id: string): Record<string, unknown> {
    if (this.states.get(id) === "reversed") return declined(id, "ALREADY_REVERSED");
    this.states.set(id, "approved");
    return capture(id);
  }

  reverse(id: string): Record<string, unknown> {
    this.states.set(id, "reversed");
    return decision(id, "REVERSED", { outcome: "approved", iso39: "00", retry: "NONE" });
  }

  status(id: string): Record<string, unknown> {
    const state = this.states.get(id);
    const isCaptured = state === "approved" && this.#holds.has(id);
    const taken = isCaptured ? { capture: capture(id) } : {};
    return { id, state, answer: this.#approval(id), ...taken };
  }

  #approval(id: string): Record<string, unknown> {
    if (!this.#holds.has(id)) return approval(id);
    return { ...approval(id), code: "APPROVED_HELD", holdExpiresAtMs: HOLD_EXPIRES_AT_MS };
  }
}

function declined(id: string, code: string): Record<string, unknown> {
  const refused = { outcome: "declined", iso39: "12", retry: "NO" };
  return { ...decision(id, code, refused), avantage: "SPECTACLE" };
}

/**
 * What a till was last shown of a sale, and which states that leaves open in the end. What was begun and not ended, or not
 * sent because another till has the journal, may be done or not.
 */
const MAY_BE = {
  approved: ["approved"],
  held: ["held"],
  declined: ["reversed", "unheard of"],
  /** And what stands, if another till is told of it. */
  unknown: ["reversed", "unheard of"],
  "reversal begun": ["approved", "held", "reversed"],
  "reversal owed": ["reversed"],
  reversed: ["reversed"],
  "capture begun": ["held", "approved"],
  "capture owed": ["approved"],
} as const satisfies Record<string, readonly (State | "unheard of")[]>;

export type Shown = keyof typeof MAY_BE;

/** What the tills were shown of each sale. */
export class Account {
  readonly shown = new Map<string, Shown>();
  readonly recovered = new Set<string>();
  readonly takenOver: ("asked" | "lapsed")[] = [];
  /** What a till threw that no till may throw. */
  readonly broken: string[] = [];

  /** What is wrong, in words; empty where the money is right, and the journal knows it. */
  faults(ledger: Ledger, journal: readonly JournalAttempt[]): string[] {
    const faults: string[] = [];
    for (const [id, shown] of this.shown) {
      const state = ledger.states.get(id) ?? "unheard of";
      const isTold = shown === "unknown" && this.recovered.has(id);
      const open: readonly string[] = MAY_BE[shown];
      if (!open.includes(state) && !isTold) faults.push(`${id} shown as ${shown}, and ${state}`);
    }
    for (const [id, state] of ledger.states) {
      if (state === "reversed" || this.shown.has(id) || this.recovered.has(id)) continue;
      faults.push(`${id} ${state}, and nobody was told`);
    }
    for (const sale of journal) {
      const { id } = sale.attempt;
      const [known, state] = [knownOf(sale), ledger.states.get(id)];
      if (known !== null && known !== state) faults.push(`${id} ${known} in the journal: ${state}`);
    }
    return faults;
  }
}

/** What a journal says that a sale is; null where it never was anything. */
function knownOf(sale: JournalAttempt): State | null {
  if (sale.reversalDone !== undefined) return "reversed";
  if (sale.answer?.outcome !== "approved") return null;
  return isHeld(sale) ? "held" : "approved";
}
