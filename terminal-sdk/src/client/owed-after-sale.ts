// The captures and refunds that were begun and got no answer: each is sent again under its id until it gets one.

import type { CaptureAnswer, Decision, PublicCode, RefundAnswer } from "@pass-tpe/protocol";
import type { TerminalClock } from "../clock.js";
import type { EventHub } from "../events.js";
import { capturedRecord, partsOf, refundDoneRecord } from "./after-sale-records.js";
import { appendOrReport } from "./append-or-report.js";
import type { GatewayClient } from "./gateway.js";
import type { Journal } from "./journal.js";
import type { JournalRecord } from "./journal-records.js";
import { OwedQueue, type Said } from "./owed-queue.js";
import { sendCapture } from "./send-capture.js";
import { verdictOf } from "./verdict.js";

export type OwedCaptures = OwedQueue<CaptureAnswer>;
export type OwedRefunds = OwedQueue<RefundAnswer>;

interface Parts {
  readonly gateway: Pick<GatewayClient, "capture" | "refund" | "status">;
  readonly journal: Journal;
  readonly clock: TerminalClock;
  readonly hub: EventHub;
  /** For one try. */
  readonly timeoutMs: number;
}

/** A queue whose debts are held sales with a `captureOwed` in the journal. */
export function owedCaptures({ gateway, journal, clock, hub, timeoutMs }: Parts): OwedCaptures {
  const keep = (record: JournalRecord) => appendOrReport({ journal, hub, record });
  return new OwedQueue<CaptureAnswer>({
    journal,
    clock,
    work: {
      send: (id) => sendCapture({ gateway, journal, clock, hub, timeoutMs }, id),
      isLastWord: endsDebt,
      onOwed: (owed) => hub.emit("captureOwed", owed),
      onRefusedForNow: (refused) => hub.emit("captureRefused", { ...refused, final: false }),
      onEnd: async (id, end) => {
        const atMs = clock.nowMs();
        if (end.kind === "done") {
          const sale = journal.find(id);
          await keep(capturedRecord({ id, atMs, answer: end.answer, sale }));
          hub.emit("captureDone", { id, code: end.answer.code, ...partsOf(end.answer) });
          return;
        }
        const kept = keep({ type: "captureRefused", id, atMs });
        hub.emit("captureRefused", { id, code: codeOf(end.said), final: true });
        await kept;
      },
    },
  });
}

/** A queue whose debts are refunds with a `refundOwed` in the journal, by the refund's own id. */
export function owedRefunds({ gateway, journal, clock, hub, timeoutMs }: Parts): OwedRefunds {
  const keep = (record: JournalRecord) => appendOrReport({ journal, hub, record });
  const saleOf = (id: string) => journal.findRefund(id)?.owed.of ?? "";
  return new OwedQueue<RefundAnswer>({
    journal,
    clock,
    work: {
      send: async (id) => {
        const owed = journal.findRefund(id)?.owed;
        if (owed === undefined) return { kind: "over" };
        return gateway.refund({ of: owed.of, id, ...partsOf(owed) }, timeoutMs);
      },
      isLastWord: endsDebt,
      onOwed: (owed) => hub.emit("refundOwed", { ...owed, of: saleOf(owed.id) }),
      onRefusedForNow: ({ id, code }) =>
        hub.emit("refundRefused", { id, of: saleOf(id), code, final: false }),
      onEnd: async (id, end) => {
        const atMs = clock.nowMs();
        if (end.kind === "done") {
          const { code, of, returned } = end.answer;
          await keep(refundDoneRecord({ atMs, answer: end.answer }));
          hub.emit("refundDone", { id, of, code, ...(returned === undefined ? {} : { returned }) });
          return;
        }
        const kept = keep({ type: "refundRefused", id, atMs });
        hub.emit("refundRefused", { id, of: saleOf(id), code: codeOf(end.said), final: true });
        await kept;
      },
    },
  });
}

/** Problems that say that the gateway has nothing of this debt: no such sale, or its id stands for another request. */
const NOTHING_OF_IT: ReadonlySet<string> = new Set<PublicCode>([
  "ORIGINAL_NOT_FOUND",
  "DUPLICATE_CONFLICT",
]);

/**
 * Whether a debt ends by what the gateway said. Every decision is its last word: what was refused has moved nothing.
 * Any other problem, whatever its HTTP status, may be of a gateway or proxy that is only set up wrongly today.
 */
export function endsDebt(said: Said<Decision>): boolean {
  if (said.kind === "answer") return verdictOf(said.body) === "decided";
  return NOTHING_OF_IT.has(said.problem.code);
}

function codeOf(said: Said<CaptureAnswer | RefundAnswer>): string {
  return said.kind === "answer" ? said.body.code : said.problem.code;
}
