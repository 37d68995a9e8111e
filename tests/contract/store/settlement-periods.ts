// Cut-offs: what is held, released and paid at each, and what a bank's word does to it.

import { describe, expect, it } from "vitest";
import type { SettlementLine } from "../../../gateway/src/core/settlement/model.js";
import type { MakeDriver } from "./open.js";
import {
  accountSaved,
  type Books,
  declared,
  FIRST,
  openBooks,
  paid,
  received,
  returned,
  SECOND,
  THIRD,
} from "./settlement-books.js";

const MINUTE_MS = 60_000;

const standing = (lines: readonly SettlementLine[]) =>
  lines.map(({ amountCents, state, holds }) => [amountCents, state, ...holds]);

export function describePeriods(makeDriver: MakeDriver): void {
  const open = () => openBooks(makeDriver);

  describe("a cut-off", () => {
    it("holds what waits for papers and pays the rest; then pays it in full, once they are in", async () => {
      const shop = await open();
      await shop.sell("EQUIPEMENT", 6_000);
      await shop.sell("SPECTACLE", 1_000);
      expect(await shop.settle(FIRST)).toMatchObject([
        { partnerId: "partner-1", no: 1, amountCents: 1_000, lines: 1, state: "BATCHED" },
      ]);
      expect(standing(await shop.lines())).toEqual([
        [6_000, "HELD", "DECLARATION_MISSING"],
        [1_000, "BATCHED"],
      ]);
      expect(await shop.settlements.report(FIRST.lastDay)).toMatchObject({
        ...{ state: "filed", payments: 1, paidCents: 1_000, heldCents: 6_000 },
        ...{ carriedCents: 0, owedBackCents: 0 },
        holds: { DECLARATION_MISSING: 1, JUSTIFICATIF_MISSING: 0, BANK_DETAILS_MISSING: 0 },
      });
      await shop.sell("EQUIPEMENT", 500);
      await shop.tell(declared(["OUTILLAGE"]));
      expect(await shop.settle(SECOND)).toEqual([]);
      expect(await shop.settlements.paymentFile(SECOND.lastDay)).toBeNull();
      expect(standing(await shop.lines({ states: ["HELD"] }))).toEqual([
        [6_000, "HELD", "JUSTIFICATIF_MISSING"],
        [500, "HELD", "JUSTIFICATIF_MISSING"],
      ]);
      await shop.tell(received());
      expect(await shop.settle(THIRD)).toMatchObject([{ amountCents: 6_500, lines: 2 }]);
      expect(await shop.lines({ states: ["HELD"] })).toEqual([]);
    });

    it("is not moved by papers of another school year", async () => {
      const shop = await open();
      await shop.tell(declared(["OUTILLAGE"]));
      await shop.tell(declared([], { schoolYear: "2021/2022" }));
      await shop.tell(received({ schoolYear: "2021/2022", receivedOn: "2021-09-10" }));
      await shop.sell("EQUIPEMENT", 6_000);
      expect(await shop.settle(FIRST)).toEqual([]);
      expect(standing(await shop.lines())).toEqual([[6_000, "HELD", "JUSTIFICATIF_MISSING"]]);
    });

    it("holds again what is unpaid when a paper is rejected, and leaves alone what is paid", async () => {
      const shop = await open();
      await shop.tell(declared(["OUTILLAGE"]));
      await shop.tell(received());
      await shop.sell("EQUIPEMENT", 6_000);
      await shop.settle(FIRST);
      await shop.tell({
        type: "justificatif.rejected",
        partner: "partner-1",
        reference: "J-1",
        rejectedOn: "2023-03-19",
      });
      await shop.sell("EQUIPEMENT", 500);
      expect(await shop.settle(SECOND)).toEqual([]);
      expect(standing(await shop.lines())).toEqual([
        [6_000, "BATCHED"],
        [500, "HELD", "JUSTIFICATIF_MISSING"],
      ]);
    });

    it("leaves what moved from its very instant on to the next one", async () => {
      const shop = await open();
      shop.clock.setNow(FIRST.cutoffMs - 1);
      const sale = await shop.sell("SPECTACLE", 1_000);
      shop.clock.setNow(FIRST.cutoffMs);
      await shop.sell("SPECTACLE", 200);
      await shop.refund(sale, { amountCents: 100 });
      expect(await shop.settle(FIRST)).toMatchObject([{ amountCents: 1_000 }]);
      expect(await shop.settle(SECOND)).toMatchObject([{ amountCents: 100, lines: 2 }]);
    });

    it("carries over what a partner owes back, until it has sold more", async () => {
      const shop = await open();
      const sale = await shop.sell("SPECTACLE", 1_000);
      await shop.settle(FIRST);
      await shop.refund(sale);
      await shop.sell("SPECTACLE", 300);
      expect(await shop.settle(SECOND)).toEqual([]);
      expect(standing(await shop.lines({ states: ["RELEASED"] }))).toEqual([
        [300, "RELEASED"],
        [-1_000, "RELEASED"],
      ]);
      expect(await shop.settlements.report(SECOND.lastDay)).toMatchObject({
        ...{ carriedCents: 0, owedBackCents: 700 },
      });
      await shop.sell("SPECTACLE", 900);
      expect(await shop.settle(THIRD)).toMatchObject([{ amountCents: 200, lines: 3 }]);
    });

    it("tells what waits to be paid apart from what is owed back, partner by partner", async () => {
      const shop = await open();
      const sale = await shop.sell("SPECTACLE", 1_000);
      await shop.sell("SPECTACLE", 2_000, { terminal: 1 });
      await shop.settle(FIRST);
      await shop.books.recordStatus([returned(FIRST.lastDay, "partner-2")]);
      await shop.refund(sale, { amountCents: 400 });
      await shop.accrue();
      // As it stood at the first cut-off: the refund is of the next one.
      expect(await shop.settlements.report(FIRST.lastDay)).toMatchObject({
        ...{ paidCents: 1_000, carriedCents: 2_000, owedBackCents: 0, heldCents: 0 },
      });
      await shop.settle(SECOND);
      expect(await shop.settlements.report(SECOND.lastDay)).toMatchObject({
        ...{ paidCents: 2_000, carriedCents: 0, owedBackCents: 400, heldCents: 0 },
      });
    });

    it("sets off what was given back of a paid sale, though papers are missing by now", async () => {
      const shop = await open();
      await shop.tell(declared([]));
      const sale = await shop.sell("EQUIPEMENT", 6_000);
      await shop.settle(FIRST);
      await shop.tell(declared(["OUTILLAGE"]));
      await shop.refund(sale);
      await shop.sell("EQUIPEMENT", 500);
      await shop.sell("SPECTACLE", 7_000);
      expect(await shop.settle(SECOND)).toMatchObject([{ amountCents: 1_000, lines: 2 }]);
      expect(standing(await shop.lines())).toEqual([
        [6_000, "BATCHED"],
        [500, "HELD", "JUSTIFICATIF_MISSING"],
        [7_000, "BATCHED"],
        [-6_000, "BATCHED"],
      ]);
    });

    it("sets it off when it was accrued before its sale was paid, too", async () => {
      const shop = await open();
      await shop.tell(declared([]));
      const sale = await shop.sell("EQUIPEMENT", 6_000);
      shop.clock.setNow(FIRST.cutoffMs);
      await shop.refund(sale);
      // Both are lines by now, and the sale alone is of this period.
      expect(await shop.settle(FIRST)).toMatchObject([{ amountCents: 6_000, lines: 1 }]);
      await shop.tell(declared(["OUTILLAGE"]));
      await shop.sell("SPECTACLE", 7_000);
      expect(await shop.settle(SECOND)).toMatchObject([{ amountCents: 1_000, lines: 2 }]);
    });

    it("sets off what was given back of a sale whose payment came back as well", async () => {
      const shop = await open();
      const sale = await shop.sell("SPECTACLE", 1_000);
      await shop.settle(FIRST);
      await shop.refund(sale);
      expect(await shop.settle(SECOND)).toEqual([]);
      await shop.books.recordStatus([returned(FIRST.lastDay)]);
      await shop.sell("SPECTACLE", 500);
      expect(await shop.settle(THIRD)).toMatchObject([{ amountCents: 500, lines: 3 }]);
    });

    it("holds what was given back with its sale while that is not paid", async () => {
      const shop = await open();
      const sale = await shop.sell("EQUIPEMENT", 6_000);
      await shop.settle(FIRST);
      await shop.refund(sale, { amountCents: 1_000 });
      await shop.sell("SPECTACLE", 7_000);
      expect(await shop.settle(SECOND)).toMatchObject([{ amountCents: 7_000, lines: 1 }]);
      await shop.tell(declared([]));
      expect(await shop.settle(THIRD)).toMatchObject([{ amountCents: 5_000, lines: 2 }]);
    });

    it("pays nobody without an account, and everything once there is one", async () => {
      const shop = await open();
      await shop.store.load({
        pointsOfSale: [{ id: "pos-3", partnerId: await newPartner(shop), name: "A", city: "Lyon" }],
        terminals: [shop.terminal(1).record({ pointOfSaleId: "pos-3" })],
      });
      await shop.sell("SPECTACLE", 1_000, { terminal: 1 });
      expect(await shop.settle(FIRST)).toEqual([]);
      expect(standing(await shop.lines())).toEqual([[1_000, "HELD", "BANK_DETAILS_MISSING"]]);
      await shop.tell(accountSaved("partner-3"));
      expect(await shop.settle(SECOND)).toMatchObject([
        { partnerId: "partner-3", account: { holder: "partner-3" }, amountCents: 1_000 },
      ]);
    });

    it("is refused where no period ends, before its end, and where nobody pays", async () => {
      const shop = await open();
      const refused = (code: string) => ({ type: "refused", code });
      expect(await shop.settlements.settle("2023-03-18")).toMatchObject(refused("NOT_A_CUTOFF"));
      shop.clock.setNow(FIRST.cutoffMs - 1);
      expect(await shop.settlements.settle(FIRST.lastDay)).toMatchObject(refused("NOT_OVER"));
      expect(await shop.settlements.list()).toEqual([]);
      expect(shop.settlements.lastClosedDay()).toBe("2023-03-12");
      shop.clock.setNow(FIRST.cutoffMs);
      expect(shop.settlements.lastClosedDay()).toBe(FIRST.lastDay);
      expect(await shop.settlements.settle(FIRST.lastDay)).toMatchObject({ type: "settled" });
    });
  });

  describe("a payment", () => {
    it("that a bank returns opens its lines, and they are paid once more, once", async () => {
      const shop = await open();
      await shop.sell("SPECTACLE", 1_000);
      await shop.settle(FIRST);
      const outcomesOf = async (...statuses: Parameters<Books["books"]["recordStatus"]>[0]) =>
        (await shop.books.recordStatus(statuses)).map(({ outcome }) => outcome);
      expect(await outcomesOf(paid(FIRST.lastDay))).toEqual(["applied"]);
      expect(await outcomesOf(paid(FIRST.lastDay))).toEqual(["unchanged"]);
      expect(standing(await shop.lines())).toEqual([[1_000, "PAID"]]);
      expect(await outcomesOf(returned(FIRST.lastDay))).toEqual(["applied"]);
      expect(standing(await shop.lines())).toEqual([[1_000, "REJECTED"]]);
      expect(await outcomesOf(returned(FIRST.lastDay))).toEqual(["unchanged"]);
      expect(await shop.settle(SECOND)).toMatchObject([{ amountCents: 1_000 }]);
      const late = { ...paid(FIRST.lastDay), saidAtMs: THIRD.cutoffMs };
      expect(await outcomesOf(late)).toEqual(["contradiction"]);
      expect(await outcomesOf(paid(SECOND.lastDay))).toEqual(["applied"]);
      expect(standing(await shop.lines())).toEqual([[1_000, "PAID"]]);
      const always = { fromMs: 0, toMs: THIRD.cutoffMs };
      expect(await shop.books.paymentsOf({ partnerId: "partner-1", ...always })).toMatchObject([
        { settlement: FIRST.lastDay, state: "REJECTED", reason: "AC04" },
        { settlement: SECOND.lastDay, state: "PAID", reason: null },
      ]);
      expect(await shop.settlements.report(FIRST.lastDay)).toMatchObject({
        payments: 1,
        paidCents: 0,
      });
    });

    it("of which one message says both, or that no bank was asked for, stays as it is", async () => {
      const shop = await open();
      await shop.sell("SPECTACLE", 1_000);
      await shop.settle(FIRST);
      const both = [paid(FIRST.lastDay), returned(FIRST.lastDay)];
      const outcomes = await shop.books.recordStatus([
        ...both,
        paid(FIRST.lastDay, "partner-2"),
        paid(SECOND.lastDay),
      ]);
      expect(outcomes.map(({ outcome }) => outcome)).toEqual([
        ...["contradiction", "contradiction", "unknown", "unknown"],
      ]);
      expect(standing(await shop.lines())).toEqual([[1_000, "BATCHED"]]);
    });

    it("is not heard of before its file was made", async () => {
      const shop = await open();
      await shop.sell("SPECTACLE", 1_000);
      await shop.accrue();
      await shop.books.beginSettlement(FIRST);
      const key = { settlement: FIRST.lastDay, partnerId: "partner-1" };
      await shop.books.settlePartner(key);
      const [outcome] = await shop.books.recordStatus([paid(FIRST.lastDay)]);
      expect(outcome).toEqual({ ...key, outcome: "unknown" });
      expect(standing(await shop.lines())).toEqual([[1_000, "BATCHED"]]);
    });
  });

  describe("a payment file", () => {
    it("is kept once, and is the same bytes for ever", async () => {
      const shop = await open();
      await shop.sell("SPECTACLE", 1_000);
      await shop.settle(FIRST);
      const file = await shop.settlements.paymentFile(FIRST.lastDay);
      expect(new TextDecoder().decode(file ?? undefined)).toContain("<CtrlSum>10.00</CtrlSum>");
      await shop.tell(accountSaved("partner-2"));
      await shop.books.recordStatus([returned(FIRST.lastDay)]);
      shop.clock.advance(MINUTE_MS);
      await shop.settlements.settle(FIRST.lastDay);
      const other = { file: new Uint8Array([1]), accounts: "", payments: 1, returns: [] };
      expect(await shop.books.fileSettlement(FIRST.lastDay, other)).toMatchObject({
        state: "filed",
      });
      expect(await shop.settlements.paymentFile(FIRST.lastDay)).toEqual(file);
    });

    it("that misses a payment is not kept, and after it was kept there is no payment more", async () => {
      const shop = await open();
      await shop.sell("SPECTACLE", 1_000);
      await shop.sell("SPECTACLE", 2_000, { terminal: 1 });
      await shop.accrue();
      await shop.books.beginSettlement(FIRST);
      const settlement = FIRST.lastDay;
      const file = new Uint8Array([1, 2, 3]);
      const made = { file, accounts: "charged", returns: [] };
      await shop.books.settlePartner({ settlement, partnerId: "partner-1" });
      const none = await shop.books.fileSettlement(settlement, { ...made, payments: 0 });
      expect(none.state).toBe("open");
      expect(await shop.books.paymentFile(settlement)).toBeNull();
      expect(await shop.books.accounts(settlement)).toBeNull();
      const one = await shop.books.fileSettlement(settlement, { ...made, payments: 1 });
      expect(one.state).toBe("filed");
      expect(await shop.books.paymentFile(settlement)).toEqual(file);
      expect(await shop.books.accounts(settlement)).toBe("charged");
      const late = { settlement, partnerId: "partner-2" };
      expect(await shop.books.settlePartner(late)).toMatchObject({ payment: null });
      expect(await shop.books.payments(settlement)).toHaveLength(1);
      expect(await shop.settle(SECOND)).toMatchObject([{ partnerId: "partner-2" }]);
    });
  });
}

/** A partner without an account. */
async function newPartner(shop: Books): Promise<string> {
  const [like] = shop.batch.partners ?? [];
  if (!like) throw new Error("this shop has no partner");
  const conventions = like.conventions.map((it) => ({ ...it, reference: "C-3" }));
  await shop.store.load({ partners: [{ ...like, id: "partner-3", conventions }] });
  return "partner-3";
}
