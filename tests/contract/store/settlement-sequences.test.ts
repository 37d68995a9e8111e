// Random months of sales, returns, papers, cut-offs and banks' words: every cent is where it belongs, on both stores.

import fc from "fast-check";
import { expect, it } from "vitest";
import type { Payment, SettlementLine } from "../../../gateway/src/core/settlement/model.js";
import { holdsOf, paperRulesOf } from "../../../gateway/src/core/settlement/papers.js";
import { memoryDriver } from "../../../gateway/src/store/memory/driver.js";
import { sqliteDriver } from "../../../gateway/src/store/sqlite/driver.js";
import { PROPERTY_TIMEOUT_MS, runsOf } from "../../properties/support/runs.js";
import { TEST_PROGRAMME } from "../../support/programme.js";
import { tempFiles } from "../../support/temp-folder.js";
import { linesOf } from "./settlement-books.js";
import {
  allPayments,
  openPlayer,
  type Player,
  randomMonths,
  type Step,
} from "./settlement-player.js";

const newFile = tempFiles();
const RULES = paperRulesOf(TEST_PROGRAMME);

const nameOf = ({ settlement, partnerId }: Pick<Payment, "settlement" | "partnerId">) =>
  `${settlement} ${partnerId}`;
const sumOf = (items: readonly { readonly amountCents: number }[]) =>
  items.reduce((sum, { amountCents }) => sum + amountCents, 0);

/** Watches the books from outside: what was once in a payment, and what a file once said. */
function createWatch(player: Player) {
  const contents = new Map<string, readonly number[]>();
  const files = new Map<string, string>();

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
    }
  }

  return async () => {
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
    const paidOnce = standing.flatMap((payment) => contents.get(nameOf(payment)) ?? []);
    expect(new Set(paidOnce).size).toBe(paidOnce.length);
    const open = lines.filter(({ payment }) => payment === null);
    expect(sumOf(lines)).toBe(sumOf(standing) + sumOf(open));
    expect(open.every(({ state, holds }) => (state === "HELD") === holds.length > 0)).toBe(true);
    await checkFiles();
    return { lines, payments };
  };
}

async function playAll(player: Player, steps: readonly Step[]) {
  const look = createWatch(player);
  let heldBefore = 0;
  for (const step of steps) {
    await player.play(step);
    const { lines } = await look();
    heldBefore = lines.filter(({ state }) => state === "HELD").length;
  }
  await player.finish();
  return { ...(await look()), heldBefore };
}

it("random months add up at every moment, alike on both stores", {
  timeout: 4 * PROPERTY_TIMEOUT_MS,
}, async () => {
  const seen = { paid: 0, returned: 0, held: 0, carried: 0 };
  await fc.assert(
    fc.asyncProperty(randomMonths, async (steps) => {
      const inMemory = await playAll(await openPlayer(memoryDriver()), steps);
      const driver = sqliteDriver(newFile());
      try {
        expect(await playAll(await openPlayer(driver), steps)).toEqual(inMemory);
      } finally {
        await driver.close();
      }
      const { lines, payments, heldBefore } = inMemory;
      const open = lines.filter(({ payment }) => payment === null);
      expect(open.some(({ state }) => state === "HELD")).toBe(false);
      seen.held += heldBefore;
      seen.carried += open.filter(({ state }) => state === "RELEASED").length;
      seen.returned += payments.filter(({ state }) => state === "REJECTED").length;
      seen.paid += payments.length;
    }),
    runsOf("months of reimbursement", 40),
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});
