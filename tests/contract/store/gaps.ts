// What a store keeps of a restore: its gap is never changed, ends once, and only with everything that was missing.

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { EventRow } from "../../../gateway/src/store/driver.js";
import type { Gap, GapDifference } from "../../../gateway/src/store/gap/driver.js";
import { collected } from "../../support/ledger.js";
import { codeOf, type Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const DAY_MS = 24 * 3_600_000;
const DAYS = ["2023-11-14", "2023-11-15"];
const DIFFERENCE: GapDifference = {
  ...{ avantage: "SPECTACLE", unit: "EUR_CENT", side: "sales" },
  ...{ tillCount: 2, tillValue: 300, ledgerCount: 1, ledgerValue: 100 },
};

let rows = 0;
function trail(type: string): EventRow {
  rows += 1;
  return {
    ...{ id: `gap-row-${rows}`, agentId: "operator-1", role: "operator", type, subject: "gap 1" },
    ...{ atMs: rows, outcome: "applied", refusal: null, notes: [] },
    fingerprint: createHash("sha256").update(type).digest(),
  };
}

/** A gap until now. */
function open({ store, clock }: Shop, sinceMs = clock.nowMs() - 7 * DAY_MS): Promise<Gap> {
  return store.gaps.open({ sinceMs }, ({ no, link, terminalIds }) => {
    const row = trail("gap.opened");
    const times = { fromMs: clock.nowMs() - DAY_MS, toMs: clock.nowMs() };
    const chained = { linkNo: link?.no ?? 0, linkHash: link?.hash ?? null };
    const signature = Buffer.alloc(64, no);
    const gap = { no, ...times, ...chained, openedEventId: row.id, terminalIds, signature };
    return { gap, trail: row };
  });
}

const compare = (
  { store, clock }: Shop,
  terminalId: string,
  day: string,
  differences: readonly GapDifference[] = [],
) =>
  store.gaps.compared(
    { terminalId, day, differences, atMs: clock.nowMs() },
    { daysOf: () => DAYS, trailOf: () => trail("gap.reconciled") },
  );

export function describeGaps(makeDriver: MakeDriver): void {
  describe("what a restore lost", () => {
    it("is kept with the terminals that are active or sold lately, and the end of the chain", async () => {
      const shop = await openFor(makeDriver, { terminals: 3 });
      const [sold, idle, active] = [0, 1, 2].map((index) => shop.terminal(index).id);
      expect(codeOf(await shop.authorize({}, shop.terminal(0)))).toBe("APPROVED");
      await shop.store.load({ revokedTerminals: [String(sold), String(idle)] });
      await shop.store.chain.seal();
      const gap = await open(shop);
      expect(gap.terminalIds).toEqual([sold, active]);
      const last = await shop.driver.chain.lastLink();
      expect(gap).toMatchObject({ no: 1, linkNo: last?.no, linkHash: last?.hash });
      expect(await shop.store.gaps.all()).toEqual([
        { ...gap, servedAtMs: null, reconciled: null, signed: null },
      ]);
      shop.clock.advance(30 * DAY_MS);
      expect((await open(shop)).terminalIds).toEqual([active]);
      expect((await shop.store.gaps.all()).map(({ no }) => no)).toEqual([1, 2]);
      expect(await shop.driver.gaps.terminalsSince(0)).toEqual([sold, active]);
    });

    it("ends when every terminal has compared every day, and not before", async () => {
      const shop = await openFor(makeDriver, { terminals: 2 });
      const { no, terminalIds } = await open(shop);
      const [one = "", other = ""] = terminalIds;
      expect(await compare(shop, one, "2023-11-13")).toEqual([]);
      expect(await compare(shop, one, "2023-11-14")).toEqual([]);
      expect(await compare(shop, one, "2023-11-15")).toEqual([]);
      expect(await compare(shop, "another", "2023-11-15")).toEqual([]);
      expect(await compare(shop, other, "2023-11-15")).toEqual([]);
      expect(await compare(shop, other, "2023-11-14")).toMatchObject([
        { no, reconciled: {}, signed: null },
      ]);
      const [gap] = await shop.store.gaps.all();
      const told = await collected(shop.driver.events({ subject: "gap 1" }));
      expect(told.map(({ type }) => type)).toEqual(["gap.opened", "gap.reconciled"]);
      expect(gap?.reconciled?.eventId).toBe(told[1]?.id);
      expect(await compare(shop, other, "2023-11-14")).toEqual([]);
    });

    it("is signed for once also after it was reconciled: no till knows what was paid", async () => {
      const shop = await openFor(makeDriver, { terminals: 1 });
      const { no, terminalIds } = await open(shop);
      for (const day of DAYS) await compare(shop, String(terminalIds[0]), day);
      expect(await shop.store.gaps.sign(no, trail("gap.signed"))).toBe(true);
      expect(await shop.store.gaps.sign(no, trail("gap.signed"))).toBe(false);
      expect(await shop.store.gaps.all()).toMatchObject([{ reconciled: {}, signed: {} }]);
      const told = await collected(shop.driver.events({ subject: "gap 1" }));
      expect(told.map(({ type }) => type)).toEqual(["gap.opened", "gap.reconciled", "gap.signed"]);
    });

    it("is first served once, whatever serves it later", async () => {
      const shop = await openFor(makeDriver);
      await open(shop);
      expect(await shop.store.gaps.serve(5)).toMatchObject([{ servedAtMs: 5 }]);
      await open(shop);
      expect(await shop.store.gaps.serve(7)).toMatchObject([{ servedAtMs: 5 }, { servedAtMs: 7 }]);
    });

    it("keeps what differs of each day, as it was compared last", async () => {
      const shop = await openFor(makeDriver, { terminals: 2 });
      const { no, terminalIds } = await open(shop);
      const [one = ""] = terminalIds;
      const day = { gapNo: no, terminalId: one, day: "2023-11-14", atMs: shop.clock.nowMs() };
      const refunds: GapDifference = { ...DIFFERENCE, side: "refunds" };
      for (const differences of [[DIFFERENCE, refunds], [DIFFERENCE]]) {
        await compare(shop, one, day.day, differences);
      }
      expect(await shop.store.gaps.days(no)).toEqual([{ ...day, differences: [DIFFERENCE] }]);
      expect(await shop.store.gaps.days(no + 1)).toEqual([]);
    });

    it("ends by a signature, once, with its row in the audit trail", async () => {
      const shop = await openFor(makeDriver);
      const { no } = await open(shop);
      const row = trail("gap.signed");
      expect(await shop.store.gaps.sign(no + 1, trail("gap.signed"))).toBe(false);
      expect(await shop.store.gaps.sign(no, row)).toBe(true);
      expect(await shop.store.gaps.sign(no, trail("gap.signed"))).toBe(false);
      expect((await shop.store.gaps.all())[0]?.signed).toEqual({ atMs: row.atMs, eventId: row.id });
      const told = await collected(shop.driver.events({ subject: "gap 1" }));
      expect(told.map(({ type }) => type)).toEqual(["gap.opened", "gap.signed"]);
    });

    it("leaves nothing where its row in the audit trail cannot be written", async () => {
      const shop = await openFor(makeDriver);
      const { no } = await open(shop);
      const [{ id: taken } = trail("")] = await collected(shop.driver.events({ subject: "gap 1" }));
      await expect(
        shop.store.gaps.sign(no, { ...trail("gap.signed"), id: taken }),
      ).rejects.toThrow();
      expect((await shop.store.gaps.all())[0]?.signed).toBeNull();
    });
  });
}
