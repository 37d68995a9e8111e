// What a terminal may rely on when it compares its day, whoever answers: the gateway or its double.

import { parisDay } from "@pass-tpe/gateway";
import type { TillTotal } from "@pass-tpe/protocol";
import { describe, expect, test } from "vitest";
import { afterSaleTill } from "./after-sale-till.js";
import { expectProblem } from "./expectations.js";
import { contractTill, type GatewayUnderTest } from "./till.js";

const NONE = { count: 0, value: 0 };

/** Declares the suite under a name. `start` is called once. */
export function describeTillDays(name: string, start: () => Promise<GatewayUnderTest>): void {
  describe(`${name} keeps the contract of a till's day`, () => {
    const till = contractTill(start);
    const steps = afterSaleTill(till);
    const { hold, sell, sellSeats, capture, refund, undo, reconcile, sendTotals } = steps;

    /** The day on which the gateway decides now. */
    async function today(): Promise<string> {
      const { id, decidedAtMs } = await sell(0);
      await undo(id);
      return parisDay(decidedAtMs);
    }

    /** What the gateway has of the day so far. */
    const totalsOf = async (day: string) => (await reconcile({ day, totals: [] })).totals;

    const eurosOf = (totals: readonly TillTotal[]): TillTotal => {
      const { euros } = till.gateway();
      const none = { sales: NONE, reversals: NONE, refunds: NONE };
      const found = totals.find(({ avantage }) => avantage === euros);
      return found ?? { avantage: euros, unit: "EUR_CENT", ...none };
    };

    test("agrees with the totals that it has, and lists nothing then", async () => {
      const day = await today();
      await sell(200);
      await sellSeats(1);
      const totals = await totalsOf(day);
      expect(totals.map(({ unit }) => unit).toSorted()).toEqual(["EUR_CENT", "SEAT"]);
      for (const same of [totals, totals.toReversed()]) {
        expect(await reconcile({ day, totals: same })).toMatchObject({
          day,
          agreed: true,
          totals,
          moves: [],
          morePages: false,
        });
      }
    });

    test("does not agree with other totals, and lists every move in its order", async () => {
      const day = await today();
      const before = await reconcile({ day, totals: [] });
      const sold = await sell(300);
      const part = await refund(sold.id, { amountCents: 100 });
      const after = await reconcile({ day, totals: before.totals });
      expect(after.agreed).toBe(false);
      const move = { saleId: sold.id, avantage: till.gateway().euros, unit: "EUR_CENT" };
      expect(after.moves.slice(-2)).toEqual([
        { kind: "sale", ...move, value: 300, atMs: sold.decidedAtMs },
        { kind: "refund", ...move, refundId: part.id, value: 100, atMs: part.decidedAtMs },
      ]);
    });

    test("counts what was taken, captured, reversed and refunded, and nothing that was only held or declined", async () => {
      const day = await today();
      const before = eurosOf(await totalsOf(day));
      const { held: heldBefore } = await reconcile({ day, totals: [] });
      const captured = await hold(500);
      await capture(captured.id, { amountCents: 400 });
      const reversed = await sell(300);
      await refund(reversed.id, { amountCents: 100 });
      await undo(reversed.id);
      const letGo = await hold(200);
      await undo(letGo.id);
      const waiting = await hold(100);
      await sell(0);
      const { totals, held } = await reconcile({ day, totals: [] });
      expect(held).toBe(heldBefore + 1);
      const counted = (of: "sales" | "reversals" | "refunds", count: number, value: number) => ({
        count: before[of].count + count,
        value: before[of].value + value,
      });
      expect(eurosOf(totals)).toMatchObject({
        sales: counted("sales", 2, 700),
        reversals: counted("reversals", 1, 200),
        refunds: counted("refunds", 1, 100),
      });
      await undo(waiting.id);
    });

    test("without anything agrees with nothing, said or not", async () => {
      const day = "2001-01-01";
      const nothing = [{ ...eurosOf([]), unit: "EUR_CENT" }];
      for (const totals of [[], nothing]) {
        expect(await reconcile({ day, totals })).toMatchObject({ agreed: true, totals: [] });
      }
    });

    test("has no move on a page beyond the last", async () => {
      const day = await today();
      await sell(100);
      const beyond = await reconcile({ day, totals: [], page: 1 });
      expect(beyond).toMatchObject({ agreed: false, moves: [], morePages: false });
    });

    test.each([
      ["a day that is none", { day: "2026-02-30" }, "/day"],
      ["a page before the first", { page: -1 }, "/page"],
      ["totals that are none", { totals: 12 }, "/totals"],
      ["an unknown field", { tip: 1 }, ""],
    ])("is refused with %s", async (_what, wrong, pointer) => {
      const refused = await sendTotals({ day: "2026-01-09", totals: [], ...wrong });
      const { errors } = expectProblem(refused, { status: 400, code: "FORMAT_ERROR" });
      expect(errors?.map((error) => error.pointer)).toContain(pointer);
    });
  });
}
