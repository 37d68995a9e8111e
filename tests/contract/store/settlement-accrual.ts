// What moved becomes what is owed: every kind of movement once, and what was given back after its sale.

import { describe, expect, it } from "vitest";
import type { Driver } from "../../../gateway/src/store/driver.js";
import { ROWS_PER_STEP_MAX } from "../../../gateway/src/store/settlement/accrue.js";
import { UnreadableSaleError } from "../../../gateway/src/store/settlement/conventions.js";
import type {
  MovementRow,
  SettlementDriver,
} from "../../../gateway/src/store/settlement/driver.js";
import { UnreadableProgrammeError } from "../../../gateway/src/store/settlement/programmes.js";
import { LINES_PER_PAGE } from "../../../gateway/src/store/settlement/steps.js";
import { aConvention, NOW_MS, programmeWith, ruleOf } from "../../support/builders.js";
import { TEST_PROGRAMME } from "../../support/programme.js";
import { codeOf } from "../../support/shop.js";
import type { MakeDriver } from "./open.js";
import { type Books, openBooks, stepsOn } from "./settlement-books.js";

const MINUTE_MS = 60_000;

/** Looks at one row at a time, so that every step ends in the middle of things. */
const rowByRow = (driver: Driver): Driver => ({
  ...driver,
  settlement: {
    ...driver.settlement,
    movements: (query) => driver.settlement.movements({ ...query, max: 1 }),
  },
});

/** A sale of so many cents, in the order of its amount. */
const soldAs = (units: number): MovementRow => ({
  kind: "sale",
  terminalId: "terminal-0",
  saleId: `sale-${units}`,
  partnerId: "partner-1",
  avantage: "SPECTACLE",
  programmeHash: TEST_PROGRAMME.hash,
  units,
  atMs: NOW_MS + units,
});

/** Sales that no till made. */
const served = (sales: readonly MovementRow[]): Pick<SettlementDriver, "movements"> => ({
  movements({ source, afterSeq, max }) {
    const rows = source === "attempts" ? sales.slice(afterSeq, afterSeq + max) : [];
    return { rows, lastSeq: afterSeq + rows.length, full: rows.length === max };
  },
});

const brief = async (shop: Books) =>
  (await shop.lines()).map(({ kind, avantage, units, amountCents }) => ({
    ...{ kind, avantage, units, amountCents },
  }));

const sumOf = (lines: readonly { readonly amountCents: number }[]) =>
  lines.reduce((sum, { amountCents }) => sum + amountCents, 0);

