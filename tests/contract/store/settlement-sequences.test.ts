// Random months of sales, returns, papers, cut-offs and banks' words: every cent is where it belongs, on every store.

import fc from "fast-check";
import { expect, it } from "vitest";
import type { Payment, SettlementLine } from "../../../gateway/src/core/settlement/model.js";
import { holdsOf, paperRulesOf } from "../../../gateway/src/core/settlement/papers.js";
import { memoryDriver } from "../../../gateway/src/store/memory/driver.js";
import { PROPERTY_TIMEOUT_MS, runsOf } from "../../properties/support/runs.js";
import { describeOtherDrivers } from "../../support/drivers.js";
import { TEST_PROGRAMME } from "../../support/programme.js";
import { linesOf } from "./settlement-books.js";
import { type BooksBefore, createMoney, nameOf } from "./settlement-money.js";
import {
  allPayments,
  type HeardWord,
  openPlayer,
  type Player,
  randomMonths,
  type Step,
} from "./settlement-player.js";

const RULES = paperRulesOf(TEST_PROGRAMME);

const sumOf = (items: readonly { readonly amountCents: number }[]) =>
  items.reduce((sum, { amountCents }) => sum + amountCents, 0);

/** Debits less credits of each piece in the accounts of all settlements together, by account. */
function bookedOf(exports: readonly string[]) {
  const cents = (euros = "") => Math.round(Number(euros.replace(",", ".")) * 100);
  const sums = { charged: new Map<string, number>(), balance: new Map<string, number>() };
  for (const row of exports.flatMap((csv) => csv.trimEnd().split("\r\n").slice(1))) {
    const [, , piece = "", , account, , debit, credit] = row.split(";");
    const amount = cents(debit) - cents(credit);
    sums.balance.set(piece, (sums.balance.get(piece) ?? 0) + amount);
    if (account === "Trésorerie") continue;
    sums.charged.set(piece, (sums.charged.get(piece) ?? 0) + amount);
  }
  return sums;
}

/** Watches the books from outside: what was once in a payment, and what a file once said. */
function createWatch(player: Player) {
  const contents = new Map<string, readonly number[]>();
  const files = new Map<string, string>();
  const accounts = new Map<string, string>();
  const money = createMoney();
  const returned = new Set<string>();
  let before: BooksBefore | null = null;

  /** What is in a payment had nothing that held it, and is in no other payment that was not returned. */
  async function checkNew(payment: Payment, own: readonly SettlementLine[]): Promise<void> {
    const papers = await player.books.papers(payment.partnerId);
    expect(papers?.bank).toEqual(payment.account);
    for (const line of own) expect(papers && holdsOf(line, papers, RULES)).toEqual([]);
    expect(own.length).toBe(payment.lines);
    expect(sumOf(own)).toBe(payment.amountCents);
    expect(payment.amountCents).toBeGreaterThan(0);
    contents.set(
      nameOf(payment),
      own.map(({ no }) => no),
    );
  }

  async function checkFiles(): Promise<void> {
    for (const { lastDay, state } of await player.books.settlements()) {
      const file = await player.books.paymentFile(lastDay);
      expect(file !== null).toBe(state === "filed");
      const hex = file && Buffer.from(file).toString("hex");
      if (hex !== null) expect(files.get(lastDay) ?? hex).toBe(hex);
      if (hex !== null) files.set(lastDay, hex);
      const csv = await player.books.accounts(lastDay);
      expect(csv !== null).toBe(state === "filed");
      if (csv !== null) expect(accounts.get(lastDay) ?? csv).toBe(csv);
      if (csv !== null) accounts.set(lastDay, csv);
    }
  }

  /** Every payment that a bank was told of is charged once, and once back after it was returned. */
  function checkAccounts(payments: readonly Payment[]): ReadonlyMap<string, number> {
    const { charged, balance } = bookedOf([...accounts.values()]);
    expect([...balance.values()].every((sum) => sum === 0)).toBe(true);
    const filed = payments.filter(({ settlement }) => accounts.has(settlement));
    expect(charged.size).toBe(filed.length);
    for (const { settlement, no, amountCents, state } of filed) {
      const sum = charged.get(`PASSREGION-${settlement}-${no}`);
      expect(state === "REJECTED" ? [0, amountCents] : [amountCents]).toContain(sum);
    }
    return charged;
  }

  /** A return of a paid sale is set off: nothing holds it for papers. */
  async function checkReturns(lines: readonly SettlementLine[]): Promise<number> {
    let setOff = 0;
    for (const line of lines.filter(({ kind }) => kind !== "sale")) {
      const sale = lines.find(({ saleId, kind }) => kind === "sale" && saleId === line.saleId);
      const isPaid = sale?.payment !== null;
      expect(line.ofPaidSale).toBe(isPaid);
      if (!isPaid) continue;
      // It was held with its sale, whose payment was put right since; the next settlement looks at it again.
      if (sale?.payment && returned.has(nameOf(sale.payment)) && line.state === "HELD") continue;
      expect(line.holds.filter((hold) => hold !== "BANK_DETAILS_MISSING")).toEqual([]);
      const papers = await player.books.papers(line.partnerId);
      const asSale = papers && holdsOf({ ...line, ofPaidSale: false }, papers, RULES);
      if (line.payment === null && asSale?.length) setOff += 1;
    }
    return setOff;
  }

  function booksWith(
    lines: readonly SettlementLine[],
    payments: readonly Payment[],
    toBook: readonly Payment[],
  ): BooksBefore {
    const open = new Set(lines.filter(({ payment }) => payment === null).map(({ no }) => no));
    const unbooked = new Set(toBook.map(nameOf));
    return {
      payments,
      isOpen: (payment) => (contents.get(nameOf(payment)) ?? []).every((no) => open.has(no)),
      isUnbooked: (payment) => unbooked.has(nameOf(payment)),
    };
  }

  return async (heard: readonly HeardWord[] = []) => {
    for (const word of heard) if (before) money.hear(word, before);
    const lines = await linesOf(player.books);
    const payments = await allPayments(player.books);
    for (const payment of payments) {
      const own = lines.filter((line) => line.payment && nameOf(line.payment) === nameOf(payment));
      if (!contents.has(nameOf(payment))) await checkNew(payment, own);
      const state = payment.state === "PAID" ? "PAID" : "BATCHED";
      expect(own.every((line) => line.state === state)).toBe(true);
      const expected = payment.state === "REJECTED" ? [] : contents.get(nameOf(payment));
      expect(own.map(({ no }) => no)).toEqual(expected);
    }
    const standing = payments.filter(({ state }) => state !== "REJECTED");
    for (const payment of payments) if (payment.state === "REJECTED") returned.add(nameOf(payment));
    // What stands may go out, and what a bank said went out did so, whatever the books made of it.
    const paid = new Set([...standing.map(nameOf), ...money.out]);
    const paidOnce = [...paid].flatMap((name) => contents.get(name) ?? []);
    expect(new Set(paidOnce).size).toBe(paidOnce.length);
    const open = lines.filter(({ payment }) => payment === null);
    expect(sumOf(lines)).toBe(sumOf(standing) + sumOf(open));
    expect(open.every(({ state, holds }) => (state === "HELD") === holds.length > 0)).toBe(true);
    before = booksWith(lines, payments, await player.books.returnsToBook());
    await checkFiles();
    const charged = checkAccounts(payments);
    return { lines, payments, charged, setOff: await checkReturns(lines) };
  };
}

