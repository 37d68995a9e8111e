// The books of reimbursement over a driver: each step stands alone, in one transaction, and can be repeated.

import { assert } from "../../core/assert.js";
import type { HoldReason, Settlement, SettlementLine } from "../../core/settlement/model.js";
import type { LinesQuery, SettlementStore, SettlementSums } from "../../core/settlement/ports.js";
import { createAccrual } from "./accrue.js";
import type { Bundle } from "./driver.js";
import type { SettlementOptions } from "./options.js";
import { readPapers } from "./papers.js";
import { createPartnerStep } from "./settle-partner.js";
import { createStatusStep } from "./status.js";

/** The lines that are read at once; sales come between two pages. */
export const LINES_PER_PAGE = 1_000;

/** Builds the steps. Whatever was stopped between two of them goes on by doing them again. */
export function createSettlementSteps(options: SettlementOptions): SettlementStore {
  const { driver, clock, transact, readAlone } = options;
  const { settlement: books } = driver;
  const accrue = createAccrual(options);
  const settlePartner = createPartnerStep(options);
  const recordStatus = createStatusStep(books);

  async function begun(lastDay: string): Promise<Settlement> {
    const settlement = await books.findSettlement(lastDay);
    assert(settlement, "a settlement is begun before anything is done in it");
    return settlement;
  }

  async function* lines(query: LinesQuery): AsyncIterable<SettlementLine> {
    let afterNo = 0;
    for (;;) {
      const after = afterNo;
      const page = await readAlone(() =>
        books.lines({ ...query, afterNo: after, max: LINES_PER_PAGE }),
      );
      yield* page;
      const last = page.at(-1);
      if (!last || page.length < LINES_PER_PAGE) return;
      afterNo = last.no;
    }
  }

  async function sums(lastDay: string): Promise<SettlementSums | null> {
    const settlement = await books.findSettlement(lastDay);
    if (!settlement) return null;
    const { payments, cents } = await books.paymentSums(lastDay);
    const open = await books.openBundles({ partnerId: null, beforeMs: settlement.cutoffMs });
    return { payments, paidCents: cents, ...standingOf(open) };
  }

  return {
    accrue: () => transact(accrue),
    beginSettlement: ({ lastDay, cutoffMs }) =>
      transact(async () => {
        const before = await books.findSettlement(lastDay);
        if (before) return before;
        const settlement = { lastDay, cutoffMs, createdAtMs: clock.nowMs() };
        await books.addSettlement(settlement);
        return { ...settlement, state: "open" };
      }),
    partnersToSettle: (lastDay) =>
      readAlone(async () => {
        const { cutoffMs } = await begun(lastDay);
        return books.partnersWithOpenLines({ settlement: lastDay, beforeMs: cutoffMs });
      }),
    settlePartner: (key) => transact(() => settlePartner(key)),
    fileSettlement: (lastDay, { file, payments }) =>
      transact(async () => {
        const settlement = await begun(lastDay);
        const isComplete = (await books.paymentSums(lastDay)).payments === payments;
        if (settlement.state === "filed" || !isComplete) return settlement;
        await books.keepFile(lastDay, file);
        return { ...settlement, state: "filed" };
      }),
    settlement: (lastDay) => readAlone(() => books.findSettlement(lastDay)),
    settlements: () => readAlone(() => books.settlements()),
    payments: (lastDay) => readAlone(() => books.payments(lastDay)),
    paymentsOf: (partnerId) => readAlone(() => books.paymentsOf(partnerId)),
    paymentFile: (lastDay) => readAlone(() => books.file(lastDay)),
    sums: (lastDay) => readAlone(() => sums(lastDay)),
    papers: (partnerId) => readAlone(() => readPapers(driver, partnerId)),
    recordStatus: (statuses) => transact(() => recordStatus(statuses)),
    lines,
  };
}

function standingOf(open: readonly Bundle[]): Omit<SettlementSums, "payments" | "paidCents"> {
  const held = open.filter(({ state }) => state === "HELD");
  const carried = open.filter(({ state }) => state !== "HELD");
  const centsOf = (bundles: readonly Bundle[]) =>
    bundles.reduce((sum, { amountCents }) => sum + amountCents, 0);
  const linesHeldBy = (reason: HoldReason) =>
    held.filter(({ holds }) => holds.includes(reason)).reduce((sum, { lines }) => sum + lines, 0);
  return {
    heldCents: centsOf(held),
    carriedCents: centsOf(carried),
    holds: {
      JUSTIFICATIF_MISSING: linesHeldBy("JUSTIFICATIF_MISSING"),
      DECLARATION_MISSING: linesHeldBy("DECLARATION_MISSING"),
      BANK_DETAILS_MISSING: linesHeldBy("BANK_DETAILS_MISSING"),
    },
  };
}