export function describeAccrual(makeDriver: MakeDriver): void {
  describe("accrual", () => {
    it("makes a line of a sale by debit and by tariff, and none of what is not reimbursed", async () => {
      const shop = await openBooks(makeDriver);
      const saleId = await shop.sell("EQUIPEMENT", 6_000);
      await shop.sell("CINEMA", 2, { terminal: 1 });
      await shop.sell("MUSEE", 1);
      await shop.sell("BON_PLAN", 1);
      await shop.inquire({ evidence: shop.card().tap() });
      await shop.authorize({ avantage: "SPECTACLE", purchaseCents: 999_999, exact: true });
      await shop.accrue();
      const [first, second, ...others] = await shop.lines();
      const nowMs = shop.clock.nowMs();
      expect(first).toEqual({
        no: 1,
        kind: "sale",
        terminalId: "terminal-0",
        saleId,
        refundId: null,
        partnerId: "partner-1",
        avantage: "EQUIPEMENT",
        unit: "EUR_CENT",
        units: 6_000,
        takenAtMs: nowMs,
        atMs: nowMs,
        amountCents: 6_000,
        heldForPapers: true,
        ofPaidSale: false,
        schoolYear: "2022/2023",
        state: "ACCRUED",
        holds: [],
        payment: null,
        returnedFrom: null,
      });
      expect(second).toMatchObject({
        ...{ no: 2, partnerId: "partner-2", unit: "SEAT", units: 2, amountCents: 1_040 },
        heldForPapers: false,
      });
      expect(others).toEqual([]);
    });

    it("pays a visit and a seat by the convention's tariff, and a second tap of one visit not again", async () => {
      const shop = await openBooks(makeDriver);
      const tariffs = { MUSEE: 300, CINEMA: 600 };
      await shop.changePartner({ conventions: [aConvention({ tariffs })] });
      const visit = await shop.sell("MUSEE", 1);
      await shop.sell("MUSEE", 1);
      await shop.sell("CINEMA", 1);
      expect(codeOf(await shop.reverse(visit))).toBe("REVERSED");
      await shop.accrue();
      expect(await brief(shop)).toEqual([
        { kind: "sale", avantage: "MUSEE", units: 1, amountCents: 300 },
        { kind: "sale", avantage: "CINEMA", units: 1, amountCents: 600 },
        { kind: "reversal", avantage: "MUSEE", units: -1, amountCents: -300 },
      ]);
    });

    it.each<[string, Record<string, number>]>([
      ["changed", { CINEMA: 900, MUSEE: 900 }],
      ["dropped", {}],
    ])(
      "pays by the tariff that the sale was made under, though it was %s since",
      async (_, since) => {
        const shop = await openBooks(makeDriver);
        const tariffs = { CINEMA: 600, MUSEE: 300 };
        await shop.changePartner({ conventions: [aConvention({ tariffs })] });
        await shop.sell("CINEMA", 2);
        await shop.sell("MUSEE", 1);
        const held = await shop.sell("CINEMA", 1, { capture: false });
        await shop.changePartner({ conventions: [aConvention({ tariffs: since })] });
        await shop.capture(held);
        await shop.accrue();
        expect(await brief(shop)).toEqual([
          { kind: "sale", avantage: "CINEMA", units: 2, amountCents: 1_200 },
          { kind: "sale", avantage: "MUSEE", units: 1, amountCents: 300 },
          { kind: "sale", avantage: "CINEMA", units: 1, amountCents: 600 },
        ]);
      },
    );

    it("pays nothing more for a tariff that came after the sale", async () => {
      const shop = await openBooks(makeDriver);
      await shop.sell("MUSEE", 1);
      await shop.sell("CINEMA", 1);
      const tariffs = { CINEMA: 900, MUSEE: 900 };
      await shop.changePartner({ conventions: [aConvention({ tariffs })] });
      await shop.accrue();
      expect(await brief(shop)).toMatchObject([{ avantage: "CINEMA", amountCents: 520 }]);
    });

    it("waits where what a sale was decided from cannot be read", async () => {
      const shop = await openBooks(makeDriver, {
        wrap: (driver) => ({
          ...driver,
          async findAttempt(terminalId, id) {
            const found = await driver.findAttempt(terminalId, id);
            return found && { ...found, attempt: { ...found.attempt, input: "{" } };
          },
        }),
      });
      await shop.sell("CINEMA", 1);
      await expect(shop.books.accrue()).rejects.toThrow(UnreadableSaleError);
      expect(await shop.lines()).toEqual([]);
    });

    it("owes for a hold once it is captured, as much as was taken, from then on", async () => {
      const shop = await openBooks(makeDriver);
      const captured = await shop.sell("SPECTACLE", 5_000, { capture: false });
      const reversed = await shop.sell("SPECTACLE", 4_000, { capture: false });
      await shop.sell("SPECTACLE", 3_000, { capture: false });
      await shop.accrue();
      shop.clock.advance(MINUTE_MS);
      const atMs = shop.clock.nowMs();
      await shop.capture(captured, { amountCents: 2_000 });
      await shop.reverse(reversed);
      shop.clock.advance(60 * MINUTE_MS);
      await shop.accrue();
      expect(await shop.lines()).toMatchObject([
        { saleId: captured, units: 2_000, amountCents: 2_000, takenAtMs: atMs, atMs },
      ]);
    });

    it("owes back what was refunded and reversed, to the cent, under the price of its sale", async () => {
      const shop = await openBooks(makeDriver);
      const seats = await shop.sell("CINEMA", 3);
      const euros = await shop.sell("SPECTACLE", 5_000, { capture: false });
      await shop.capture(euros);
      await shop.accrue();
      shop.clock.advance(MINUTE_MS);
      // A tariff that came later is for later sales.
      await shop.changePartner({ conventions: [aConvention({ tariffs: { CINEMA: 900 } })] });
      const refundId = shop.newId();
      await shop.refund(seats, { quantity: 1, id: refundId });
      await shop.refund(seats, { quantity: 2 });
      await shop.refund(euros, { amountCents: 1_000 });
      await shop.reverse(euros);
      await shop.accrue();
      const lines = await shop.lines();
      expect(await brief(shop)).toEqual([
        { kind: "sale", avantage: "CINEMA", units: 3, amountCents: 1_560 },
        { kind: "sale", avantage: "SPECTACLE", units: 5_000, amountCents: 5_000 },
        { kind: "refund", avantage: "CINEMA", units: -1, amountCents: -520 },
        { kind: "refund", avantage: "CINEMA", units: -2, amountCents: -1_040 },
        { kind: "refund", avantage: "SPECTACLE", units: -1_000, amountCents: -1_000 },
        { kind: "reversal", avantage: "SPECTACLE", units: -4_000, amountCents: -4_000 },
      ]);
      expect(sumOf(lines)).toBe(0);
      const [sale] = lines;
      expect(lines[2]).toMatchObject({
        refundId,
        takenAtMs: sale?.takenAtMs,
        atMs: shop.clock.nowMs(),
      });
    });

    it("owes nothing back for what it never owed, a tombstone's sale included", async () => {
      const shop = await openBooks(makeDriver);
      const never = shop.request();
      await shop.reverse(never.id);
      await shop.authorize(never);
      await shop.reverse(await shop.sell("BON_PLAN", 1));
      await shop.accrue();
      expect(await shop.lines()).toEqual([]);
    });

    it("takes two refunds for two, though two tills gave them the same id", async () => {
      const shop = await openBooks(makeDriver);
      await shop.store.load({ terminals: [shop.terminal(1).record()] });
      const sale = await shop.sell("SPECTACLE", 5_000);
      const id = shop.newId();
      for (const index of [0, 1]) {
        const terminal = shop.terminal(index);
        const refunded = await shop.refund(sale, { amountCents: 1_000, id, terminal });
        expect(codeOf(refunded)).toBe("REFUNDED");
      }
      await shop.accrue();
      expect(sumOf(await shop.lines())).toBe(3_000);
    });

    it("takes every movement once, however often it runs, and in whatever pages", async () => {
      const shop = await openBooks(makeDriver, { wrap: rowByRow });
      const first = await shop.sell("SPECTACLE", 1_000);
      expect(await shop.books.accrue()).toMatchObject({ more: true });
      const second = await shop.sell("SPECTACLE", 2_000, { capture: false });
      await shop.capture(second);
      await shop.reverse(first);
      await shop.refund(second, { amountCents: 500 });
      await shop.sell("SPECTACLE", 3_000);
      await shop.accrue();
      await shop.accrue();
      expect(await shop.books.accrue()).toEqual({ movements: 0, more: false });
      const { entries } = await shop.ledger();
      const spent = entries.reduce((sum, { units }) => sum + units, 0);
      expect(sumOf(await shop.lines())).toBe(spent);
      expect(await shop.lines()).toHaveLength(5);
    });

    it("looks at so many rows in one step, and tells lines page by page in their order", async () => {
      const rows = Array.from({ length: LINES_PER_PAGE + 1 }, (_, index) => soldAs(index + 1));
      const shop = await openBooks(makeDriver, {
        wrap: (driver) => ({ ...driver, settlement: { ...driver.settlement, ...served(rows) } }),
      });
      expect(await shop.books.accrue()).toEqual({ movements: ROWS_PER_STEP_MAX, more: true });
      await shop.accrue();
      const amounts = (await shop.lines()).map(({ no, amountCents }) => [no, amountCents]);
      expect(amounts).toEqual(rows.map(({ units }) => [units, units]));
      const some = { fromMs: NOW_MS + 3, toMs: NOW_MS + 5, partnerId: "partner-1" };
      expect((await shop.lines(some)).map(({ no }) => no)).toEqual([3, 4]);
      expect(await shop.lines({ ...some, states: ["PAID", "HELD"] })).toEqual([]);
    });

    it("prices a sale by the programme that decided it, and waits where that cannot be read", async () => {
      const shop = await openBooks(makeDriver);
      await shop.sell("CINEMA", 1);
      const dearer = {
        ...programmeWith({
          rules: [
            ruleOf("CINEMA", {
              reimbursement: { by: "tariff", tariffCentsPerUnit: 999, heldForPapers: false },
            }),
          ],
        }),
        hash: "another programme",
      };
      const blind = stepsOn(shop, {
        programme: dearer,
        readProgramme() {
          throw new Error("a form that is not known");
        },
      });
      await expect(blind.accrue()).rejects.toThrow(UnreadableProgrammeError);
      expect(await shop.lines()).toEqual([]);
      await stepsOn(shop, { programme: dearer }).accrue();
      expect(await shop.lines()).toMatchObject([{ amountCents: 520 }]);
    });
  });
}
