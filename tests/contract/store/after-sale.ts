// What is done with a sale after its decision: one winner, nothing above what was held or taken, everything once.

import { describe, expect, it } from "vitest";
import { programmeWith } from "../../support/builders.js";
import { codeOf, decisionOf, type Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const HALF_AN_HOUR_MS = 30 * 60_000;
/** The Sunday after the tests' Wednesday ends in Paris, and with it the settlement's period. */
const CUTOFF_MS = Date.parse("2023-03-19T23:00:00Z");

const unitsOf = async (shop: Shop) => (await shop.ledger()).entries.map(({ units }) => units);
const stateOf = async (shop: Shop, id: string) =>
  (await shop.store.status("terminal-0", id))?.state;

/** Holds an amount of SPECTACLE, and returns the sale's id. */
async function hold(shop: Shop, purchaseCents = 10_000): Promise<string> {
  const request = shop.request({ purchaseCents, capture: false });
  expect(codeOf(await shop.authorize(request))).toBe("APPROVED_HELD");
  return request.id;
}

/** Takes an amount of SPECTACLE at once, and returns the sale's id. */
async function sell(shop: Shop, purchaseCents = 10_000): Promise<string> {
  const request = shop.request({ purchaseCents });
  expect(codeOf(await shop.authorize(request))).toBe("APPROVED");
  return request.id;
}

/** The ledger, the books and every answer add up, and come out the same when they are made again. */
async function expectSound(shop: Shop): Promise<void> {
  expect((await shop.store.verify()).faults).toEqual([]);
  expect((await shop.store.replay()).differences).toEqual([]);
}

const GRANTS = { SPECTACLE: 10_000, CINEMA: 5, MUSEE: 0 };

export function describeAfterSale(makeDriver: MakeDriver): void {
  const open = () => openFor(makeDriver, { grants: GRANTS });

  describe("a hold", () => {
    it("keeps its amount from other sales, and takes nothing", async () => {
      const shop = await open();
      const id = await hold(shop, 6_000);
      expect(await shop.spent("SPECTACLE")).toBe(0);
      expect(codeOf(await shop.authorize({ purchaseCents: 5_000, exact: true }))).toBe(
        "INSUFFICIENT_BALANCE",
      );
      expect(codeOf(await shop.authorize({ purchaseCents: 4_000 }))).toBe("APPROVED");
      expect(await stateOf(shop, id)).toBe("held");
      await expectSound(shop);
    });

    it("is captured in part, and the rest is free at once", async () => {
      const shop = await open();
      const id = await hold(shop);
      const { answer } = decisionOf(await shop.capture(id, { amountCents: 3_500 }));
      expect(answer).toMatchObject({ code: "CAPTURED", released: { value: 6_500 } });
      expect(await unitsOf(shop)).toEqual([3_500]);
      expect(codeOf(await shop.authorize({ purchaseCents: 6_500 }))).toBe("APPROVED");
      expect(await stateOf(shop, id)).toBe("approved");
      await expectSound(shop);
    });

    it("expires at its very instant: seen on read, and free for another sale", async () => {
      const shop = await open();
      const id = await hold(shop);
      shop.clock.advance(HALF_AN_HOUR_MS - 1);
      expect(await stateOf(shop, id)).toBe("held");
      shop.clock.advance(1);
      expect(await stateOf(shop, id)).toBe("expired");
      expect((await shop.ledger()).holds).toHaveLength(1);
      expect(codeOf(await shop.authorize({ purchaseCents: 10_000 }))).toBe("APPROVED");
      expect((await shop.ledger()).holds).toEqual([]);
      expect(await stateOf(shop, id)).toBe("expired");
      await expectSound(shop);
    });

    it("captured at the instant of its expiry comes too late, a millisecond before it does not", async () => {
      const shop = await open();
      const [early, late] = [await hold(shop, 1_000), await hold(shop, 1_000)];
      shop.clock.advance(HALF_AN_HOUR_MS - 1);
      expect(codeOf(await shop.capture(early))).toBe("CAPTURED");
      shop.clock.advance(1);
      expect(codeOf(await shop.capture(late))).toBe("HOLD_EXPIRED");
      expect(await unitsOf(shop)).toEqual([1_000]);
      await expectSound(shop);
    });

    it("that was seen as expired stays so, where the clock steps back", async () => {
      const shop = await open();
      const id = await hold(shop);
      shop.clock.advance(HALF_AN_HOUR_MS);
      expect(codeOf(await shop.authorize({ purchaseCents: 10_000 }))).toBe("APPROVED");
      shop.clock.advance(-HALF_AN_HOUR_MS);
      expect(codeOf(await shop.capture(id))).toBe("HOLD_EXPIRED");
      expect(await unitsOf(shop)).toEqual([10_000]);
      await expectSound(shop);
    });

    it("counts as one of the account's sales, before its end and after it", async () => {
      const velocity = { salesMax: 1, withinMs: 60 * 60_000 };
      const programme = programmeWith({ settings: { velocity } });
      const shop = await openFor(makeDriver, { grants: GRANTS, programme });
      await hold(shop);
      shop.clock.advance(HALF_AN_HOUR_MS);
      const buy = async () => codeOf(await shop.authorize({ purchaseCents: 100 }));
      expect([await buy(), await buy()]).toEqual(["VELOCITY_LIMIT", "VELOCITY_LIMIT"]);
    });

    it("waits for its capture in the till's day until it is over, and not beyond", async () => {
      const shop = await open();
      await hold(shop);
      const waiting = async () => {
        const day = { terminalId: "terminal-0", fromMs: 0, toMs: shop.clock.nowMs() + 1 };
        return (await shop.store.tillDay(day)).held;
      };
      expect(await waiting()).toBe(1);
      shop.clock.advance(HALF_AN_HOUR_MS);
      expect(await waiting()).toBe(0);
    });

    it("is told as held, and not as used up, to another sale", async () => {
      const shop = await open();
      await hold(shop);
      const { answer } = decisionOf(await shop.authorize({ purchaseCents: 100 }));
      expect(answer).toMatchObject({ code: "BALANCE_EXHAUSTED", reason: "HELD" });
    });

    it("whose capture came too late is over for good, where the clock steps back", async () => {
      const shop = await open();
      const id = await hold(shop);
      shop.clock.advance(HALF_AN_HOUR_MS);
      expect(codeOf(await shop.capture(id))).toBe("HOLD_EXPIRED");
      shop.clock.setNow(shop.clock.nowMs() - 60_000);
      expect(codeOf(await shop.capture(id))).toBe("HOLD_EXPIRED");
      expect(await stateOf(shop, id)).toBe("expired");
      await expectSound(shop);
    });

    it("captured whole, and then with its amount, gets its first answer", async () => {
      const shop = await open();
      const id = await hold(shop, 100);
      const first = decisionOf(await shop.capture(id));
      const again = decisionOf(await shop.capture(id, { amountCents: 100 }));
      expect(again).toMatchObject({ answer: first.answer, replayed: true });
    });

    it("captured twice at once with one amount is taken once, and answered alike", async () => {
      const shop = await open();
      const id = await hold(shop);
      const [one, other] = await Promise.all([shop.capture(id), shop.capture(id)]);
      expect(decisionOf(one).answer).toEqual(decisionOf(other).answer);
      expect(codeOf(one)).toBe("CAPTURED");
      expect(await unitsOf(shop)).toEqual([10_000]);
      await expectSound(shop);
    });

    it("captured twice at once with two amounts has one winner", async () => {
      const shop = await open();
      const id = await hold(shop);
      const answers = await Promise.all([
        shop.capture(id, { amountCents: 6_000 }),
        shop.capture(id, { amountCents: 6_001 }),
      ]);
      expect(answers.map(codeOf).sort()).toEqual(["ALREADY_CAPTURED", "CAPTURED"]);
      expect(await unitsOf(shop)).toHaveLength(1);
      await expectSound(shop);
    });

    it("captured and reversed at once has one winner, and nothing is left taken", async () => {
      const shop = await open();
      const id = await hold(shop);
      const [captured, reversed] = await Promise.all([shop.capture(id), shop.reverse(id)]);
      expect([codeOf(captured), codeOf(reversed)]).toEqual(["CAPTURED", "REVERSED"]);
      expect(await shop.spent("SPECTACLE")).toBe(0);
      expect(codeOf(await shop.capture(id))).toBe("ALREADY_REVERSED");
      await expectSound(shop);
    });

    it("cannot be captured after it was voided, nor above what it keeps", async () => {
      const shop = await open();
      const id = await hold(shop);
      expect(codeOf(await shop.capture(id, { amountCents: 10_001 }))).toBe("CAPTURE_OVER_HOLD");
      const voided = decisionOf(await shop.reverse(id, { reason: "manual" }));
      expect(voided.answer).not.toHaveProperty("returned");
      expect(codeOf(await shop.capture(id))).toBe("ALREADY_REVERSED");
      expect(await unitsOf(shop)).toEqual([]);
      expect(codeOf(await shop.authorize({ purchaseCents: 10_000 }))).toBe("APPROVED");
      await expectSound(shop);
    });

    it("is captured by its own terminal alone", async () => {
      const shop = await open();
      const id = await hold(shop);
      expect(codeOf(await shop.capture(id, { terminal: shop.terminal(1) }))).toBe("notFound");
      expect(codeOf(await shop.capture(shop.newId()))).toBe("notFound");
    });

    it("keeps what it promised when the avantage is suspended or revoked afterwards", async () => {
      const shop = await open();
      const id = await hold(shop);
      await shop.send({
        type: "grants.revoked",
        beneficiary: "account-0",
        campaign: "2022/2023",
        avantages: "ALL",
      });
      expect(codeOf(await shop.capture(id))).toBe("CAPTURED");
      await expectSound(shop);
    });

    it("of a sale that was final, declined or recorded is not there to capture", async () => {
      const shop = await open();
      const declined = shop.request({ purchaseCents: 0 });
      const visit = shop.request({ avantage: "MUSEE", purchaseCents: undefined });
      await shop.authorize(declined);
      await shop.authorize(visit);
      for (const id of [await sell(shop), declined.id, visit.id]) {
        expect(codeOf(await shop.capture(id))).toBe("NOTHING_TO_CAPTURE");
      }
    });
  });

  describe("a refund", () => {
    it("of 60 and 60 on 100 gives back one of them, at once and one after the other", async () => {
      const shop = await open();
      const id = await sell(shop);
      const sixty = () => shop.refund(id, { amountCents: 6_000 });
      expect((await Promise.all([sixty(), sixty()])).map(codeOf).sort()).toEqual([
        "REFUNDED",
        "REFUND_OVER_CAPTURED",
      ]);
      expect(codeOf(await sixty())).toBe("REFUND_OVER_CAPTURED");
      expect(codeOf(await shop.refund(id, { amountCents: 4_000 }))).toBe("REFUNDED");
      expect(codeOf(await shop.refund(id))).toBe("REFUND_OVER_CAPTURED");
      expect(await unitsOf(shop)).toEqual([10_000, -6_000, -4_000]);
      await expectSound(shop);
    });

    it("under one id is made once, and its id is good for no other", async () => {
      const shop = await open();
      const id = await sell(shop);
      const refundId = shop.newId();
      const first = decisionOf(await shop.refund(id, { id: refundId, amountCents: 100 }));
      const again = decisionOf(await shop.refund(id, { id: refundId, amountCents: 100 }));
      expect(again).toMatchObject({ answer: first.answer, replayed: true });
      expect(codeOf(await shop.refund(id, { id: refundId, amountCents: 101 }))).toBe("conflict");
      const other = await sell(shop, 50);
      expect(codeOf(await shop.refund(other, { id: refundId, amountCents: 100 }))).toBe("conflict");
      expect(await unitsOf(shop)).toEqual([10_000, -100, 50]);
      await expectSound(shop);
    });

    it("after the window goes back to its grant, where it can be used no more", async () => {
      const shop = await open();
      const id = await sell(shop);
      shop.clock.setNow(Date.parse("2023-12-24T10:00:00Z"));
      const { answer } = decisionOf(await shop.refund(id, { amountCents: 4_000 }));
      expect(answer).toMatchObject({ code: "REFUNDED", usableUntil: "2023-06-30" });
      expect(answer.message).toContain("ne peut plus être utilisé");
      expect(await shop.spent("SPECTACLE")).toBe(6_000);
      expect(codeOf(await shop.authorize({ purchaseCents: 100 }))).toBe("WINDOW_CLOSED");
      await expectSound(shop);
    });

    it("of seats gives seats back, and no cents", async () => {
      const shop = await open();
      const request = shop.request({ avantage: "CINEMA", quantity: 3, purchaseCents: undefined });
      await shop.authorize(request);
      expect(codeOf(await shop.refund(request.id, { amountCents: 200 }))).toBe("QUANTITY_INVALID");
      const { answer } = decisionOf(await shop.refund(request.id, { quantity: 2 }));
      expect(answer).toMatchObject({
        returned: { unit: "SEAT", value: 2 },
        refundable: { unit: "SEAT", value: 1 },
      });
      expect(await shop.spent("CINEMA")).toBe(1);
      await expectSound(shop);
    });

    it("of a sale on the old card goes to the person, while a sale runs on the new one", async () => {
      const shop = await open();
      const id = await sell(shop, 6_000);
      const replacement = shop.newCard("account-0");
      await shop.store.load({
        cards: [shop.card().record({ status: "REPLACED" }), replacement.record()],
      });
      const buy = { evidence: replacement.tap(), purchaseCents: 8_000 };
      const [refunded, bought] = await Promise.all([shop.refund(id), shop.authorize(buy)]);
      expect(codeOf(refunded)).toBe("REFUNDED");
      // Whichever comes first: what is taken in all never exceeds the grant, and nothing is lost.
      expect(["APPROVED", "APPROVED_PARTIAL"]).toContain(codeOf(bought));
      const entries = await unitsOf(shop);
      expect(entries.reduce((sum, units) => sum + units, 0)).toBe(await shop.spent("SPECTACLE"));
      expect(await shop.spent("SPECTACLE")).toBeLessThanOrEqual(8_000);
      await expectSound(shop);
    });

    it("is made at any till of the partner, and at none of another", async () => {
      const shop = await open();
      const id = await sell(shop);
      const elsewhere = { terminal: shop.terminal(1) };
      expect(codeOf(await shop.refund(id, { ...elsewhere, amountCents: 100 }))).toBe("REFUNDED");
      await shop.store.load({
        partners: [{ ...(shop.batch.partners?.[0] ?? never()), id: "partner-2", conventions: [] }],
        pointsOfSale: [{ id: "pos-2", partnerId: "partner-2", name: "Ailleurs", city: "Lyon" }],
        terminals: [shop.terminal(1).record({ pointOfSaleId: "pos-2" })],
      });
      expect(codeOf(await shop.refund(id, { ...elsewhere, amountCents: 100 }))).toBe("notFound");
      expect(codeOf(await shop.refund(shop.newId()))).toBe("notFound");
      expect(await unitsOf(shop)).toEqual([10_000, -100]);
    });

    it("finds a sale of its partner whose terminal has moved to another since", async () => {
      const shop = await open();
      const id = await sell(shop, 1_000);
      await shop.store.load({
        partners: [{ ...(shop.batch.partners?.[0] ?? never()), id: "partner-2", conventions: [] }],
        pointsOfSale: [{ id: "pos-2", partnerId: "partner-2", name: "Ailleurs", city: "Lyon" }],
        terminals: [shop.terminal(0).record({ pointOfSaleId: "pos-2" })],
      });
      expect(codeOf(await shop.refund(id, { terminal: shop.terminal(1) }))).toBe("REFUNDED");
      expect(codeOf(await shop.refund(id, { terminal: shop.terminal(0) }))).toBe("notFound");
      await expectSound(shop);
    });

    it("of a single use opens it again once all of it is back", async () => {
      const shop = await openFor(makeDriver, { grants: { LICENCE: 3_000 } });
      const request = shop.request({ avantage: "LICENCE", purchaseCents: 3_000 });
      await shop.authorize(request);
      const part = decisionOf(await shop.refund(request.id, { amountCents: 1_000 }));
      expect(part.answer.message).toContain("ne peut plus être utilisé");
      const again = () => shop.authorize({ avantage: "LICENCE", purchaseCents: 3_000 });
      expect(codeOf(await again())).toBe("ALREADY_USED");
      const rest = decisionOf(await shop.refund(request.id));
      expect(rest.answer.message).not.toContain("ne peut plus");
      expect(codeOf(await again())).toBe("APPROVED");
      await expectSound(shop);
    });

    it("of seats is no refund of as many cents under the same id", async () => {
      const shop = await open();
      const request = shop.request({ avantage: "CINEMA", quantity: 3, purchaseCents: undefined });
      await shop.authorize(request);
      const id = shop.newId();
      expect(codeOf(await shop.refund(request.id, { id, quantity: 2 }))).toBe("REFUNDED");
      expect(codeOf(await shop.refund(request.id, { id, amountCents: 2 }))).toBe("conflict");
    });

    it("of a sale that is held, reversed, declined or recorded finds nothing to give", async () => {
      const shop = await open();
      const held = await hold(shop, 100);
      const reversed = await sell(shop, 100);
      await shop.reverse(reversed);
      const declined = shop.request({ purchaseCents: 0 });
      await shop.authorize(declined);
      const visit = shop.request({ avantage: "MUSEE", purchaseCents: undefined });
      await shop.authorize(visit);
      const codes = [];
      for (const id of [held, reversed, declined.id, visit.id]) {
        codes.push(codeOf(await shop.refund(id)));
      }
      expect(codes).toEqual([
        "NOTHING_TO_REFUND",
        "ALREADY_REVERSED",
        "NOTHING_TO_REFUND",
        "NOTHING_TO_REFUND",
      ]);
      expect(await shop.spent("SPECTACLE")).toBe(0);
    });

    it("and a reversal at once give back what was taken, and no more", async () => {
      const shop = await open();
      const id = await sell(shop);
      const [refunded, reversed] = await Promise.all([
        shop.refund(id, { amountCents: 6_000 }),
        shop.reverse(id),
      ]);
      expect([codeOf(refunded), codeOf(reversed)]).toEqual(["REFUNDED", "REVERSED"]);
      expect(decisionOf(reversed).answer).toMatchObject({ returned: { value: 4_000 } });
      expect(await shop.spent("SPECTACLE")).toBe(0);
      expect(codeOf(await shop.refund(id, { amountCents: 1 }))).toBe("ALREADY_REVERSED");
      await expectSound(shop);
    });

    it("of what two terminals of one partner sold under one id is refused: nobody knows which", async () => {
      const shop = await open();
      const request = shop.request({ purchaseCents: 100 });
      await shop.authorize(request);
      await shop.authorize({ ...request, evidence: shop.card().tap() }, shop.terminal(1));
      expect(codeOf(await shop.refund(request.id))).toBe("notFound");
      const named = await shop.store.execute({
        type: "refund",
        asker: { kind: "terminal", terminalId: "terminal-0" },
        of: { terminalId: "terminal-1", id: request.id },
        request: { id: shop.newId() },
      });
      expect(codeOf(named)).toBe("REFUNDED");
      await expectSound(shop);
    });
  });

  describe("a reversal and the settlement", () => {
    it("goes together until the period ends; then a cashier refunds, and a terminal in doubt is answered", async () => {
      const shop = await open();
      const [first, second, third] = [
        await sell(shop, 100),
        await sell(shop, 200),
        await sell(shop, 300),
      ];
      shop.clock.setNow(CUTOFF_MS - 1);
      expect(codeOf(await shop.reverse(first, { reason: "manual" }))).toBe("REVERSED");
      shop.clock.setNow(CUTOFF_MS);
      expect(codeOf(await shop.reverse(second, { reason: "manual" }))).toBe("REVERSAL_TOO_LATE");
      expect(await shop.spent("SPECTACLE")).toBe(500);
      expect(codeOf(await shop.refund(second))).toBe("REFUNDED");
      expect(codeOf(await shop.reverse(third))).toBe("REVERSED");
      expect(await shop.spent("SPECTACLE")).toBe(0);
      await expectSound(shop);
    });

    it("leaves a recorded visit to be undone at any time: nothing was taken that could be refunded", async () => {
      const shop = await open();
      const visit = shop.request({ avantage: "MUSEE", purchaseCents: undefined });
      await shop.authorize(visit);
      shop.clock.setNow(CUTOFF_MS);
      expect(codeOf(await shop.reverse(visit.id, { reason: "manual" }))).toBe("REVERSED");
      await expectSound(shop);
    });

    it("counts from the capture, where there is one", async () => {
      const shop = await open();
      shop.clock.setNow(CUTOFF_MS - 60_000);
      const id = await hold(shop, 100);
      shop.clock.setNow(CUTOFF_MS + 60_000);
      expect(codeOf(await shop.capture(id))).toBe("CAPTURED");
      expect(codeOf(await shop.reverse(id, { reason: "manual" }))).toBe("REVERSED");
      await expectSound(shop);
    });
  });

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

function never(): never {
  throw new Error("the shop has a partner");
}
