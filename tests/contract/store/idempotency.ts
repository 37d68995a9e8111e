// The same id always gets the same answer, whatever has changed since, and moves nothing twice.

import { describe, expect, it } from "vitest";
import { WRONG_PIN } from "../../support/presentations.js";
import { codeOf, decisionOf } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const AFTER_THE_WINDOW = Date.parse("2023-09-01T10:00:00Z");

export function describeIdempotency(makeDriver: MakeDriver): void {
  describe("an attempt", () => {
    it("is stored with its answer, and with its debit where it was approved", async () => {
      const shop = await openFor(makeDriver);
      const approved = shop.request();
      const declined = shop.request({ purchaseCents: 0 });
      const answers = [await shop.authorize(approved), await shop.authorize(declined)].map(
        decisionOf,
      );
      const { attempts, entries } = await shop.ledger();
      expect(attempts).toMatchObject([
        { id: approved.id, state: "approved", code: "APPROVED" },
        { id: declined.id, state: "declined", code: "AMOUNT_INVALID" },
      ]);
      expect(attempts.map(({ answer }) => JSON.parse(answer ?? ""))).toEqual(
        answers.map(({ answer }) => answer),
      );
      expect(entries).toMatchObject([{ attemptId: approved.id, units: 1000 }]);
    });

    it("sent again gets the same answer, though card, partner and window have changed", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request();
      const first = decisionOf(await shop.authorize(request));
      await shop.store.load({ cards: [shop.card().record({ status: "STOLEN" })] });
      await shop.store.load({ terminals: [shop.terminal().record({ status: "revoked" })] });
      await shop.changePartner({ status: "suspended", agrements: [] });
      shop.clock.setNow(AFTER_THE_WINDOW);
      const again = decisionOf(await shop.authorize(request));
      expect(again.answer).toEqual(first.answer);
      expect([first.replayed, again.replayed]).toEqual([false, true]);
      expect(await shop.spent("SPECTACLE")).toBe(1000);
    });

    it("that was declined stays declined, and uses no second try", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request({ evidence: shop.terminal().scan(shop.card(), WRONG_PIN) });
      const first = decisionOf(await shop.authorize(request));
      const again = decisionOf(await shop.authorize(request));
      expect(again.answer).toEqual(first.answer);
      expect((await shop.ledger()).cards).toMatchObject([{ pinFailures: 1 }]);
    });

    it("is known by its content, not by its spelling or its deadline", async () => {
      const shop = await openFor(makeDriver);
      const { id, evidence, avantage, purchaseCents } = shop.request();
      const first = decisionOf(await shop.authorize({ id, evidence, avantage, purchaseCents }));
      const respelt = { deadlineMs: 900, purchaseCents, avantage, evidence, id };
      expect(decisionOf(await shop.authorize(respelt)).answer).toEqual(first.answer);
    });

    it("with another content under its id is a conflict and changes nothing", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request();
      await shop.authorize(request);
      const before = await shop.ledger();
      const others = [
        { purchaseCents: 999 },
        { avantage: "CINEMA" },
        { exact: true },
        { evidence: shop.card().tap() },
      ];
      for (const change of others) {
        expect(codeOf(await shop.authorize({ ...request, ...change }))).toBe("conflict");
      }
      const { id, evidence } = request;
      expect(codeOf(await shop.inquire({ id, evidence }))).toBe("conflict");
      expect(await shop.ledger()).toEqual(before);
    });

    it("under the same id at another terminal is another attempt", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request();
      await shop.authorize(request, shop.terminal(0));
      const other = await shop.authorize(
        { ...request, evidence: shop.card().tap() },
        shop.terminal(1),
      );
      expect(decisionOf(other)).toMatchObject({ code: "APPROVED", replayed: false });
      expect(await shop.spent("SPECTACLE")).toBe(2000);
    });

    it("sent many times at once is debited once and answered alike", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request();
      const copies = Array.from({ length: 20 }, () => shop.authorize(request));
      const decisions = (await Promise.all(copies)).map(decisionOf);
      expect(decisions.filter(({ replayed }) => !replayed)).toHaveLength(1);
      for (const { answer } of decisions) expect(answer).toEqual(decisions[0]?.answer);
      expect((await shop.ledger()).entries).toHaveLength(1);
    });

    it("that waited past its deadline is declined, not approved into the void", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request({ deadlineMs: 300 });
      const receivedAtMonotonicMs = shop.clock.monotonicMs();
      shop.clock.advance(300);
      const command = { type: "authorize", terminalId: "terminal-0", request } as const;
      const answer = await shop.store.execute({ ...command, receivedAtMonotonicMs });
      expect(codeOf(answer)).toBe("DEADLINE_PASSED");
      expect(await shop.spent("SPECTACLE")).toBe(0);
    });

    it("is never decided before an earlier one of the account, though the clock stepped back", async () => {
      const shop = await openFor(makeDriver);
      const first = decisionOf(await shop.authorize());
      shop.clock.setNow(shop.clock.nowMs() - 3_600_000);
      const second = decisionOf(await shop.authorize());
      expect(second.answer.decidedAtMs).toBe(first.answer.decidedAtMs);
    });
  });

  describe("the status", () => {
    it("is the stored answer, and for nobody but the terminal that asked for it", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request();
      const { answer } = decisionOf(await shop.authorize(request));
      const status = await shop.store.status("terminal-0", request.id);
      expect(status).toEqual({ id: request.id, state: "approved", answer });
      expect(await shop.store.status("terminal-1", request.id)).toBeNull();
      expect(await shop.store.status("terminal-0", shop.newId())).toBeNull();
    });

    it("tells of a reversal beside the first answer", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request();
      const sale = decisionOf(await shop.authorize(request));
      const { answer: reversal } = decisionOf(await shop.reverse(request.id));
      const status = await shop.store.status("terminal-0", request.id);
      expect(status).toEqual({ id: request.id, state: "reversed", answer: sale.answer, reversal });
    });
  });
}
