// Closes a till's day: sends what is owed, compares with the gateway, and makes the receipt of it.

import type { TerminalProfile } from "@pass-tpe/protocol";
import { awaitsAcknowledgement, isHeld, type JournalAttempt } from "../client/journal-state.js";
import { pause } from "../clock.js";
import type { TerminalContext } from "../context.js";
import { PassTpeError } from "../errors.js";
import { dayReceipt } from "../receipts/day-receipt.js";
import type { DayReceipt } from "../receipts/receipt.js";
import { dayTotals } from "./day.js";
import { runReconciliation } from "./reconcile.js";
import type { DayFigures, DayReconciliation, DayTotal, OwedCounts } from "./results.js";

export interface DayClosing extends DayFigures {
  /** For the merchant; `receiptLines` makes text of it. */
  readonly receipt: DayReceipt;
}

/** How long the closing waits for what is still owed to the gateway. */
export const CLOSE_SETTLES_MS = 10_000;

/**
 * Closes a day, as often as wanted: it moves nothing.
 *
 * @throws PassTpeError as the comparison does, but for `UNREACHABLE`: then the day is closed without it.
 */
export async function runDayClosing(options: {
  context: TerminalContext;
  profile: TerminalProfile;
  day: string;
}): Promise<DayClosing> {
  const { context, profile, day } = options;
  await settleDebts(context);
  const reconciliation = await compareIfReachable({ context, profile, day });
  const owed = owedCounts(context);
  const netCents = netCentsOf(reconciliation.terminal);
  const figures = { reconciliation, owed, netCents };
  const receipt = dayReceipt({ figures, profile, printedAtMs: context.profile.gatewayNowMs() });
  return { ...figures, receipt };
}

/** Without the gateway the day is closed by the journal alone, and its receipt says so. */
async function compareIfReachable(options: {
  context: TerminalContext;
  profile: TerminalProfile;
  day: string;
}): Promise<DayReconciliation> {
  const { context, profile, day } = options;
  try {
    return await runReconciliation({ context, day });
  } catch (thrown) {
    if (!(thrown instanceof PassTpeError) || thrown.code !== "UNREACHABLE") throw thrown;
    const { totals: terminal } = dayTotals({ ...context, day });
    const held = context.journal.sales().filter((sale) => isWaiting(sale, context)).length;
    const { terminalId } = profile;
    const unknown = { compared: false, agreed: false, concordant: false };
    return { day, terminalId, ...unknown, terminal, gateway: [], held, differences: [] };
  }
}

function isWaiting(sale: JournalAttempt, { profile }: TerminalContext): boolean {
  const { holdExpiresAtMs = 0 } = sale.answer ?? {};
  return isHeld(sale) && awaitsAcknowledgement(sale) && holdExpiresAtMs > profile.gatewayNowMs();
}

async function settleDebts({ owed, captures, refunds, clock }: TerminalContext): Promise<void> {
  const done = new AbortController();
  const settled = Promise.all([owed, captures, refunds].map((queue) => queue.settled()));
  const overdue = pause({ clock, delayMs: CLOSE_SETTLES_MS, signal: done.signal });
  await Promise.race([settled, overdue]);
  done.abort();
}

function owedCounts({ owed, captures, refunds }: TerminalContext): OwedCounts {
  return { reversals: owed.count, captures: captures.count, refunds: refunds.count };
}

/** Only what is in euros can be summed up; seats and coupons are reimbursed by the convention's tariff. */
function netCentsOf(totals: readonly DayTotal[]): number {
  return totals
    .filter(({ unit }) => unit === "EUR_CENT")
    .reduce((sum, { sales, reversals, refunds }) => {
      return sum + sales.value - reversals.value - refunds.value;
    }, 0);
}
