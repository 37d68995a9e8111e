import { expect, test } from "vitest";
import { CAPTURE_REQUESTS, REFUND_REQUESTS } from "../openapi/example-requests.js";
import { RECONCILIATION_REQUESTS } from "../openapi/example-till-day.js";
import { CaptureRequestSchema, RefundRequestSchema } from "./authorization.js";
import { ReconciliationRequestSchema } from "./reconciliation.js";

const { part } = REFUND_REQUESTS;
const { day } = RECONCILIATION_REQUESTS;
const [total] = day.value.totals;

test.each([
  ["a capture", CaptureRequestSchema, CAPTURE_REQUESTS.less.value],
  ["a refund", RefundRequestSchema, part.value],
  ["a reconciliation", ReconciliationRequestSchema, day.value],
])("%s with an unknown field is refused", (_what, schema, request) => {
  expect(schema.safeParse(request).success).toBe(true);
  expect(schema.safeParse({ ...request, tip: 1 }).success).toBe(false);
});

test.each([
  ["of half a cent", { amountCents: 0.5 }],
  ["of an amount as text", { amountCents: "700" }],
  ["of half a seat", { quantity: 1.5 }],
  ["with an id that is no UUID version 7", { id: "42" }],
  ["without an id", { id: undefined }],
])("a refund %s is refused", (_what, wrong) => {
  expect(RefundRequestSchema.safeParse({ ...part.value, ...wrong }).success).toBe(false);
});

test("an amount below zero has the form of one: the decision refuses it with its code", () => {
  expect(CaptureRequestSchema.safeParse({ amountCents: -1 }).success).toBe(true);
  expect(RefundRequestSchema.safeParse({ ...part.value, quantity: 0 }).success).toBe(true);
});

test.each([
  ["of a day that is none", { day: "2026-02-30" }],
  ["of an instant", { day: "2026-01-09T00:00:00Z" }],
  ["with a page before the first", { page: -1 }],
  ["with half a page", { page: 0.5 }],
  ["with a page beyond any", { page: 1_001 }],
  ["with a negative count", { totals: [{ ...total, sales: { count: -1, value: 0 } }] }],
  ["with a unit that is none", { totals: [{ ...total, unit: "HOUR" }] }],
  ["with more totals than there are avantages", { totals: Array(101).fill(total) }],
])("a reconciliation %s is refused", (_what, wrong) => {
  expect(ReconciliationRequestSchema.safeParse({ ...day.value, ...wrong }).success).toBe(false);
});
