// The reversals that are owed: what must not stand is reversed until the gateway acknowledges it or refuses for good.

import type { PublicCode, RetryClass, ReversalAnswer, ReversalRequest } from "@pass-tpe/protocol";
import type { TerminalClock } from "../clock.js";
import type { EventHub } from "../events.js";
import { appendOrReport } from "./append-or-report.js";
import type { Exchange } from "./exchange.js";
import type { Journal } from "./journal.js";
import type { ReversalDoneRecord } from "./journal-records.js";
import type { JournalAttempt } from "./journal-state.js";
import { type OwedEnd, OwedQueue, type OwedWork, type Said } from "./owed-queue.js";
import { verdictOf } from "./verdict.js";

export type ReversalEnd = OwedEnd<ReversalAnswer>;
export type OwedReversals = OwedQueue<ReversalAnswer>;

/** A queue whose debts are sales: their attempt without an answer, or `reversalOwed`, is in the journal. */
export function owedReversals(options: {
  /** Sends one reversal. */
  send: (reversal: { id: string } & ReversalRequest) => Promise<Exchange<ReversalAnswer>>;
  journal: Journal;
  clock: TerminalClock;
  hub: EventHub;
  /** Hears of each that has ended for good, once the journal knows. */
  onEnded: (id: string) => void;
}): OwedReversals {
  const { send, journal, clock, hub, onEnded } = options;
  const reasonOf = (id: string) => reversalReason(journal.find(id));
  const work: OwedWork<ReversalAnswer> = {
    send: (id) => send({ id, reason: reasonOf(id) }),
    isLastWord: (said, id) => isLastWord(said, reasonOf(id)),
    onOwed: (owed) => hub.emit("reversalOwed", owed),
    onRefusedForNow: (refused) => hub.emit("reversalRefused", { ...refused, final: false }),
    onEnd: async (id, end) => {
      const atMs = clock.nowMs();
      if (end.kind === "done") {
        const record = reversalDoneRecord({ id, atMs, answer: end.answer });
        await appendOrReport({ journal, hub, record });
        hub.emit("reversalDone", { id, code: end.answer.code });
      } else {
        const { code } = end.said.kind === "answer" ? end.said.body : end.said.problem;
        const record = { type: "reversalRefused", id, atMs } as const;
        const kept = appendOrReport({ journal, hub, record });
        hub.emit("reversalRefused", { id, code, final: true });
        await kept;
      }
      onEnded(id);
    },
  };
  return new OwedQueue({ work, journal, clock });
}

/** A reversal that was made, as the journal keeps it. */
export function reversalDoneRecord(options: {
  id: string;
  atMs: number;
  answer: {
    readonly decidedAtMs: number;
    readonly returned?: { readonly value: number } | undefined;
  };
}): ReversalDoneRecord {
  const { id, atMs, answer } = options;
  const { decidedAtMs, returned } = answer;
  const given = returned === undefined ? {} : { returnedValue: returned.value };
  return { type: "reversalDone", id, atMs, decidedAtMs, ...given };
}

/**
 * A cashier's wish stays one when it is sent again, so that the gateway can refuse what is settled. Only a cashier can
 * ask for the reversal of a sale that the journal does not know.
 */
export function reversalReason(sale: JournalAttempt | undefined): ReversalRequest["reason"] {
  if (sale === undefined) return "manual";
  return sale.reversalOwed?.reason ?? "automatic";
}

/**
 * A refusal that another time could change leaves the debt, and so does a problem: nothing was decided. But a sale that
 * the gateway has not, nobody can reverse by hand.
 */
function isLastWord(said: Said<ReversalAnswer>, reason: ReversalRequest["reason"]): boolean {
  if (said.kind === "problem") {
    return reason === "manual" && said.problem.code === ("ORIGINAL_NOT_FOUND" satisfies PublicCode);
  }
  if (verdictOf(said.body) !== "decided") return false;
  return said.body.outcome === "approved" || said.body.retry === ("NO" satisfies RetryClass);
}
