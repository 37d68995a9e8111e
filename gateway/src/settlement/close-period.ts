// Closes a period: everything that moved becomes lines, partner after partner is settled, and the files are kept.

import type { Payer } from "../core/programme.js";
import type { Payment, Settlement } from "../core/settlement/model.js";
import type { MadeFiles, SettlementResult, SettlementStore } from "../core/settlement/ports.js";
import { type Cutoffs, createCutoffs, type Period } from "./calendar.js";
import type { ChargedPayment } from "./files/accounts-csv.js";
import { labelsOf } from "./labels.js";
import type { SettlementsOptions } from "./options.js";
import { reportOf } from "./report.js";

/** The most steps of one accrual: some fifty million rows. A ledger with more is accrued by settling again. */
const ACCRUAL_STEPS_MAX = 100_000;

/** How often the files are made again because another run added payments or booked returns meanwhile. */
const FILE_TRIES_MAX = 10;

/** Turns everything that moved until now into lines. */
export async function accrueAll(store: Pick<SettlementStore, "accrue">): Promise<void> {
  for (let step = 0; step < ACCRUAL_STEPS_MAX; step += 1) {
    if (!(await store.accrue()).more) return;
  }
  throw new Error(
    "more moved than one settlement can take up; operator: settle the same day again",
  );
}

/**
 * Builds what closes a period. Stopped anywhere, and done again, it goes on; what is done is found done. One that was
 * begun and forgotten is closed with the next: what is in its payments would never reach a bank.
 */
export function createClosing(
  options: SettlementsOptions,
): (lastDay: string) => Promise<SettlementResult> {
  const { store, files, programme, clock, onPartner } = options;
  const { lastWeekday, payer } = programme.settings.settlement;
  const cutoffs: Cutoffs = createCutoffs(lastWeekday);
  const labels = labelsOf(programme);

  async function settlePartners({ lastDay }: Settlement): Promise<void> {
    const partners = await store.partnersToSettle(lastDay);
    for (const [index, partnerId] of partners.entries()) {
      const outcome = await store.settlePartner({ settlement: lastDay, partnerId });
      onPartner?.({ lastDay, partnerId, outcome, done: index + 1, of: partners.length });
    }
  }

  async function charged(payments: readonly Payment[]): Promise<readonly ChargedPayment[]> {
    const found: ChargedPayment[] = [];
    for (const payment of payments) found.push({ payment, charges: await store.charges(payment) });
    return found;
  }

  async function makeFiles(lastDay: string, by: Payer): Promise<MadeFiles> {
    const payments = await store.payments(lastDay);
    const returns = await store.returnsToBook();
    const booked = { payments: await charged(payments), returns: await charged(returns) };
    const madeAtMs = clock.nowMs();
    return {
      file:
        payments.length === 0
          ? new Uint8Array(0)
          : await files.paymentFile({ lastDay, madeAtMs, payments, payer: by }),
      accounts: files.accountsCsv({ lastDay, labels, ...booked }),
      payments: payments.length,
      returns,
    };
  }

  async function close(settlement: Settlement, by: Payer): Promise<Settlement> {
    const { lastDay } = settlement;
    await settlePartners(settlement);
    for (let tries = 0; tries < FILE_TRIES_MAX; tries += 1) {
      const kept = await store.fileSettlement(lastDay, await makeFiles(lastDay, by));
      if (kept.state === "filed") return kept;
    }
    throw new Error(`other runs kept adding to ${lastDay}; operator: settle it again`);
  }

  async function closeEarlier(cutoffMs: number, by: Payer): Promise<void> {
    for (const settlement of await store.settlements()) {
      const isOpen = settlement.state === "open" && settlement.cutoffMs < cutoffMs;
      if (isOpen) await close(settlement, by);
    }
  }

  return async (lastDay) => {
    const before = await store.settlement(lastDay);
    if (before?.state === "filed") return settled(await reportOf(store, before));
    const period = before ?? cutoffs.periodEndingOn(lastDay);
    const refusal = refusalOf(period, lastDay);
    if (refusal || period === null || payer === null) return refusal ?? noPayer();
    await accrueAll(store);
    const { cutoffMs } = period;
    await closeEarlier(cutoffMs, payer);
    const settlement = await store.beginSettlement({ lastDay, cutoffMs });
    return settled(await reportOf(store, await close(settlement, payer)));
  };

  function refusalOf(period: Period | null, lastDay: string): SettlementResult | null {
    const now = clock.nowMs();
    if (period === null) {
      const detail = `no period ends on ${lastDay}: the last one that is over ended on ${cutoffs.lastClosed(now).lastDay}`;
      return { type: "refused", code: "NOT_A_CUTOFF", detail };
    }
    if (now >= period.cutoffMs) return null;
    const detail = `the period is not over before the end of ${lastDay}, in Paris`;
    return { type: "refused", code: "NOT_OVER", detail };
  }
}

const settled = (
  report: Extract<SettlementResult, { type: "settled" }>["report"],
): SettlementResult => ({ type: "settled", report });

const noPayer = (): SettlementResult => ({
  type: "refused",
  code: "NO_PAYER",
  detail: "the programme names no payer: add settings.settlement.payer to its file",
});
