// What a terminal may rely on between a hold and its end, whoever answers: the gateway or its double.

import { describe, expect, test } from "vitest";
import { afterSaleTill } from "./after-sale-till.js";
import { expectProblem } from "./expectations.js";
import { contractTill, type GatewayUnderTest } from "./till.js";

/** How many captures are sent at once. */
const AT_ONCE = 8;

/** Declares the suite under a name. `start` is called once. */
export function describeCaptures(name: string, start: () => Promise<GatewayUnderTest>): void {
  describe(`${name} keeps the contract of captures`, () => {
    const till = contractTill(start);
    const { newId, sale, authorize, decided, reverse, leftCents } = till;
    const { hold, holdSeats, sell, capture, sendCapture, undo, lookUp } = afterSaleTill(till);
    const euros = (value: number) => ({ unit: "EUR_CENT", value });

    describe("a sale without capture", () => {
      test("holds what it covers, and says until when", async () => {
        const before = await leftCents();
        const held = await hold(500);
        expect(held).toMatchObject({
          outcome: "approved",
          code: "APPROVED_HELD",
          iso39: "00",
          amountCents: 500,
          collectCents: 0,
          remaining: euros(before - 500),
          receipt: { channel: "NFC" },
        });
        expect(held.holdExpiresAtMs).toBeGreaterThan(held.decidedAtMs);
        expect(await leftCents()).toBe(before - 500);
        expect(await lookUp(held.id)).toEqual({ id: held.id, state: "held", answer: held });
        await undo(held.id);
      });

      test("holds a part where less is left than the purchase, and tells what is to be collected", async () => {
        const before = await leftCents();
        const held = await hold(before + 250);
        expect(held).toMatchObject({
          code: "APPROVED_HELD",
          amountCents: before,
          collectCents: 250,
        });
        await undo(held.id);
      });

      test("holds seats", async () => {
        const held = await holdSeats(2);
        expect(held).toMatchObject({ code: "APPROVED_HELD", quantity: 2, collectCents: 200 });
        await undo(held.id);
      });

      test("sent again gets the same answer; as a final sale its id is a conflict", async () => {
        const request = sale({ capture: false });
        const held = await decided(request);
        expect(await decided(request)).toEqual(held);
        const conflict = await authorize({ ...request, capture: true });
        expectProblem(conflict, { status: 409, code: "DUPLICATE_CONFLICT" });
        await undo(held.id);
      });
    });

    describe("a capture", () => {
      test("takes less than is held, and the rest is free", async () => {
        const before = await leftCents();
        const { id } = await hold(500);
        const captured = await capture(id, { amountCents: 300 });
        expect(captured).toMatchObject({
          id,
          outcome: "approved",
          code: "CAPTURED",
          amountCents: 300,
          released: euros(200),
          remaining: euros(before - 300),
          avantage: till.gateway().euros,
          receipt: { channel: "NFC" },
        });
        expect(await leftCents()).toBe(before - 300);
        expect(await lookUp(id)).toMatchObject({ state: "approved", capture: captured });
        await undo(id);
      });

      test("without an amount takes everything that is held", async () => {
        const before = await leftCents();
        const { id } = await hold(500);
        const captured = await capture(id);
        expect(captured).toMatchObject({ code: "CAPTURED", amountCents: 500 });
        expect(captured).not.toHaveProperty("released");
        expect(await leftCents()).toBe(before - 500);
        await undo(id);
      });

      test("of seats tells what is to be collected for those that were taken", async () => {
        const { id } = await holdSeats(2);
        expect(await capture(id, { quantity: 1 })).toMatchObject({
          code: "CAPTURED",
          quantity: 1,
          collectCents: 100,
          released: { unit: "SEAT", value: 1 },
        });
        await undo(id);
      });

      test("sent again gets the same answer and takes nothing more; another amount is refused", async () => {
        const { id } = await hold(500);
        const first = await capture(id, { amountCents: 300 });
        const between = await leftCents();
        expect(await capture(id, { amountCents: 300 })).toEqual(first);
        expect(await capture(id, { amountCents: 301 })).toMatchObject({
          outcome: "declined",
          code: "ALREADY_CAPTURED",
        });
        expect(await capture(id)).toMatchObject({ code: "ALREADY_CAPTURED" });
        expect(await leftCents()).toBe(between);
        await undo(id);
      });

      test("sent many times at once with other amounts has one winner", async () => {
        const before = await leftCents();
        const { id } = await hold(500);
        const amounts = Array.from({ length: AT_ONCE }, (_, index) => 100 + index);
        const answers = await Promise.all(
          amounts.map((amountCents) => capture(id, { amountCents })),
        );
        const codes = answers.map(({ code }) => code).sort();
        expect(codes).toEqual([...Array(AT_ONCE - 1).fill("ALREADY_CAPTURED"), "CAPTURED"]);
        const winner = answers.find(({ code }) => code === "CAPTURED");
        expect(await leftCents()).toBe(before - (winner?.amountCents ?? Number.NaN));
        await undo(id);
      });

      test("of more than is held takes nothing, and tells the most", async () => {
        const { id } = await hold(500);
        expect(await capture(id, { amountCents: 501 })).toMatchObject({
          outcome: "declined",
          code: "CAPTURE_OVER_HOLD",
          retry: "AMEND",
          available: euros(500),
        });
        expect(await capture(id, { amountCents: 500 })).toMatchObject({ code: "CAPTURED" });
        await undo(id);
      });

      test("of a final or a declined sale takes nothing", async () => {
        const { id } = await sell(100);
        const declined = await sell(0);
        for (const one of [id, declined.id]) {
          const answer = await capture(one);
          expect(answer).toMatchObject({ outcome: "declined", code: "NOTHING_TO_CAPTURE" });
        }
        await undo(id);
      });

      test("after the reversal takes nothing, whether it was captured before or not", async () => {
        const before = await leftCents();
        const held = await hold(500);
        await undo(held.id);
        expect(await capture(held.id)).toMatchObject({ code: "ALREADY_REVERSED" });
        const captured = await hold(500);
        await capture(captured.id);
        await undo(captured.id);
        expect(await capture(captured.id)).toMatchObject({ code: "ALREADY_REVERSED" });
        expect(await leftCents()).toBe(before);
      });

      test("of an unknown id, of an inquiry, or of a tombstone is not found", async () => {
        const inquiry = { id: newId(), evidence: till.gateway().freshNfcEvidence() };
        await till.post("/v1/inquiries", inquiry);
        const buried = newId();
        await reverse(buried);
        for (const id of [newId(), inquiry.id, buried]) {
          const missing = await sendCapture(id);
          expectProblem(missing, { status: 404, code: "ORIGINAL_NOT_FOUND" });
        }
      });

      test.each([
        ["nothing", { amountCents: 0 }, "AMOUNT_INVALID"],
        ["less than nothing", { amountCents: -1 }, "AMOUNT_INVALID"],
        ["seats, of euros", { quantity: 1 }, "AMOUNT_INVALID"],
        ["euros and seats", { amountCents: 100, quantity: 1 }, "AMOUNT_INVALID"],
      ])("of %s is declined, and the hold stays", async (_what, part, code) => {
        const { id } = await hold(500);
        expect(await capture(id, part)).toMatchObject({ outcome: "declined", code });
        expect((await lookUp(id)).state).toBe("held");
        await undo(id);
      });

      test("of euros, of seats, is declined", async () => {
        const { id } = await holdSeats(1);
        expect(await capture(id, { amountCents: 100 })).toMatchObject({
          outcome: "declined",
          code: "QUANTITY_INVALID",
        });
        await undo(id);
      });

      test("of another form is refused", async () => {
        const { id } = await hold(100);
        for (const part of [{ amountCents: 0.5 }, { amountCents: "100" }, { tip: 1 }]) {
          const refused = await sendCapture(id, part);
          expectProblem(refused, { status: 400, code: "FORMAT_ERROR" });
        }
        const noId = await sendCapture("not-an-id");
        expectProblem(noId, { status: 400, code: "FORMAT_ERROR" });
        await undo(id);
      });
    });

    test("a reversal of what is held lets go of it, and gives nothing back", async () => {
      const before = await leftCents();
      const { id } = await hold(500);
      const reversal = await undo(id);
      expect(reversal).toMatchObject({ code: "REVERSED" });
      expect(reversal).not.toHaveProperty("returned");
      expect(await leftCents()).toBe(before);
      expect(await lookUp(id)).toMatchObject({ state: "reversed", reversal });
    });

    test("a reversal of what was captured gives back what was taken", async () => {
      const { id } = await hold(500);
      await capture(id, { amountCents: 200 });
      expect(await undo(id)).toMatchObject({ returned: euros(200) });
    });

    test("a hold is over at the instant that it named, and seen as over at once", async () => {
      const before = await leftCents();
      const held = await hold(500);
      const { id, decidedAtMs, holdExpiresAtMs = Number.NaN } = held;
      till.gateway().letPass(holdExpiresAtMs - decidedAtMs);
      expect(await lookUp(id)).toEqual({ id, state: "expired", answer: held });
      const late = await capture(id);
      expect(late).toMatchObject({ outcome: "declined", code: "HOLD_EXPIRED", retry: "NEWKEY" });
      expect(await leftCents()).toBe(before);
      const reversal = await undo(id);
      expect(reversal).not.toHaveProperty("returned");
      expect(await leftCents()).toBe(before);
    });
  });
}
