import { expect, test } from "vitest";
import { CAPTURE_ANSWERS, REFUND_ANSWERS, STATUS_ANSWERS } from "../openapi/example-after-sale.js";
import {
  AUTHORIZATION_ANSWERS,
  INQUIRY_ANSWERS,
  TERMINAL_PROFILES,
} from "../openapi/example-answers.js";
import { RECONCILIATION_ANSWERS } from "../openapi/example-till-day.js";
import {
  AuthorizationAnswerSchema,
  CaptureAnswerSchema,
  InquiryAnswerSchema,
  RefundAnswerSchema,
  StatusAnswerSchema,
} from "./authorization.js";
import { ReconciliationAnswerSchema } from "./reconciliation.js";
import { TerminalProfileSchema } from "./terminal.js";

const [approved] = Object.values(AUTHORIZATION_ANSWERS);
const [inquiry] = Object.values(INQUIRY_ANSWERS);
const [status] = Object.values(STATUS_ANSWERS);
const [profile] = Object.values(TERMINAL_PROFILES);

test("an answer with a figure in a unit newer than this version is read without that figure", () => {
  const remaining = { unit: "HOUR", value: 3 };
  const read = AuthorizationAnswerSchema.parse({ ...approved?.value, remaining });
  expect(read.remaining).toBeUndefined();
  expect(read).toMatchObject({ outcome: approved?.value.outcome, code: approved?.value.code });
});

test.each([
  "available",
  "receipt",
  "holder",
  "proofRef",
  "proofExpiresAtMs",
  "retryAfterMs",
  "reason",
  "declaredCents",
  "usableHere",
])("an answer whose %s cannot be read is read without it", (field) => {
  const read = AuthorizationAnswerSchema.parse({ ...approved?.value, [field]: { newer: true } });
  expect(read).toHaveProperty(field, undefined);
});

test.each(["amountCents", "quantity", "collectCents"])(
  "an answer whose %s cannot be read is none: nobody could tell what to collect",
  (field) => {
    const read = AuthorizationAnswerSchema.safeParse({ ...approved?.value, [field]: "1800" });
    expect(read.success).toBe(false);
  },
);

test("an avantage in a state or a unit newer than this version keeps their names", () => {
  const view = { avantage: "BIKE", label: "Vélo", unit: "HOUR", state: "paused", usableFrom: 7 };
  const { avantages } = InquiryAnswerSchema.parse({ ...inquiry?.value, avantages: [view] });
  expect(avantages).toMatchObject([{ avantage: "BIKE", unit: "HOUR", state: "paused" }]);
});

test("a sale in a state newer than this version keeps its name", () => {
  expect(StatusAnswerSchema.parse({ ...status?.value, state: "settled" }).state).toBe("settled");
});

test.each(["amountCents", "quantity"])(
  "a capture whose %s cannot be read is none: nobody could tell what was taken",
  (field) => {
    const [captured] = Object.values(CAPTURE_ANSWERS);
    const read = CaptureAnswerSchema.safeParse({ ...captured?.value, [field]: "1500" });
    expect(read.success).toBe(false);
  },
);

test("a refund in a unit newer than this version still says of which sale it is", () => {
  const [refunded] = Object.values(REFUND_ANSWERS);
  const returned = { unit: "HOUR", value: 1 };
  const read = RefundAnswerSchema.parse({ ...refunded?.value, returned });
  expect(read).toMatchObject({ code: "REFUNDED", of: refunded?.value.of });
  expect(read.returned).toBeUndefined();
});

test("a sale whose refunds cannot be read is read without them", () => {
  const refunds = [{ newer: true }];
  expect(StatusAnswerSchema.parse({ ...status?.value, refunds }).refunds).toBeUndefined();
});

test("a day with a kind of move newer than this version keeps its name", () => {
  const { agreed } = RECONCILIATION_ANSWERS;
  const { id: saleId } = STATUS_ANSWERS.approved.value;
  const moves = [{ kind: "rental", saleId, avantage: "BIKE", unit: "HOUR", value: 1, atMs: 0 }];
  expect(ReconciliationAnswerSchema.parse({ ...agreed.value, moves }).moves).toEqual(moves);
});

test("a profile of a gateway that says nothing of older cards can be read", () => {
  const { presentations: _, ...older } = { presentations: undefined, ...profile?.value };
  expect(TerminalProfileSchema.parse(older).presentations).toBeUndefined();
});

test("a profile that accepts an avantage in a unit newer than this version can be read", () => {
  const avantages = [{ avantage: "BIKE", label: "Vélo", unit: "HOUR" }];
  const read = TerminalProfileSchema.parse({ ...profile?.value, avantages });
  expect(read.avantages).toEqual(avantages);
});
