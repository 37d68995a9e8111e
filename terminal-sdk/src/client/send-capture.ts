// Sends a capture; where its sale is reversed, asks whether it had been made before, for the till's books.

import type { CaptureAnswer, PublicCode } from "@pass-tpe/protocol";
import type { TerminalClock } from "../clock.js";
import type { EventHub } from "../events.js";
import { appendOrReport } from "./append-or-report.js";
import type { Exchange } from "./exchange.js";
import type { GatewayClient } from "./gateway.js";
import type { Journal } from "./journal.js";
import { recordsOfStatus } from "./status-records.js";

/** Of a reversed sale the gateway says no more than this. */
const REVERSED: PublicCode = "ALREADY_REVERSED";

/**
 * One try. A capture whose answer was lost may have been made, and refunded, before the sale was reversed: the journal
 * then learns of both moves, or the day's totals would hold the refund alone.
 */
export async function sendCapture(
  parts: {
    gateway: Pick<GatewayClient, "capture" | "status">;
    journal: Journal;
    clock: TerminalClock;
    hub: EventHub;
  },
  request: { id: string; part: { amountCents?: number; quantity?: number }; timeoutMs: number },
): Promise<Exchange<CaptureAnswer>> {
  const { gateway, journal, clock, hub } = parts;
  const { id, part, timeoutMs } = request;
  const exchange = await gateway.capture({ id, ...part }, timeoutMs);
  const sale = journal.find(id);
  if (exchange.kind !== "answer" || exchange.body.code !== REVERSED) return exchange;
  if (sale === undefined || sale.captured !== undefined) return exchange;
  const asked = await gateway.status(id, timeoutMs);
  // The capture has its answer only together with this one: until then it is asked for again.
  if (asked.kind !== "answer") return asked;
  for (const record of recordsOfStatus({ status: asked.body, sale, atMs: clock.nowMs() })) {
    await appendOrReport({ journal, hub, record });
  }
  return exchange;
}
