// The books of reimbursement over a driver: each step stands alone, in one transaction, and can be repeated.

import { assert } from "../../core/assert.js";
import type {
  HoldReason,
  PaymentKey,
  Settlement,
  SettlementLine,
} from "../../core/settlement/model.js";
import { paperRulesOf } from "../../core/settlement/papers.js";
import type {
  LinesQuery,
  MadeFiles,
  SettlementStore,
  SettlementSums,
} from "../../core/settlement/ports.js";
import { settle } from "../../core/settlement/settle.js";
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
  const { driver, programme, clock, transact, readAlone } = options;
  const { settlement: books } = driver;
  const accrue = createAccrual(options);
  const settlePartner = createPartnerStep(options);
  const recordStatus = createStatusStep(books);
  const rules = paperRulesOf(programme);

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
    const { cutoffMs: beforeMs } = settlement;
    const open = await books.openBundles({ partnerId: null, settlement: null, beforeMs });
    return { payments, paidCents: cents, ...standingOf(open) };
  }

  async function balanceCents(partnerId: string): Promise<number> {
    const papers = await readPapers(driver, partnerId);
    if (papers === null) return 0;
    const beforeMs = Number.MAX_SAFE_INTEGER;
    const open = await books.openBundles({ partnerId, settlement: null, beforeMs });
    return settle(open, papers, rules).releasedCents;
  }

  async function keep(lastDay: string, made: MadeFiles): Promise<Settlement> {
    const settlement = await begun(lastDay);
    const isComplete = (await books.paymentSums(lastDay)).payments === made.payments;
    const toBook = new Set((await books.returnsToBook()).map(nameOf));
    const isStillToBook = made.returns.every((key) => toBook.has(nameOf(key)));
    if (settlement.state === "filed" || !isComplete || !isStillToBook) return settlement;
    for (const key of made.returns) await books.bookReturn(key, lastDay);
    await books.keepFiles(lastDay, made);
    return { ...settlement, state: "filed" };
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
    fileSettlement: (lastDay, made) => transact(() => keep(lastDay, made)),
    settlement: (lastDay) => readAlone(() => books.findSettlement(lastDay)),
    settlements: () => readAlone(() => books.settlements()),
    payments: (lastDay) => readAlone(() => books.payments(lastDay)),
    paymentsOf: (query) => readAlone(() => books.paymentsOf(query)),
    charges: (key) => readAlone(() => books.charges(key)),
    returnsToBook: () => readAlone(() => books.returnsToBook()),
    paymentFile: (lastDay) => readAlone(() => books.file(lastDay)),
    accounts: (lastDay) => readAlone(() => books.accounts(lastDay)),
    sums: (lastDay) => readAlone(() => sums(lastDay)),
    papers: (partnerId) => readAlone(() => readPapers(driver, partnerId)),
    balanceCents: (partnerId) => readAlone(() => balanceCents(partnerId)),
    recordStatus: (statuses) => transact(() => recordStatus(statuses)),
    lines,
  };
}

const nameOf = ({ settlement, partnerId }: PaymentKey): string => `${settlement} ${partnerId}`;

function standingOf(open: readonly Bundle[]): Omit<SettlementSums, "payments" | "paidCents"> {
  const held = open.filter(({ state }) => state === "HELD");
  const carried = new Map<string, number>();
  for (const { partnerId, amountCents } of open.filter(({ state }) => state !== "HELD")) {
    carried.set(partnerId, (carried.get(partnerId) ?? 0) + amountCents);
  }
  const sumOf = (cents: readonly number[]) => cents.reduce((sum, it) => sum + it, 0);
  const balances = [...carried.values()];
  const linesHeldBy = (reason: HoldReason) =>
    held.filter(({ holds }) => holds.includes(reason)).reduce((sum, { lines }) => sum + lines, 0);
  return {
    heldCents: sumOf(held.map(({ amountCents }) => amountCents)),
    carriedCents: sumOf(balances.filter((cents) => cents > 0)),
    owedBackCents: sumOf(balances.filter((cents) => cents < 0).map((cents) => -cents)),
    holds: {
      JUSTIFICATIF_MISSING: linesHeldBy("JUSTIFICATIF_MISSING"),
      DECLARATION_MISSING: linesHeldBy("DECLARATION_MISSING"),
      BANK_DETAILS_MISSING: linesHeldBy("BANK_DETAILS_MISSING"),
    },
  };
}