/** How often a payment that was returned was paid after all. */
function putRightIn(words: readonly HeardWord[]): number {
  const applied = words.filter(({ outcome }) => outcome === "applied");
  return applied.filter((word, index) => {
    const earlier = applied.slice(0, index).filter((it) => nameOf(it) === nameOf(word));
    return word.status === "PAID" && earlier.at(-1)?.status === "REJECTED";
  }).length;
}

/** Of a file of which a payment had gone out. */
const isWholeRefused = ({ about, status, outcome }: HeardWord): boolean =>
  about === "message" && status === "REJECTED" && outcome === "contradiction";

async function playAll(player: Player, steps: readonly Step[]) {
  const look = createWatch(player);
  let heldBefore = 0;
  let setOffBefore = 0;
  const words: HeardWord[] = [];
  for (const step of steps) {
    const heard = await player.play(step);
    words.push(...heard);
    const { lines, setOff } = await look(heard);
    heldBefore = lines.filter(({ state }) => state === "HELD").length;
    setOffBefore += setOff;
  }
  await player.finish();
  return { ...(await look()), heldBefore, setOffBefore, words };
}

const timeout = 4 * PROPERTY_TIMEOUT_MS;

describeOtherDrivers(
  (name) => `random months in memory and on ${name}`,
  (makeDriver) => {
    it("add up at every moment, and alike", { timeout }, async () => {
      const seen = {
        paid: 0,
        returned: 0,
        held: 0,
        carried: 0,
        setOff: 0,
        putRight: 0,
        refused: 0,
      };
      await fc.assert(
        fc.asyncProperty(randomMonths, async (steps) => {
          const inMemory = await playAll(await openPlayer(memoryDriver()), steps);
          const driver = await makeDriver();
          try {
            expect(await playAll(await openPlayer(driver), steps)).toEqual(inMemory);
          } finally {
            await driver.close();
          }
          const { lines, payments, charged, heldBefore, setOffBefore, words } = inMemory;
          const open = lines.filter(({ payment }) => payment === null);
          expect(open.some(({ state }) => state === "HELD")).toBe(false);
          // What is charged in the end is what stands paid.
          const standing = payments.filter(({ state }) => state !== "REJECTED");
          const sum = [...charged.values()].reduce((total, cents) => total + cents, 0);
          expect(sum).toBe(sumOf(standing));
          seen.held += heldBefore;
          seen.setOff += setOffBefore;
          seen.carried += open.filter(({ state }) => state === "RELEASED").length;
          seen.returned += payments.filter(({ state }) => state === "REJECTED").length;
          seen.paid += payments.length;
          seen.putRight += putRightIn(words);
          seen.refused += words.filter(isWholeRefused).length;
        }),
        runsOf("months of reimbursement", 40),
      );
      for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(0);
    });
  },
);
