// What a terminal may rely on when it gives something back, whoever answers: the gateway or its double.

import { describe, expect, test } from "vitest";
import { afterSaleTill } from "./after-sale-till.js";
import { expectProblem } from "./expectations.js";
import { contractTill, type GatewayUnderTest } from "./till.js";

/** Declares the suite under a name. `start` is called once. */
export function describeRefunds(name: string, start: () => Promise<GatewayUnderTest>): void {
  describe(`${name} keeps the contract of refunds`, () => {
    const till = contractTill(start);
    const { newId, reverse, leftCents } = till;
    const { hold, sell, sellSeats, capture, refund, sendRefund, undo, lookUp } =
      afterSaleTill(till);
    const euros = (value: number) => ({ unit: "EUR_CENT", value });

    describe("a refund", () => {
      test("gives back in parts, and never more than was taken", async () => {
        const before = await leftCents();
        const { id } = await sell(1_000);
        const first = { id: newId(), amountCents: 600 };
        expect(await refund(id, first)).toMatchObject({
          id: first.id,
          of: id,
          outcome: "approved",
          code: "REFUNDED",
          avantage: till.gateway().euros,
          returned: euros(600),
          refundable: euros(400),
          receipt: { channel: "NFC" },
        });
        expect(await leftCents()).toBe(before - 400);
        expect(await refund(id, { amountCents: 600 })).toMatchObject({
          outcome: "declined",
          code: "REFUND_OVER_CAPTURED",
          retry: "AMEND",
          available: euros(400),
        });
        expect(await refund(id)).toMatchObject({ returned: euros(400), refundable: euros(0) });
        for (const part of [{}, { amountCents: 1 }]) {
          expect(await refund(id, part)).toMatchObject({
            code: "REFUND_OVER_CAPTURED",
            retry: "NO",
            available: euros(0),
          });
        }
        expect(await leftCents()).toBe(before);
      });

      test("of 60 € beside another of 60 €, at once, on 100 €: one is made", async () => {
        const { id } = await sell(1_000);
        const part = { amountCents: 600 };
        const answers = await Promise.all([refund(id, part), refund(id, part)]);
        const codes = answers.map(({ code }) => code).sort();
        expect(codes).toEqual(["REFUNDED", "REFUND_OVER_CAPTURED"]);
        await undo(id);
      });

      test("sent again gives back nothing more; its id for another refund is a conflict", async () => {
        const { id } = await sell(1_000);
        const other = await sell(100);
        const part = { id: newId(), amountCents: 300 };
        const first = await refund(id, part);
        const between = await leftCents();
        expect(await refund(id, part)).toEqual(first);
        for (const [of, changed] of [
          [id, { ...part, amountCents: 301 }],
          [id, { id: part.id }],
          [other.id, part],
        ] as const) {
          const conflict = await sendRefund(of, changed);
          expectProblem(conflict, { status: 409, code: "DUPLICATE_CONFLICT" });
        }
        expect(await leftCents()).toBe(between);
        expect((await lookUp(id)).refunds).toEqual([first]);
        await undo(id);
        await undo(other.id);
      });

      test("that was refused leaves its id free for the amended one", async () => {
        const { id } = await sell(500);
        const refundId = newId();
        await refund(id, { id: refundId, amountCents: 501 });
        expect(await refund(id, { id: refundId, amountCents: 500 })).toMatchObject({
          code: "REFUNDED",
        });
      });

      test("of seats gives back seats", async () => {
        const { id } = await sellSeats(2);
        expect(await refund(id, { quantity: 1 })).toMatchObject({
          returned: { unit: "SEAT", value: 1 },
          refundable: { unit: "SEAT", value: 1 },
        });
        expect(await refund(id, { amountCents: 100 })).toMatchObject({ code: "QUANTITY_INVALID" });
        await undo(id);
      });

      test("of a capture gives back at most what was captured", async () => {
        const { id } = await hold(1_000);
        await capture(id, { amountCents: 400 });
        expect(await refund(id, { amountCents: 401 })).toMatchObject({
          code: "REFUND_OVER_CAPTURED",
          available: euros(400),
        });
        expect(await refund(id)).toMatchObject({ returned: euros(400) });
      });

      test("of what is held, has expired or was declined gives nothing back", async () => {
        const before = await leftCents();
        const held = await hold(500);
        const declined = await sell(0);
        for (const { id } of [held, declined]) {
          const answer = await refund(id);
          expect(answer).toMatchObject({ outcome: "declined", code: "NOTHING_TO_REFUND" });
        }
        const { decidedAtMs, holdExpiresAtMs = Number.NaN } = held;
        till.gateway().letPass(holdExpiresAtMs - decidedAtMs);
        expect(await refund(held.id)).toMatchObject({ code: "NOTHING_TO_REFUND" });
        expect(await leftCents()).toBe(before);
      });

      test("of a reversed sale gives nothing back", async () => {
        const before = await leftCents();
        const { id } = await sell(500);
        await undo(id);
        expect(await refund(id)).toMatchObject({ outcome: "declined", code: "ALREADY_REVERSED" });
        expect(await leftCents()).toBe(before);
      });

      test("of an unknown id, of an inquiry, or of a tombstone is not found", async () => {
        const inquiry = { id: newId(), evidence: till.gateway().freshNfcEvidence() };
        await till.post("/v1/inquiries", inquiry);
        const buried = newId();
        await reverse(buried);
        for (const id of [newId(), inquiry.id, buried]) {
          expectProblem(await sendRefund(id), { status: 404, code: "ORIGINAL_NOT_FOUND" });
        }
      });

      test.each([
        ["nothing", { amountCents: 0 }],
        ["less than nothing", { amountCents: -1 }],
        ["seats, of euros", { quantity: 1 }],
        ["euros and seats", { amountCents: 100, quantity: 1 }],
      ])("of %s is declined", async (_what, part) => {
        const { id } = await sell(500);
        const refused = await refund(id, part);
        expect(refused).toMatchObject({ outcome: "declined", code: "AMOUNT_INVALID" });
        expect(await lookUp(id)).not.toHaveProperty("refunds");
        await undo(id);
      });

      test("of another form is refused", async () => {
        const { id } = await sell(100);
        for (const part of [{ id: "42" }, { id: undefined }, { amountCents: 0.5 }, { tip: 1 }]) {
          expectProblem(await sendRefund(id, part), { status: 400, code: "FORMAT_ERROR" });
        }
        const noId = await sendRefund("not-an-id");
        expectProblem(noId, { status: 400, code: "FORMAT_ERROR" });
        await undo(id);
      });
    });

    describe("a reversal", () => {
      test("of a sale that was partly refunded gives back the rest, and nothing after it", async () => {
        const before = await leftCents();
        const { id } = await sell(1_000);
        const refunded = await refund(id, { amountCents: 300 });
        const reversal = await undo(id);
        expect(reversal).toMatchObject({ code: "REVERSED", returned: euros(700) });
        expect(await leftCents()).toBe(before);
        expect(await refund(id)).toMatchObject({ code: "ALREADY_REVERSED" });
        const status = await lookUp(id);
        expect(status).toMatchObject({ state: "reversed", reversal, refunds: [refunded] });
      });

      test("of a sale that was refunded whole gives nothing back", async () => {
        const before = await leftCents();
        const { id } = await sell(500);
        await refund(id);
        const reversal = await undo(id);
        expect(reversal).toMatchObject({ code: "REVERSED" });
        expect(reversal).not.toHaveProperty("returned");
        expect(await leftCents()).toBe(before);
      });

      test("leaves a repeat of an earlier refund its answer", async () => {
        const { id } = await sell(500);
        const part = { id: newId(), amountCents: 100 };
        const first = await refund(id, part);
        await undo(id);
        expect(await refund(id, part)).toEqual(first);
      });
    });

    test("the status of a sale tells its refunds in their order, and the sale stands", async () => {
      const { id, ...answer } = await sell(500);
      const first = await refund(id, { amountCents: 200 });
      const second = await refund(id, { amountCents: 100 });
      expect(await lookUp(id)).toEqual({
        id,
        state: "approved",
        answer: { id, ...answer },
        refunds: [first, second],
      });
    });
  });
}
