// Writes down what the SDK tells a till by events: what became of doubts, and what an earlier run left.

import type { Journal, RecoveredSale, Terminal } from "@pass-tpe/terminal-sdk";
import type { SaleRef } from "../checker/facts.js";
import type { News } from "./fact-file.js";
import type { TillMemory } from "./till-memory.js";
import type { WireBook } from "./wire-book.js";

export interface TillTeller {
  readonly terminal: string;
  readonly memory: TillMemory;
  /** What this process saw of its own wire, and earlier ones of the till of theirs. */
  readonly wire: Pick<WireBook, "mayBeDecided">;
  tell(news: News): void;
}

/**
 * Listens to a terminal that was opened just now.
 *
 * @param options.onRecovered the till's word on it is still to be given.
 */
export function writeEvents(
  terminal: Terminal,
  options: TillTeller & { readonly onRecovered: (sale: RecoveredSale) => void },
): void {
  const { memory, tell, onRecovered } = options;
  const refOf = (id: string): SaleRef => ({ terminal: options.terminal, id });
  const ended = (id: string, code: string) => {
    if (memory.isInDoubt(id)) tell({ type: "resolved", sale: refOf(id), code });
  };
  terminal.on("recovered", (sale) => {
    const units = sale.amountCents ?? sale.quantity ?? 0;
    tell({ type: "recovered", sale: refOf(sale.id), units, holds: sale.hold !== undefined });
    onRecovered(sale);
  });
  terminal.on("unknownResolved", ({ id, code }) => ended(id, code));
  terminal.on("reversalDone", ({ id, code }) => {
    ended(id, code);
    if (memory.hasAskedToReverse(id)) tell(doneWith("reversal", refOf(id), { code }));
  });
  terminal.on("reversalRefused", ({ id, code, final }) => {
    if (final) tell(refused("reversal", refOf(id), { code }));
  });
  terminal.on("captureDone", ({ id, code, amountCents, quantity }) => {
    tell(doneWith("capture", refOf(id), { code, units: amountCents ?? quantity ?? 0 }));
  });
  terminal.on("captureRefused", ({ id, code, final }) => {
    if (final) tell(refused("capture", refOf(id), { code }));
  });
  terminal.on("refundDone", ({ id, of, code, returned }) => {
    const units = returned?.value ?? 0;
    tell(doneWith("refund", refOf(of), { code, units, operation: id }));
    // It is told at each start until the till has taken note of it.
    void terminal.acknowledge(id);
  });
  terminal.on("refundRefused", ({ id, of, code, final }) => {
    if (final) tell(refused("refund", refOf(of), { code, operation: id }));
  });
}

/**
 * A terminal that has declined a sale by itself, and was killed before the till heard of it, says so by its journal alone:
 * nothing of it was sent that could be decided, and nothing is reversed.
 *
 * To tell it excuses the sale from the rule that a crash leaves a decision or a reversal in the ledger, and holds it to
 * the one that nothing of a declined sale stands. The journal's word alone is not enough for that: it is the SDK's, which is
 * on trial. The wire has to say so too.
 */
export function tellWhatTheJournalDeclined(
  journal: Journal,
  { terminal, memory, wire, tell }: TillTeller,
) {
  for (const id of memory.untold()) {
    const answer = journal.find(id)?.answer;
    if (answer?.outcome !== "declined" || wire.mayBeDecided(id)) continue;
    const nothing = { outcome: "declined", moneyMoved: "no", units: 0, holds: false } as const;
    tell({ type: "told", sale: { terminal, id }, code: answer.code, ...nothing });
  }
}

type What = "capture" | "refund" | "reversal";
interface Said {
  readonly code: string;
  readonly units?: number;
  readonly operation?: string;
}

/** The till was told that it is done. */
export function doneWith(what: What, sale: SaleRef, said: Said): News {
  const { code, units = 0, operation = null } = said;
  return { type: "done", what, sale, operation, outcome: "done", code, units };
}

/** The till was told that it will never be done. */
export function refused(what: What, sale: SaleRef, said: Said): News {
  const { code, operation = null } = said;
  return { type: "done", what, sale, operation, outcome: "declined", code, units: 0 };
}

/** The till was told that nobody knows yet. */
export function unknown(what: What, sale: SaleRef, said: Said): News {
  const { code, operation = null } = said;
  return { type: "done", what, sale, operation, outcome: "unknown", code, units: 0 };
}
