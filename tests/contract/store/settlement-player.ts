// Plays random months of reimbursement on the books of a driver, whose movements come from the test.

import fc from "fast-check";
import type { LoadWrite } from "../../../gateway/src/core/loading/loaded.js";
import type {
  PaymentStatus,
  PaymentStatusOutcome,
  SettlementStore,
} from "../../../gateway/src/core/settlement/ports.js";
import { createCutoffs } from "../../../gateway/src/settlement/calendar.js";
import type { Driver } from "../../../gateway/src/store/driver.js";
import type { MovementRow, MovementSource } from "../../../gateway/src/store/settlement/driver.js";
import { aConvention, NOW_MS } from "../../support/builders.js";
import { type VirtualClock, virtualClock } from "../../support/clock.js";
import { TEST_PROGRAMME } from "../../support/programme.js";
import { partnerRecord } from "../../support/shop.js";
import { settlementsOf, stepsOn } from "./settlement-books.js";

const PARTNERS = ["partner-1", "partner-2"] as const;
const YEAR = "2022/2023";
const HOUR_MS = 3_600_000;
const ACCOUNT = { holder: "Atelier", iban: "FR7630006000011234567890189", bic: null };

const partnerId = fc.constantFrom(...PARTNERS);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("sell" as const),
      partnerId,
      avantage: fc.constantFrom("EQUIPEMENT", "EQUIPEMENT", "SPECTACLE"),
      units: fc.integer({ min: 1, max: 10_000 }),
      hours: fc.integer({ min: 0, max: 72 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("giveBack" as const),
      kind: fc.constantFrom("reversal", "refund"),
      which: fc.nat(),
      part: fc.integer({ min: 1, max: 10_000 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("papers" as const),
      partnerId,
      paper: fc.constantFrom("bank", "notConcerned", "tools", "photo", "rejection"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("accrue" as const) }) },
  // One partner of a cut-off that goes no further.
  { weight: 1, arbitrary: fc.record({ type: fc.constant("begin" as const), partnerId }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("settle" as const),
      hours: fc.integer({ min: 0, max: 340 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("bank" as const),
      // Mostly of the last ones: what is older is mostly settled.
      which: fc.oneof(fc.nat({ max: 2 }), fc.nat()),
      status: fc.constantFrom("PAID" as const, "REJECTED" as const),
      about: fc.oneof(
        { weight: 6, arbitrary: fc.constant("payment" as const) },
        { weight: 2, arbitrary: fc.constant("message" as const) },
        { weight: 1, arbitrary: fc.constant("copy" as const) },
      ),
      // Reports are read late, and not in their order.
      hoursAgo: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 100 }) },
      ),
    }),
  },
);

export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const AT = { partnerId: PARTNERS[0] };
const SELL = { type: "sell", ...AT, avantage: "EQUIPEMENT", units: 1_000, hours: 1 } as const;
const NOT_CONCERNED = { type: "papers", ...AT, paper: "notConcerned" } as const;
const WEEK = { type: "settle", hours: 168 } as const;
const SAID = { type: "bank", which: 0, about: "payment", hoursAgo: 0 } as const;
const PAID_OUT: readonly Step[] = [SELL, NOT_CONCERNED, WEEK];

/** What chance seldom brings: half of the months begin with one of these. */
const OPENINGS: readonly (readonly Step[])[] = [
  // Given back of a paid sale, with a paper missing by then.
  [
    ...PAID_OUT,
    { type: "papers", ...AT, paper: "tools" },
    { type: "giveBack", kind: "refund", which: 0, part: 500 },
    { type: "accrue" },
  ],
  // Returned by mistake.
  [
    ...PAID_OUT,
    { ...SAID, status: "REJECTED" },
    { type: "sell", ...AT, avantage: "SPECTACLE", units: 200, hours: 1 },
    { ...SAID, status: "PAID" },
  ],
  // The file was sent twice.
  [
    ...PAID_OUT,
    { ...SAID, status: "PAID" },
    SELL,
    { ...SAID, about: "message", status: "REJECTED" },
  ],
];

export const randomMonths: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.oneof(fc.constant<readonly Step[]>([]), fc.constantFrom(...OPENINGS)),
    fc.array(step, { minLength: 20, maxLength: 60 }),
  )
  .map(([opening, steps]) => [...opening, ...steps]);
type StepOf<T extends Step["type"]> = Extract<Step, { type: T }>;

/** One word of a bank, and what the books made of it. */
export type HeardWord = PaymentStatus & PaymentStatusOutcome;

export interface Player {
  readonly books: SettlementStore;
  readonly clock: VirtualClock;
  /** @returns what a bank said in this step. */
  play(step: Step): Promise<readonly HeardWord[]>;
  /** Everything in order, and one more cut-off. */
  finish(): Promise<void>;
}

