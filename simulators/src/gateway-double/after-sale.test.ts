import { randomBytes } from "node:crypto";
import {
  AuthorizationAnswerSchema,
  type AuthorizationRequest,
  CaptureAnswerSchema,
  ReconciliationAnswerSchema,
  RefundAnswerSchema,
  ReversalAnswerSchema,
  StatusAnswerSchema,
  uuidV7,
} from "@pass-tpe/protocol";
import { setupServer } from "msw/node";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { gatewayDouble } from "./double.js";

const HOLD_MS = 30 * 60_000;
const START_MS = Date.UTC(2026, 0, 9, 12);

let nowMs = START_MS;
const double = gatewayDouble({ nowMs: () => nowMs });
const server = setupServer(...double.handlers);
server.listen({ onUnhandledRequest: "error" });
afterAll(() => server.close());
beforeEach(() => {
  double.reset();
  nowMs = START_MS;
});

const newId = () => uuidV7(nowMs, randomBytes(10));
const tap = { type: "nfc", message: "a card's message" } as const;
const SHOW = { avantage: "SPECTACLE", purchaseCents: 2_000 };
const SEATS = { avantage: "CINEMA", quantity: 3 };

async function post(path: string, body: object): Promise<unknown> {
  const response = await fetch(`${double.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return response.json();
}

async function sell(fields: Partial<AuthorizationRequest> = {}) {
  const body = await post("/v1/authorizations", { id: newId(), evidence: tap, ...SHOW, ...fields });
  return AuthorizationAnswerSchema.parse(body);
}

const hold = (fields: Partial<AuthorizationRequest> = {}) => sell({ capture: false, ...fields });
const seats = { purchaseCents: undefined, ...SEATS };
const capture = async (id: string, part: object = {}) =>
  CaptureAnswerSchema.parse(await post(`/v1/authorizations/${id}/capture`, part));
const refund = async (of: string, part: object = {}) =>
  RefundAnswerSchema.parse(
    await post(`/v1/authorizations/${of}/refunds`, { id: newId(), ...part }),
  );
const reverse = async (id: string) =>
  ReversalAnswerSchema.parse(await post(`/v1/authorizations/${id}/reversal`, { reason: "manual" }));
const stateOf = async (id: string) => {
  const response = await fetch(`${double.url}/v1/authorizations/${id}`);
  return StatusAnswerSchema.parse(await response.json()).state;
};

describe("a hold", () => {
  test("keeps its amount from other sales until it is captured", async () => {
    const { id, ...held } = await hold();
    expect(held).toMatchObject({
      code: "APPROVED_HELD",
      amountCents: 2_000,
      collectCents: 0,
      holdExpiresAtMs: START_MS + HOLD_MS,
    });
    expect(double.balanceOf("SPECTACLE")).toBe(1_000);
    expect(await capture(id, { amountCents: 1_500 })).toMatchObject({
      code: "CAPTURED",
      released: { unit: "EUR_CENT", value: 500 },
    });
    expect(double.balanceOf("SPECTACLE")).toBe(1_500);
  });

  test("is over at the very instant that it names, by the double's clock", async () => {
    const { id } = await hold();
    nowMs = START_MS + HOLD_MS - 1;
    expect([await stateOf(id), double.balanceOf("SPECTACLE")]).toEqual(["held", 1_000]);
    nowMs = START_MS + HOLD_MS;
    expect(double.balanceOf("SPECTACLE")).toBe(3_000);
    expect(await stateOf(id)).toBe("expired");
    expect(await capture(id)).toMatchObject({ outcome: "declined", code: "HOLD_EXPIRED" });
    nowMs = START_MS;
    expect(await stateOf(id)).toBe("expired");
  });

  test("of seats tells at its capture what is to be collected for those that were taken", async () => {
    const { id } = await hold(seats);
    expect(await capture(id, { quantity: 2 })).toMatchObject({
      quantity: 2,
      collectCents: 200,
      released: { unit: "SEAT", value: 1 },
    });
  });

  test("that was captured is captured again by the same part, in words or in figures", async () => {
    const { id } = await hold();
    const first = await capture(id);
    expect([await capture(id), await capture(id, { amountCents: 2_000 })]).toEqual([first, first]);
    expect(await capture(id, { amountCents: 500 })).toMatchObject({ code: "ALREADY_CAPTURED" });
  });

  test.each([[{ amountCents: 0 }], [{ quantity: 1 }], [{ amountCents: 2_000, quantity: 1 }]])(
    "that was captured refuses %j for its form, before it looks at the state",
    async (part) => {
      const { id } = await hold();
      await capture(id);
      expect(await capture(id, part)).toMatchObject({ code: "AMOUNT_INVALID" });
    },
  );

  test("of seats that was captured refuses an amount for its form", async () => {
    const { id } = await hold(seats);
    await capture(id);
    expect(await capture(id, { amountCents: 500 })).toMatchObject({ code: "QUANTITY_INVALID" });
  });

  test("that was reversed gives nothing back but what it kept", async () => {
    const { id } = await hold();
    expect(await reverse(id)).not.toHaveProperty("returned");
    expect(double.balanceOf("SPECTACLE")).toBe(3_000);
    nowMs = START_MS + HOLD_MS;
    expect(double.balanceOf("SPECTACLE")).toBe(3_000);
  });

  test("of what is only recorded is refused", async () => {
    const musee = { avantage: "MUSEE", purchaseCents: undefined };
    expect(await hold(musee)).toMatchObject({
      code: "OPERATION_NOT_SUPPORTED",
      reason: "NOTHING_TO_HOLD",
    });
  });
});

describe("what is scripted", () => {
  test("as held is held without moving a balance, and can be captured", async () => {
    double.next({ code: "APPROVED_HELD" });
    const { id } = await sell(seats);
    expect(await capture(id)).toMatchObject({ code: "CAPTURED", quantity: 3 });
    expect(double.balanceOf("CINEMA")).toBe(5);
  });

  test("as a refusal of a capture leaves the hold as it was", async () => {
    const { id } = await hold();
    double.next({ code: "CAPTURE_OVER_HOLD", remaining: { unit: "EUR_CENT", value: 1_200 } });
    expect(await capture(id)).toMatchObject({ display: [expect.anything(), "MAXIMUM 12,00 EUR"] });
    expect(await capture(id)).toMatchObject({ code: "CAPTURED", amountCents: 2_000 });
  });

  test("as a capture or a refund of a sale speaks of that sale, and changes nothing", async () => {
    const { id } = await hold();
    double.next({ code: "CAPTURED" });
    expect(await capture(id)).toMatchObject({ avantage: "SPECTACLE", amountCents: 2_000 });
    expect(await stateOf(id)).toBe("held");
    const sold = await sell({ purchaseCents: 700 });
    double.next({ code: "REFUNDED" });
    expect(await refund(sold.id)).toMatchObject({ of: sold.id, returned: { value: 700 } });
    expect(double.balanceOf("SPECTACLE")).toBe(300);
  });

  test("for a reconciliation is a problem alone", async () => {
    double.next({ code: "IN_PROGRESS", operation: "reconcile" });
    const day = { day: "2026-01-09", totals: [] };
    expect(await post("/v1/reconciliations", day)).toMatchObject({ code: "IN_PROGRESS" });
    expect(await post("/v1/reconciliations", day)).toMatchObject({ agreed: true });
  });
});

test("a lost reply to a capture or a refund is found by a repeat: it was done once", async () => {
  const { id } = await hold();
  double.fail("lostReply", { operation: "capture" });
  await expect(capture(id, { amountCents: 1_000 })).rejects.toThrow();
  const captured = await capture(id, { amountCents: 1_000 });
  expect(captured).toMatchObject({ code: "CAPTURED", amountCents: 1_000 });
  const part = { id: newId(), amountCents: 400 };
  double.fail("lostReply", { operation: "refund" });
  await expect(refund(id, part)).rejects.toThrow();
  expect(await refund(id, part)).toMatchObject({ code: "REFUNDED", refundable: { value: 600 } });
  expect(double.balanceOf("SPECTACLE")).toBe(2_400);
});

test("captures, refunds and reconciliations are recorded with their ids and amounts", async () => {
  const { id } = await hold();
  await capture(id, { amountCents: 900 });
  const refundId = newId();
  await refund(id, { id: refundId, amountCents: 100 });
  await post("/v1/reconciliations", { day: "2026-01-09", totals: [] });
  expect(double.requests.slice(1)).toEqual([
    { operation: "capture", id, amountCents: 900, result: "CAPTURED" },
    { operation: "refund", id: refundId, of: id, amountCents: 100, result: "REFUNDED" },
    { operation: "reconcile", result: "differs" },
  ]);
});

test("a till's day ends at midnight in Paris", async () => {
  const dayAt = async (atMs: number, day: string) => {
    nowMs = atMs;
    double.reset();
    await sell();
    const body = await post("/v1/reconciliations", { day, totals: [] });
    return ReconciliationAnswerSchema.parse(body).moves.length;
  };
  const midnightMs = Date.UTC(2026, 0, 9, 23);
  expect(await dayAt(midnightMs - 1, "2026-01-09")).toBe(1);
  expect(await dayAt(midnightMs, "2026-01-09")).toBe(0);
  expect(await dayAt(midnightMs, "2026-01-10")).toBe(1);
});

test("a reset forgets refunds too", async () => {
  const sold = await sell();
  const part = { id: newId(), amountCents: 100 };
  await refund(sold.id, part);
  double.reset();
  const body = await post(`/v1/authorizations/${sold.id}/refunds`, part);
  expect(body).toMatchObject({ code: "ORIGINAL_NOT_FOUND" });
});
