import { createPublicKey, randomBytes } from "node:crypto";
import {
  type AuthorizationAnswer,
  AuthorizationAnswerSchema,
  type AuthorizationRequest,
  CaptureAnswerSchema,
  InquiryAnswerSchema,
  outcomeSpec,
  PROOF_LIFETIME_MS,
  ProblemSchema,
  PUBLIC_CODES,
  RefundAnswerSchema,
  ReversalAnswerSchema,
  renderOutcome,
  TerminalProfileSchema,
  uuidV7,
} from "@pass-tpe/protocol";
import { parseQrToken, verifyQrToken } from "@pass-tpe/protocol/standards";
import { setupServer } from "msw/node";
import { afterAll, beforeEach, expect, test } from "vitest";
import { type DoubleOperation, GATEWAY_CODES, type GatewayCode } from "./codes.js";
import { gatewayDouble } from "./double.js";
import { SCRIPT_MAX } from "./script.js";

let nowMs = Date.UTC(2026, 0, 9);
let waitedMs: number[] = [];
const double = gatewayDouble({
  nowMs: () => nowMs,
  wait: async (ms) => void waitedMs.push(ms),
});
const server = setupServer(...double.handlers);
server.listen({ onUnhandledRequest: "error" });
afterAll(() => server.close());
beforeEach(() => {
  double.reset();
  waitedMs = [];
});

const newId = () => uuidV7(nowMs, randomBytes(10));
const tap = { type: "nfc", message: "a card's message" } as const;
const sale = (fields: Partial<AuthorizationRequest> = {}): AuthorizationRequest => ({
  id: newId(),
  evidence: tap,
  avantage: "SPECTACLE",
  purchaseCents: 1_800,
  ...fields,
});
const seats = (quantity: number) => ({
  id: newId(),
  evidence: tap,
  avantage: "CINEMA",
  quantity,
});

