// What banks say of payments more than once, too late, of the whole file, or by mistake: nobody is paid twice.

import { describe, expect, it } from "vitest";
import type { BankWord } from "../../../gateway/src/core/settlement/ports.js";
import type { MakeDriver } from "./open.js";
import { type Books, declared, FIRST, openBooks, SECOND, THIRD } from "./settlement-books.js";

type Word = Partial<BankWord> & { readonly partnerId?: string };

/** Two payments of the first settlement, made and sent. */
async function paidOut(makeDriver: MakeDriver): Promise<Books> {
  const shop = await openBooks(makeDriver);
  await shop.sell("SPECTACLE", 1_000);
  await shop.sell("SPECTACLE", 2_000, { terminal: 1 });
  await shop.settle(FIRST);
  return shop;
}

/** Hears one report, made on an hour after the cut-off, and says what came of each word. */
async function hear(shop: Books, hour: number, ...words: readonly Word[]) {
  const saidAtMs = FIRST.cutoffMs + hour * 3_600_000;
  const statuses = words.map((word) => ({
    ...{ settlement: FIRST.lastDay, partnerId: "partner-1", reason: null },
    ...({ status: "PAID", about: "payment", saidAtMs } as const),
    ...word,
  }));
  return (await shop.books.recordStatus(statuses)).map(({ outcome }) => outcome);
}

const PAID: Word = { status: "PAID" };
const REJECTED: Word = { status: "REJECTED", reason: "AC04" };
const ofAll = (word: Word): readonly Word[] =>
  ["partner-1", "partner-2"].map((partnerId) => ({ ...word, partnerId, about: "message" }));

const statesOf = async (shop: Books) => (await shop.lines()).map(({ state }) => state);
const settleAgain = async (shop: Books) =>
  (await shop.settle(SECOND)).map(({ amountCents }) => amountCents);

