import type { StatusAnswer } from "@pass-tpe/protocol";
import { StatusAnswerSchema } from "@pass-tpe/protocol";
import { describe, expect, it } from "vitest";
import { approval, capture, decision } from "../test-kit/fake-gateway.js";
import { GATEWAY_NOW_MS } from "../test-kit/fixtures.js";
import { RECEIPT_PROFILE, SALE_ID } from "../test-kit/receipt-results.js";
import { receiptOf } from "./sale-receipt.js";

const REFUND_ID = "0190163e-1111-7222-8333-944444444444";
const EXPIRES_AT_MS = GATEWAY_NOW_MS + 1_000;
const MADE = { outcome: "approved", iso39: "00", retry: "NONE" };
const HELD = { ...approval(SALE_ID), collectCents: 700, holdExpiresAtMs: EXPIRES_AT_MS };

const status = (fields: Record<string, unknown>): StatusAnswer =>
  StatusAnswerSchema.parse({ id: SALE_ID, state: "approved", ...fields });

const receipt = (fields: Record<string, unknown>, refundId?: string) =>
  receiptOf({
    result: status(fields),
    profile: RECEIPT_PROFILE,
    copy: "merchant",
    duplicate: true,
    ...(refundId === undefined ? {} : { refundId }),
  });

describe("the duplicate of a receipt, from the gateway's record of the sale", () => {
  const reversal = {
    ...decision(SALE_ID, "REVERSED", MADE),
    returned: { unit: "EUR_CENT", value: 1800 },
  };
  const refund = {
    ...decision(REFUND_ID, "REFUNDED", MADE),
    of: SALE_ID,
    avantage: "SPECTACLE",
    returned: { unit: "EUR_CENT", value: 500 },
  };

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["a sale", { answer: approval(SALE_ID) }, { kind: "sale", taken: euros(1800) }],
    [
      "a hold",
      { state: "held", answer: HELD },
      { kind: "held", taken: euros(1800), holdExpiresAtMs: EXPIRES_AT_MS, collectCents: 700 },
    ],
    [
      "a capture of all that was held",
      { answer: HELD, capture: capture(SALE_ID) },
      { kind: "captured", taken: euros(1800), collectCents: 700 },
    ],
    [
      "a reversal",
      { state: "reversed", answer: approval(SALE_ID), reversal },
      { kind: "reversed", returned: euros(1800), avantage: { code: "SPECTACLE" } },
    ],
    [
      "a refusal",
      { state: "declined", answer: { ...approval(SALE_ID), outcome: "declined", iso39: "51" } },
      { kind: "declined" },
    ],
  ])("of %s", (_case, fields, expected) => {
    expect(receipt(fields)).toMatchObject({
      ...expected,
      duplicate: true,
      reference: SALE_ID,
      atMs: GATEWAY_NOW_MS,
    });
  });

  it("of a capture of less says nothing of the rest, which the gateway does not know", () => {
    const released = { unit: "EUR_CENT", value: 300 };
    const captured = receipt({ answer: HELD, capture: { ...capture(SALE_ID, 1500), released } });
    expect(captured).toMatchObject({ kind: "captured", released });
    expect(captured).not.toHaveProperty("collectCents");
  });

  it("of one of its refunds", () => {
    const fields = { answer: approval(SALE_ID), refunds: [refund] };
    expect(receipt(fields, REFUND_ID)).toMatchObject({
      kind: "refunded",
      reference: REFUND_ID,
      saleReference: SALE_ID,
      returned: euros(500),
    });
    expect(receipt(fields)).toMatchObject({ kind: "sale" });
  });

  it.each<[string, Record<string, unknown>, string | undefined]>([
    ["a refund that it has not", { answer: approval(SALE_ID) }, REFUND_ID],
    ["a sale that never came", { state: "reversed" }, undefined],
  ])("of %s cannot be", (_case, fields, refundId) => {
    expect(() => receipt(fields, refundId)).toThrow(
      expect.objectContaining({ code: "OPTIONS_INVALID" }),
    );
  });
});

function euros(value: number) {
  return { unit: "EUR_CENT", value };
}