/** Opens books with two partners on a driver; the first one has an account. */
export async function openPlayer(real: Driver): Promise<Player> {
  const sources: Record<MovementSource, MovementRow[]> = {
    ...{ attempts: [], operations: [], reversals: [] },
  };
  const driver: Driver = {
    ...real,
    settlement: {
      ...real.settlement,
      movements({ source, afterSeq, max }) {
        const rows = sources[source].slice(afterSeq, afterSeq + max);
        return { rows, lastSeq: afterSeq + rows.length, full: rows.length === max };
      },
    },
  };
  await driver.load({
    partners: PARTNERS.map((id) =>
      partnerRecord({ id, conventions: [aConvention({ reference: id })] }),
    ),
  });
  const clock = virtualClock(NOW_MS);
  const books = stepsOn({ driver, clock });
  const settlements = settlementsOf({ clock }, books);
  const cutoffs = createCutoffs(TEST_PROGRAMME.settings.settlement.lastWeekday);
  const left: { terminalId: string; saleId: string; units: number }[] = [];
  let made = 0;

  const nameOf = (what: string): string => {
    made += 1;
    return `${what}-${made}`;
  };

  function sell({ partnerId: at, avantage, units, hours }: StepOf<"sell">): void {
    clock.advance(hours * HOUR_MS);
    const sale = { terminalId: "terminal-1", saleId: nameOf("sale") };
    left.push({ ...sale, units });
    const { hash: programmeHash } = TEST_PROGRAMME;
    const of = { partnerId: at, avantage, programmeHash };
    sources.attempts.push({ kind: "sale", ...sale, ...of, units, atMs: clock.nowMs() });
  }

  function giveBack({ kind, which, part }: StepOf<"giveBack">): void {
    const sale = left[which % left.length];
    if (!sale || sale.units === 0) return;
    const units = kind === "reversal" ? sale.units : Math.min(part, sale.units);
    sale.units -= units;
    const { terminalId, saleId } = sale;
    const refundId = kind === "refund" ? nameOf("refund") : null;
    const source = kind === "refund" ? "operations" : "reversals";
    const atMs = clock.nowMs();
    sources[source].push({ kind, terminalId, saleId, refundId, units: -units, atMs });
  }

  /** As an event of the Région would, without its rules. */
  async function write(subject: string, change: LoadWrite): Promise<void> {
    await driver.begin();
    const event = {
      id: nameOf("event"),
      agentId: "region-1",
      role: "region",
      type: change.type,
      subject,
      atMs: clock.nowMs(),
      fingerprint: new Uint8Array(32),
      outcome: "applied",
      refusal: null,
      notes: [],
    } as const;
    await driver.applyEvent(event, [change]);
    await driver.sync();
  }

  function papers({ partnerId: at, paper }: StepOf<"papers">): Promise<void> {
    switch (paper) {
      case "bank":
        return write(at, { type: "putBankAccount", partnerId: at, account: ACCOUNT });
      case "notConcerned":
      case "tools": {
        const types = paper === "tools" ? (["OUTILLAGE"] as const) : [];
        const declaration = { schoolYear: YEAR, types };
        return write(at, { type: "putDeclaration", partnerId: at, declaration });
      }
      case "photo":
      case "rejection": {
        const rejectedOn = paper === "rejection" ? "2023-03-20" : null;
        const kind = "PHOTO_STICKER" as const;
        const known = { reference: "J-1", schoolYear: YEAR, kind, receivedOn: "2022-09-10" };
        const justificatif = { ...known, rejectedOn };
        return write(at, { type: "putJustificatif", partnerId: at, justificatif });
      }
    }
  }

  async function begin({ partnerId: at }: StepOf<"begin">): Promise<void> {
    const period = cutoffs.lastClosed(clock.nowMs());
    await books.accrue();
    await books.beginSettlement(period);
    await books.settlePartner({ settlement: period.lastDay, partnerId: at });
  }

  async function settle({ hours }: StepOf<"settle">): Promise<void> {
    clock.advance(hours * HOUR_MS);
    const result = await settlements.settle(settlements.lastClosedDay());
    if (result.type === "refused") throw new Error(result.detail);
  }

  async function bank({
    which,
    status,
    about,
    hoursAgo,
  }: StepOf<"bank">): Promise<readonly HeardWord[]> {
    const payments = await allPayments(books);
    const one = payments.at(-1 - (which % payments.length));
    if (!one) return [];
    const meant = about === "message" ? await books.payments(one.settlement) : [one];
    const saidAtMs = clock.nowMs() - hoursAgo * HOUR_MS;
    const words = meant.map(({ settlement, partnerId: at }) => ({
      ...{ settlement, partnerId: at, status, about, saidAtMs, reason: "AC04" },
    }));
    const outcomes = await books.recordStatus(words);
    return words.flatMap((word, index) => {
      const told = outcomes[index];
      return told ? [{ ...word, outcome: told.outcome }] : [];
    });
  }

  async function act(one: Exclude<Step, { type: "bank" }>): Promise<void> {
    switch (one.type) {
      case "sell":
        return sell(one);
      case "giveBack":
        return giveBack(one);
      case "papers":
        return papers(one);
      case "accrue":
        return void (await books.accrue());
      case "begin":
        return begin(one);
      case "settle":
        return settle(one);
    }
  }

  // The other one waits for an account.
  await papers({ type: "papers", partnerId: "partner-1", paper: "bank" });

  return {
    books,
    clock,
    async play(one) {
      if (one.type === "bank") return bank(one);
      await act(one);
      return [];
    },
    async finish() {
      for (const at of PARTNERS) {
        await papers({ type: "papers", partnerId: at, paper: "bank" });
        await papers({ type: "papers", partnerId: at, paper: "notConcerned" });
      }
      const WEEK_HOURS = 7 * 24;
      await settle({ type: "settle", hours: WEEK_HOURS });
    },
  };
}

/** Of all settlements, in their order. */
export async function allPayments(books: SettlementStore) {
  const settlements = await books.settlements();
  return (await Promise.all(settlements.map(({ lastDay }) => books.payments(lastDay)))).flat();
}