export function describeReturns(makeDriver: MakeDriver): void {
  const open = () => paidOut(makeDriver);

  describe("a payment file that a bank rejects as a whole", () => {
    it("opens every line while none of its payments went out", async () => {
      const shop = await open();
      expect(await hear(shop, 1, ...ofAll(REJECTED))).toEqual(["applied", "applied"]);
      expect(await settleAgain(shop)).toEqual([1_000, 2_000]);
    });

    it("was sent twice once a payment went out: nothing is paid again", async () => {
      const shop = await open();
      expect(await hear(shop, 1, PAID)).toEqual(["applied"]);
      expect(await hear(shop, 2, ...ofAll(REJECTED))).toEqual(["contradiction", "contradiction"]);
      expect(await statesOf(shop)).toEqual(["PAID", "BATCHED"]);
      expect(await settleAgain(shop)).toEqual([]);
    });

    it("stands again when the bank says so of the whole", async () => {
      const shop = await open();
      await hear(shop, 1, ...ofAll(REJECTED));
      expect(await hear(shop, 2, ...ofAll(PAID))).toEqual(["applied", "applied"]);
      expect(await settleAgain(shop)).toEqual([]);
    });

    it.each([
      ["rejected", [], REJECTED],
      ["put right", ofAll(REJECTED), PAID],
    ])("is %s whole, though that was stopped between its payments", async (_, before, word) => {
      const shop = await open();
      await hear(shop, 1, ...before);
      expect(await hear(shop, 2, ...ofAll(word).slice(0, 1))).toEqual(["applied"]);
      expect(await hear(shop, 2, ...ofAll(word))).toEqual(["unchanged", "applied"]);
    });
  });

  it("a copy of a payment that a bank refuses says nothing of the first", async () => {
    const shop = await open();
    const copy: Word = { status: "REJECTED", reason: "AM05", about: "copy" };
    expect(await hear(shop, 1, copy)).toEqual(["contradiction"]);
    expect(await settleAgain(shop)).toEqual([]);
  });

  it.each([
    ["before", 2],
    ["in the same instant as", 3],
    ["after", 4],
  ])(
    "a copy that a bank refuses does not hide that the first went out after all, said %s it",
    async (_, saidAt) => {
      const shop = await open();
      const copy: Word = { status: "REJECTED", reason: "AM05", about: "copy" };
      await hear(shop, 1, REJECTED);
      expect(await hear(shop, 3, copy)).toEqual(["unchanged"]);
      expect(await hear(shop, saidAt, PAID)).toEqual(["applied"]);
      expect(await settleAgain(shop)).toEqual([]);
    },
  );

  describe("a payment that was returned by mistake", () => {
    it("stands after all, with the lines that it was made of, and is not paid again", async () => {
      const shop = await open();
      await hear(shop, 1, REJECTED);
      expect(await statesOf(shop)).toEqual(["REJECTED", "BATCHED"]);
      expect(await hear(shop, 2, PAID)).toEqual(["applied"]);
      expect(await statesOf(shop)).toEqual(["PAID", "BATCHED"]);
      expect(await shop.books.payments(FIRST.lastDay)).toMatchObject([
        { state: "PAID", reason: null },
        { state: "BATCHED" },
      ]);
      expect(await settleAgain(shop)).toEqual([]);
      expect(await hear(shop, 3, REJECTED)).toEqual(["applied"]);
      expect((await shop.settle(THIRD)).map(({ amountCents }) => amountCents)).toEqual([1_000]);
    });

    it("stands after all though its lines were looked at meanwhile and held", async () => {
      const shop = await openBooks(makeDriver);
      await shop.tell(declared([]));
      await shop.sell("EQUIPEMENT", 1_000);
      await shop.settle(FIRST);
      await hear(shop, 1, REJECTED);
      await shop.tell(declared(["OUTILLAGE"]));
      shop.clock.setNow(SECOND.cutoffMs);
      await shop.books.beginSettlement(SECOND);
      await shop.books.settlePartner({ settlement: SECOND.lastDay, partnerId: "partner-1" });
      expect(await statesOf(shop)).toEqual(["HELD"]);
      expect(await hear(shop, 2, PAID)).toEqual(["applied"]);
      expect(await shop.lines()).toMatchObject([
        { state: "PAID", holds: [], payment: { settlement: FIRST.lastDay } },
      ]);
    });

    it("is past that once it is paid again", async () => {
      const shop = await open();
      await hear(shop, 1, REJECTED);
      expect(await settleAgain(shop)).toEqual([1_000]);
      expect(await hear(shop, 2, PAID)).toEqual(["contradiction"]);
      expect(await statesOf(shop)).toEqual(["BATCHED", "BATCHED"]);
    });

    it("is past that once the accounts booked it", async () => {
      const shop = await openBooks(makeDriver);
      await shop.tell(declared([]));
      await shop.sell("EQUIPEMENT", 1_000);
      await shop.settle(FIRST);
      await hear(shop, 1, REJECTED);
      await shop.tell(declared(["OUTILLAGE"]));
      expect(await settleAgain(shop)).toEqual([]);
      expect(await hear(shop, 2, PAID)).toEqual(["contradiction"]);
      expect(await statesOf(shop)).toEqual(["HELD"]);
    });
  });

  describe("a report that is read late, or again", () => {
    it("changes nothing that a later one said", async () => {
      const shop = await open();
      expect(await hear(shop, 2, REJECTED)).toEqual(["applied"]);
      expect(await hear(shop, 1, PAID)).toEqual(["unchanged"]);
      expect(await statesOf(shop)).toEqual(["REJECTED", "BATCHED"]);
      expect(await hear(shop, 3, PAID)).toEqual(["applied"]);
      expect(await hear(shop, 2, REJECTED)).toEqual(["unchanged"]);
      expect(await statesOf(shop)).toEqual(["PAID", "BATCHED"]);
    });

    it("counts from the last report that said the same", async () => {
      const shop = await open();
      await hear(shop, 1, PAID);
      expect(await hear(shop, 3, PAID)).toEqual(["unchanged"]);
      expect(await hear(shop, 2, REJECTED)).toEqual(["unchanged"]);
      expect(await statesOf(shop)).toEqual(["PAID", "BATCHED"]);
    });
  });
}
