// Sends an owed capture on; where its sale is reversed meanwhile, asks what had become of it instead.

import type { CaptureAnswer, PublicCode } from "@pass-tpe/protocol";
import type { TerminalClock } from "../clock.js";
import type { EventHub } from "../events.js";
import { partsOf } from "./after-sale-records.js";
import { appendOrReport } from "./append-or-report.js";
import type { GatewayClient } from "./gateway.js";
import type { Journal } from "./journal.js";
import { type JournalAttempt, owesReversal } from "./journal-state.js";
import type { Sent } from "./owed-queue.js";
import { recordsOfStatus } from "./status-records.js";

const REVERSED: PublicCode = "ALREADY_REVERSED";

interface Parts {
  readonly gateway: Pick<GatewayClient, "capture" | "status">;
  readonly journal: Journal;
  readonly clock: TerminalClock;
  readonly hub: EventHub;
  /** For one request. */
  readonly timeoutMs: number;
}

/**
 * One try. What is to be given back is not taken: while the sale's reversal is owed nothing is sent, and once it is done
 * the gateway is only asked for its record of the sale.
 */
export async function sendCapture(parts: Parts, id: string): Promise<Sent<CaptureAnswer>> {
  const { gateway, journal, timeoutMs } = parts;
  const sale = journal.find(id);
  if (sale?.captureOwed === undefined) return { kind: "over" };
  if (owesReversal(sale)) return { kind: "rests" };
  if (sale.reversalDone !== undefined) {
    return sale.captured === undefined ? endReversed(parts, sale) : endAfterCapture(parts, id);
  }
  const exchange = await gateway.capture({ id, ...partsOf(sale.captureOwed) }, timeoutMs);
  const isReversed = exchange.kind === "answer" && exchange.body.code === REVERSED;
  return isReversed ? endReversed(parts, sale) : exchange;
}

/** Another call was told that it is made, and the reversal came after that: there is nothing more to tell. */
async function endAfterCapture({ journal, clock, hub }: Parts, id: string): Promise<Sent<never>> {
  await appendOrReport({
    journal,
    hub,
    record: { type: "captureRefused", id, atMs: clock.nowMs() },
  });
  return { kind: "over" };
}

/**
 * A capture whose answer was lost may have been made, and refunded, before the sale was reversed: the journal learns of
 * it, or the day's totals would hold the refund alone. What a gateway that was restored still holds lapses there.
 */
async function endReversed(
  { gateway, journal, clock, hub, timeoutMs }: Parts,
  sale: JournalAttempt,
): Promise<Sent<CaptureAnswer>> {
  const { id } = sale.attempt;
  const asked = await gateway.status(id, timeoutMs);
  const isUnknown = asked.kind === "problem" && asked.status === 404;
  if (asked.kind !== "answer" && !isUnknown) return asked;
  if (asked.kind === "answer" && asked.body.state === "held") return { kind: "rests" };
  const atMs = clock.nowMs();
  const status = asked.kind === "answer" ? recordsOfStatus({ status: asked.body, sale, atMs }) : [];
  const records = [...status, { type: "captureRefused", id, atMs } as const];
  const kept = records.map((record) => appendOrReport({ journal, hub, record }));
  hub.emit("captureRefused", { id, code: REVERSED, final: true });
  await Promise.all(kept);
  return { kind: "over" };
}