async function post(path: string, body: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${double.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function sell(request: object): Promise<AuthorizationAnswer> {
  const { status, body } = await post("/v1/authorizations", request);
  expect([status, body]).toEqual([200, expect.anything()]);
  return AuthorizationAnswerSchema.parse(body);
}

const reverse = (id: string, reason = "automatic") =>
  post(`/v1/authorizations/${id}/reversal`, { reason });

/** Sends what a code answers by default, and gives the status and the body as its schema reads it. */
async function ask(operation: DoubleOperation) {
  if (operation === "reverse") {
    const { status, body } = await reverse(newId(), "manual");
    return { status, body: status === 200 ? ReversalAnswerSchema.parse(body) : body };
  }
  if (operation === "inquire") {
    const { status, body } = await post("/v1/inquiries", { id: newId(), evidence: tap });
    return { status, body: status === 200 ? InquiryAnswerSchema.parse(body) : body };
  }
  if (operation === "capture") {
    const { status, body } = await post(`/v1/authorizations/${newId()}/capture`, {});
    return { status, body: status === 200 ? CaptureAnswerSchema.parse(body) : body };
  }
  if (operation === "refund") {
    const { status, body } = await post(`/v1/authorizations/${newId()}/refunds`, { id: newId() });
    return { status, body: status === 200 ? RefundAnswerSchema.parse(body) : body };
  }
  const { status, body } = await post("/v1/authorizations", sale());
  return { status, body: status === 200 ? AuthorizationAnswerSchema.parse(body) : body };
}

const PROBLEMS: Partial<Record<GatewayCode, number>> = {
  FORMAT_ERROR: 400,
  TERMINAL_AUTH_FAILED: 401,
  TERMINAL_NOT_AUTHORISED: 403,
  ORIGINAL_NOT_FOUND: 404,
  DUPLICATE_CONFLICT: 409,
  RATE_LIMITED: 429,
  SYSTEM_ERROR: 500,
  IN_PROGRESS: 503,
  MAINTENANCE: 503,
};
const ANSWERED_BY: Partial<Record<DoubleOperation, readonly GatewayCode[]>> = {
  inquire: ["INQUIRY_ANSWERED"],
  reverse: ["REVERSED", "REVERSAL_TOO_LATE", "ORIGINAL_NOT_FOUND"],
  capture: [
    "CAPTURED",
    "NOTHING_TO_CAPTURE",
    "ALREADY_CAPTURED",
    "HOLD_EXPIRED",
    "CAPTURE_OVER_HOLD",
  ],
  refund: ["REFUNDED", "NOTHING_TO_REFUND", "REFUND_OVER_CAPTURED"],
};
const OPERATIONS = ["inquire", "reverse", "capture", "refund"] as const;
const operationFor = (code: GatewayCode): DoubleOperation =>
  OPERATIONS.find((operation) => ANSWERED_BY[operation]?.includes(code)) ?? "authorize";

test.each(GATEWAY_CODES)(
  "gives %s when told to, well formed and with the programme's texts",
  async (code) => {
    double.next({ code });
    const { status, body } = await ask(operationFor(code));
    expect(status).toBe(PROBLEMS[code] ?? 200);
    expect(body).toMatchObject({ code });
    if (status !== 200) {
      expect(ProblemSchema.parse(body).display).toEqual(renderOutcome(code, {}).display);
      return;
    }
    const outcome = outcomeSpec(code).kind === "approval" ? "approved" : "declined";
    expect(body).toMatchObject({ outcome, iso39: outcomeSpec(code).iso39 });
  },
);

test("the codes that the double gives are those that a gateway gives", () => {
  const terminals = PUBLIC_CODES.filter((code) => outcomeSpec(code).givenBy === "terminal");
  expect(terminals).toContain("TIMEOUT");
  expect(new Set([...GATEWAY_CODES, ...terminals])).toEqual(new Set(PUBLIC_CODES));
  expect(GATEWAY_CODES.length + terminals.length).toBe(PUBLIC_CODES.length);
});

test("a code that no gateway gives to an operation is refused when it is scripted", () => {
  // As a caller in JavaScript could.
  const code: string = "TIMEOUT";
  expect(() => double.next({ code: code as GatewayCode })).toThrow(/comes from the terminal/);
  expect(() => double.next({ code: "APPROVED", operation: "reverse" })).toThrow(
    /answers authorize/,
  );
  for (const operation of ["status", "reconcile"] as const) {
    expect(() => double.next({ code: "PIN_LOCKED", operation })).toThrow(/decides nothing/);
  }
});

test("approves a purchase from the balance, and covers a part when less is left", async () => {
  expect(await sell(sale({ purchaseCents: 1_800 }))).toMatchObject({
    code: "APPROVED",
    amountCents: 1_800,
    collectCents: 0,
    remaining: { unit: "EUR_CENT", value: 1_200 },
  });
  expect(await sell(sale({ purchaseCents: 2_000 }))).toMatchObject({
    code: "APPROVED_PARTIAL",
    amountCents: 1_200,
    collectCents: 800,
    remaining: { unit: "EUR_CENT", value: 0 },
  });
  expect(await sell(sale({ purchaseCents: 1 }))).toMatchObject({ code: "BALANCE_EXHAUSTED" });
});

test("approves seats with the holder's share to collect, and no more seats than are left", async () => {
  expect(await sell(seats(3))).toMatchObject({
    code: "APPROVED_SEATS",
    quantity: 3,
    collectCents: 300,
    remaining: { unit: "SEAT", value: 2 },
  });
  expect(await sell(seats(3))).toMatchObject({
    code: "SEATS_EXHAUSTED",
    available: { unit: "SEAT", value: 2 },
  });
});

test("approves coupons with nothing to collect, and no more coupons than are left", async () => {
  const coupons = (quantity: number) => ({
    id: newId(),
    evidence: tap,
    avantage: "SANTE_COUPON",
    quantity,
  });
  const request = coupons(1);
  expect(await sell(request)).toMatchObject({
    code: "APPROVED_COUPONS",
    quantity: 1,
    collectCents: 0,
    remaining: { unit: "COUPON", value: 1 },
  });
  expect(await sell(coupons(2))).toMatchObject({
    code: "COUPONS_EXHAUSTED",
    available: { unit: "COUPON", value: 1 },
  });
  expect(await sell(coupons(0))).toMatchObject({ code: "QUANTITY_INVALID" });
  expect((await reverse(request.id)).body).toMatchObject({
    returned: { unit: "COUPON", value: 1 },
  });
  expect(double.balanceOf("SANTE_COUPON")).toBe(2);
});

test("a decline for the balance names the holder and what else can be used, without another tap", async () => {
  double.setBalance("SPECTACLE", 0);
  double.setBalance("SANTE_COUPON", 0);
  const { usableHere, proofRef = "", ...declined } = await sell(sale());
  expect(declined).toMatchObject({ code: "BALANCE_EXHAUSTED", retry: "NO", holder: "Camille D." });
  expect(usableHere?.map(({ avantage, state }) => [avantage, state])).toEqual([
    ["CINEMA", "open"],
    ["MUSEE", "open"],
  ]);
  const evidence = { type: "proofRef", proofRef } as const;
  expect(await sell({ ...seats(1), evidence })).toMatchObject({ code: "APPROVED_SEATS" });
});

test("a decline before card and PIN names neither holder nor anything else", async () => {
  const declined = await sell(sale({ evidence: { type: "qr", token: "PR1" } }));
  expect(declined).not.toHaveProperty("holder");
  expect(declined).not.toHaveProperty("usableHere");
});

test("of a wrong price and a wrong number, the price is told first", async () => {
  expect(await sell({ ...seats(0), purchaseCents: 0 })).toMatchObject({ code: "AMOUNT_INVALID" });
});

test("records a use that has no balance", async () => {
  const request = { id: newId(), evidence: tap, avantage: "MUSEE" };
  expect(await sell(request)).toMatchObject({ code: "APPROVED_RECORD" });
});

test.each([
  ["a negative amount", sale({ purchaseCents: -1 }), "AMOUNT_INVALID"],
  ["an amount beyond the protocol's", sale({ purchaseCents: 100_000_000 }), "AMOUNT_INVALID"],
  ["a quantity for euros", sale({ quantity: 1 }), "QUANTITY_INVALID"],
  ["no seat", seats(0), "QUANTITY_INVALID"],
  [
    "an avantage that is not sold here",
    sale({ avantage: "LICENCE" }),
    "AVANTAGE_NOT_ACCEPTED_HERE",
  ],
  ["a scan without PIN", sale({ evidence: { type: "qr", token: "PR1" } }), "PIN_REQUIRED"],
])("declines %s", async (_, request, code) => {
  expect(await sell(request)).toMatchObject({ outcome: "declined", code });
  expect(double.balanceOf("SPECTACLE")).toBe(3_000);
});

test("a decline that can be amended gives a reference, which serves one sale for a minute", async () => {
  const declined = await sell(sale({ purchaseCents: 9_000, exact: true }));
  expect(declined).toMatchObject({ code: "INSUFFICIENT_BALANCE", available: { value: 3_000 } });
  const { proofRef = "" } = declined;
  const evidence = { type: "proofRef", proofRef } as const;
  expect(await sell(sale({ evidence }))).toMatchObject({ code: "APPROVED" });
  expect(await sell(sale({ evidence }))).toMatchObject({ code: "PROOF_EXPIRED" });

  const { proofRef: late = "" } = await sell(sale({ purchaseCents: 0 }));
  nowMs += PROOF_LIFETIME_MS;
  expect(await sell(sale({ evidence: { type: "proofRef", proofRef: late } }))).toMatchObject({
    code: "PROOF_EXPIRED",
  });
});

test("the same id gets the same answer and takes nothing twice, however its fields are ordered", async () => {
  const request = sale();
  const first = await sell(request);
  nowMs += 1;
  expect(await sell(Object.fromEntries(Object.entries(request).reverse()))).toEqual(first);
  expect(await sell({ ...request, deadlineMs: 2_000 })).toEqual(first);
  expect(double.balanceOf("SPECTACLE")).toBe(1_200);
});

test("the same id for another request is a conflict", async () => {
  const request = sale();
  await sell(request);
  const other = await post("/v1/authorizations", { ...request, purchaseCents: 1 });
  expect(other).toMatchObject({ status: 409, body: { code: "DUPLICATE_CONFLICT" } });
  const inquiry = await post("/v1/inquiries", { id: request.id, evidence: tap });
  expect(inquiry).toMatchObject({ status: 409, body: { code: "DUPLICATE_CONFLICT" } });
});

test("a reversal gives back once, and the sale is refused from then on", async () => {
  const request = sale();
  await sell(request);
  const reversed = await reverse(request.id);
  expect(reversed.body).toMatchObject({
    code: "REVERSED",
    returned: { unit: "EUR_CENT", value: 1_800 },
  });
  expect(await reverse(request.id, "manual")).toEqual(reversed);
  expect(double.balanceOf("SPECTACLE")).toBe(3_000);
  expect(await sell(request)).toMatchObject({ outcome: "declined", code: "ALREADY_REVERSED" });
});

test("an automatic reversal of an unknown id leaves a tombstone, a manual one finds nothing", async () => {
  const request = sale();
  expect(await reverse(request.id, "manual")).toMatchObject({ status: 404 });
  expect(await reverse(request.id)).toMatchObject({ status: 200, body: { code: "REVERSED" } });
  expect(await sell(request)).toMatchObject({ outcome: "declined", code: "ALREADY_REVERSED" });
  expect(double.balanceOf("SPECTACLE")).toBe(3_000);
});

test("a scripted approval moves no balance, and its reversal says what it gives back", async () => {
  const request = sale();
  double.next({ code: "APPROVED", amountCents: 500 });
  expect(await sell(request)).toMatchObject({ amountCents: 500 });
  expect((await reverse(request.id)).body).toMatchObject({ returned: { value: 500 } });
  expect(double.balanceOf("SPECTACLE")).toBe(3_000);
});

test("an inquiry tells what can be used, debits nothing, and its reference serves a sale", async () => {
  const inquiry = { id: newId(), evidence: tap, avantage: "SPECTACLE", purchaseCents: 4_000 };
  const { body } = await post("/v1/inquiries", inquiry);
  const { avantages, proofRef = "" } = InquiryAnswerSchema.parse(body);
  expect(avantages).toEqual([
    {
      avantage: "SPECTACLE",
      label: "Spectacle",
      unit: "EUR_CENT",
      state: "open",
      remaining: { unit: "EUR_CENT", value: 3_000 },
      coversCents: 3_000,
      collectCents: 1_000,
    },
  ]);
  expect(double.balanceOf("SPECTACLE")).toBe(3_000);
  const evidence = { type: "proofRef", proofRef } as const;
  expect(await sell(sale({ evidence }))).toMatchObject({ code: "APPROVED" });
});

test("an inquiry without an avantage shows all that is accepted", async () => {
  const { body } = await post("/v1/inquiries", { id: newId(), evidence: tap });
  const { avantages } = InquiryAnswerSchema.parse(body);
  expect(avantages.map(({ avantage }) => avantage)).toEqual([
    "SPECTACLE",
    "CINEMA",
    "SANTE_COUPON",
    "MUSEE",
  ]);
});

test("scripted outcomes come in their order, then the standing one, then the balances again", async () => {
  double.answer("WINDOW_CLOSED", { date: "2025-06-30" });
  double.next({ code: "CARD_EXPIRED" });
  double.next({ code: "VELOCITY_LIMIT", retryAfterMs: 60_000 });
  expect(await sell(sale())).toMatchObject({ code: "CARD_EXPIRED" });
  expect(await sell(sale())).toMatchObject({ code: "VELOCITY_LIMIT", retryAfterMs: 60_000 });
  expect((await sell(sale())).display).toEqual([
    "AVANTAGE TERMINE",
    "UTILISABLE JUSQU'AU 30/06/2025",
  ]);
  double.answer(null);
  expect(await sell(sale())).toMatchObject({ code: "APPROVED" });
});

test("a scripted outcome waits for a new id: one that has its answer keeps it", async () => {
  const request = sale();
  const first = await sell(request);
  double.next({ code: "PIN_LOCKED" });
  expect(await sell(request)).toEqual(first);
  expect(await sell(sale())).toMatchObject({ code: "PIN_LOCKED" });
});

test("a problem is not stored: the same id is decided the next time", async () => {
  const request = sale();
  double.next({ code: "IN_PROGRESS", retryAfterMs: 200 });
  expect(await post("/v1/authorizations", request)).toMatchObject({
    status: 503,
    body: { code: "IN_PROGRESS", retry: "SAMEKEY", retryAfterMs: 200 },
  });
  expect(await sell(request)).toMatchObject({ code: "APPROVED" });
});

test("a lost reply: the sale is stored, and a repeat of its id gets the answer", async () => {
  const request = sale();
  double.fail("lostReply");
  await expect(post("/v1/authorizations", request)).rejects.toThrow();
  expect(double.balanceOf("SPECTACLE")).toBe(1_200);
  expect(await sell(request)).toMatchObject({ code: "APPROVED", amountCents: 1_800 });
  expect(double.balanceOf("SPECTACLE")).toBe(1_200);
});

test("a reset connection and a proxy's 503: nothing was decided", async () => {
  double.fail("connectionReset");
  double.fail("http503");
  await expect(post("/v1/authorizations", sale())).rejects.toThrow();
  const response = await fetch(`${double.url}/v1/authorizations`, { method: "POST" });
  expect([response.status, response.headers.get("content-type")]).toEqual([503, "text/html"]);
  expect(double.balanceOf("SPECTACLE")).toBe(3_000);
});

test("a time-out: no answer comes until the caller gives up", async () => {
  double.fail("timeout");
  const abort = new AbortController();
  const answer = fetch(`${double.url}/v1/authorizations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(sale()),
    signal: abort.signal,
  });
  await expect.poll(() => double.requests.length).toBe(1);
  abort.abort();
  await expect(answer).rejects.toThrow(/abort/);
  expect(double.balanceOf("SPECTACLE")).toBe(3_000);
});

test("a delay answers later, as often as told, and on the operation told", async () => {
  double.fail("delay", { operation: "reverse", delayMs: 700, times: 2 });
  await sell(sale());
  await reverse(newId());
  await reverse(newId());
  await reverse(newId());
  expect(waitedMs).toEqual([700, 700]);
});

test("a script without an end is refused", () => {
  expect(() => double.fail("timeout", { times: SCRIPT_MAX + 1 })).toThrow(RangeError);
  expect(() => double.fail("timeout", { times: 0 })).toThrow(RangeError);
});

test("records what was asked, and nothing of what was presented", async () => {
  const request = sale({
    evidence: {
      type: "qr",
      token: "SECRET-TOKEN",
      pinBlock: { ksn: "0".repeat(24), block: "D".repeat(32) },
    },
  });
  await sell(request);
  double.fail("connectionReset");
  await expect(post("/v1/authorizations", request)).rejects.toThrow();
  const common = {
    operation: "authorize",
    id: request.id,
    avantage: "SPECTACLE",
    purchaseCents: 1_800,
    presented: "qr",
  };
  expect(double.requests).toEqual([
    { ...common, result: "APPROVED" },
    { ...common, result: "connectionReset" },
  ]);
});

test("a reset forgets answers, script and requests, and fills the balances again", async () => {
  const request = sale();
  await sell(request);
  double.answer("PIN_LOCKED");
  double.fail("connectionReset");
  double.reset();
  expect(double.requests).toEqual([]);
  expect(await sell({ ...request, purchaseCents: 3_000 })).toMatchObject({ code: "APPROVED" });
});

test("a coupon that was scripted is said to be given back", async () => {
  const request = { id: newId(), evidence: tap, avantage: "SANTE_COUPON", quantity: 1 };
  double.next({ code: "APPROVED_COUPONS" });
  expect(await sell(request)).toMatchObject({ quantity: 1, collectCents: 0 });
  expect((await reverse(request.id)).body).toMatchObject({
    returned: { unit: "COUPON", value: 1 },
  });
  expect(double.balanceOf("SANTE_COUPON")).toBe(2);
});

test("two doubles share nothing", async () => {
  const other = gatewayDouble({ url: "https://other.test/" });
  server.use(...other.handlers);
  await sell(sale());
  expect([other.url, other.balanceOf("SPECTACLE")]).toEqual(["https://other.test", 3_000]);
  expect(other.demoCard.qrText).not.toBe(double.demoCard.qrText);
});

test("the terminal's profile names the issuer of the demo card's code", async () => {
  const response = await fetch(`${double.url}/v1/terminal`);
  const { qrKeys } = TerminalProfileSchema.parse(await response.json());
  const parsed = parseQrToken(double.demoCard.qrText);
  const key = qrKeys.find(({ keyId }) => parsed.ok && keyId === parsed.token.keyId);
  const publicKey = createPublicKey({
    key: Buffer.from(key?.publicKey ?? "", "base64"),
    format: "der",
    type: "spki",
  });
  expect(parsed.ok && verifyQrToken({ token: parsed.token, publicKey })).toBe(true);
});

test("a balance can be set, for an avantage that has one", () => {
  double.setBalance("CINEMA", 1);
  expect(double.balanceOf("CINEMA")).toBe(1);
  expect(() => double.setBalance("MUSEE", 1)).toThrow(/no balance/);
  expect(() => double.setBalance("CINEMA", -1)).toThrow(RangeError);
});
