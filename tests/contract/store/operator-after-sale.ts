// What the operator does with the sales of a lost terminal, and under whose name.

import { describe, expect, it } from "vitest";
import { codeOf, decisionOf } from "../../support/shop.js";
import { expectSound, hold, openAfterSale, sell } from "./after-sale-shop.js";
import type { MakeDriver } from "./open.js";

export function describeOperatorAfterSale(makeDriver: MakeDriver): void {
  const open = () => openAfterSale(makeDriver);

  describe("the operator, for a lost terminal,", () => {
    const asker = { kind: "agent", agentId: "operator-1" } as const;

    it("captures, reverses and refunds what it names, under a name of its own", async () => {
      const shop = await open();
      const terminalId = "terminal-0";
      const [held, sold, kept] = [
        await hold(shop, 100),
        await sell(shop, 200),
        await sell(shop, 300),
      ];
      const capture = { type: "capture", asker, terminalId, id: held, request: {} } as const;
      expect(codeOf(await shop.store.execute(capture))).toBe("CAPTURED");
      const reversal = { type: "reverse", asker, terminalId, id: sold, reason: "manual" } as const;
      expect(codeOf(await shop.store.execute(reversal))).toBe("REVERSED");
      const of = { terminalId, id: kept };
      const refund = { type: "refund", asker, of, request: { id: shop.newId() } } as const;
      expect(codeOf(await shop.store.execute(refund))).toBe("REFUNDED");
      const { operations, reversals } = await shop.ledger();
      expect([...operations, ...reversals].map(({ askedBy }) => askedBy)).toEqual(
        Array(3).fill("agent operator-1"),
      );
      await expectSound(shop);
    });

    it("gives back nothing more when another agent sends the same refund again", async () => {
      const shop = await open();
      const of = { terminalId: "terminal-0", id: await sell(shop, 1_000) };
      const request = { id: shop.newId(), amountCents: 400 };
      const refundBy = (agentId: string, change = {}) =>
        shop.store.execute({
          type: "refund",
          asker: { kind: "agent", agentId },
          of,
          request: { ...request, ...change },
        });
      const first = decisionOf(await refundBy("operator-1"));
      const again = decisionOf(await refundBy("operator-2"));
      expect(again).toMatchObject({ answer: first.answer, replayed: true });
      expect(codeOf(await refundBy("operator-2", { amountCents: 401 }))).toBe("conflict");
      expect(await shop.spent("SPECTACLE")).toBe(600);
      await expectSound(shop);
    });
  });
}
