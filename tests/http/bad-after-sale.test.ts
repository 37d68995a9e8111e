// Bad input after the approval: captures, refunds and comparisons that are none are refused, and nothing is changed.

import { randomBytes } from "node:crypto";
import { ProblemSchema, StatusAnswerSchema, uuidV7 } from "@pass-tpe/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, postJson, type RawRequest, raw } from "../support/raw-client.js";
import { startTestGateway, type TestCard, type TestGateway } from "../support/running-gateway.js";
import { expectDescribed } from "./described.js";

const TAKEN_CENTS = 1_000;

let running: TestGateway;
let card: TestCard;
let agent: ReturnType<typeof agentFor>;
let sales: string;
/** Of this terminal: one that waits for its capture, and one that took 10 €. */
let heldId: string;
let soldId: string;

const newId = () => uuidV7(Date.now(), randomBytes(10));
const send = (path: string, body: unknown) => postJson({ agent, url: `${sales}${path}`, body });

async function sell(capture: boolean): Promise<string> {
  const id = newId();
  const evidence = nfcEvidence(running.gateway, card);
  const sale = { id, evidence, avantage: "SPECTACLE", purchaseCents: TAKEN_CENTS, capture };
  expect((await send("", sale)).body).toMatchObject({ outcome: "approved" });
  return id;
}

beforeAll(async () => {
  running = await startTestGateway({ bodyTimeoutMs: 150 });
  agent = agentFor(await running.terminal());
  card = await running.card();
  sales = `${running.gateway.url}/v1/authorizations`;
  heldId = await sell(false);
  soldId = await sell(true);
});
afterAll(async () => {
  agent.destroy();
  await running.stop();
});

async function statusOf(id: string) {
  return StatusAnswerSchema.parse(JSON.parse((await raw({ agent, url: `${sales}/${id}` })).text));
}

/** The one entry of the sale that took something is all there is, and the hold still waits. */
async function expectNothingChanged(): Promise<void> {
  expect((await statusOf(heldId)).state).toBe("held");
  const sold = await statusOf(soldId);
  expect([sold.state, sold.refunds, sold.capture]).toEqual(["approved", undefined, undefined]);
  const report = await running.gateway.operator.verify();
  expect(report).toMatchObject({ entries: 1, faults: [] });
}

const capture = (part: object) => send(`/${heldId}/capture`, part);
const refund = (part: object) => send(`/${soldId}/refunds`, { id: newId(), ...part });

describe("a part that is none", () => {
  const NONE: readonly [string, object, string][] = [
    ["nothing", { amountCents: 0 }, "AMOUNT_INVALID"],
    ["a negative amount", { amountCents: -1_000 }, "AMOUNT_INVALID"],
    ["seats, of euros", { quantity: 1 }, "AMOUNT_INVALID"],
    ["an amount and a number", { amountCents: 100, quantity: 1 }, "AMOUNT_INVALID"],
  ];

  test.each([...NONE, ["a cent too much", { amountCents: TAKEN_CENTS + 1 }, "CAPTURE_OVER_HOLD"]])(
    "%s is not captured",
    async (_what, part, code) => {
      const { status, body } = await capture(part);
      expect(status).toBe(200);
      expect(body).toMatchObject({ outcome: "declined", code });
      await expectNothingChanged();
    },
  );

  test.each([
    ...NONE,
    ["a cent too much", { amountCents: TAKEN_CENTS + 1 }, "REFUND_OVER_CAPTURED"],
    ["all that integers hold", { amountCents: Number.MAX_SAFE_INTEGER }, "REFUND_OVER_CAPTURED"],
  ])("%s is not refunded", async (_what, part, code) => {
    const { status, body } = await refund(part);
    expect(status).toBe(200);
    expect(body).toMatchObject({ outcome: "declined", code });
    await expectNothingChanged();
  });
});

describe("a wrong field", () => {
  const WRONG: readonly [string, object, string][] = [
    ["half a cent", { amountCents: 0.5 }, "/amountCents"],
    ["an amount as text", { amountCents: "100" }, "/amountCents"],
    ["an amount beyond what integers hold", { amountCents: 1e300 }, "/amountCents"],
    ["half a seat", { quantity: 0.5 }, "/quantity"],
    ["null", { amountCents: null }, "/amountCents"],
    ["an unknown field", { tip: 1 }, ""],
  ];

  test.each([...WRONG, ["an id that a capture does not have", { id: newId() }, ""]])(
    "of a capture is refused with a pointer to it: %s",
    async (_what, part, pointer) => expectFormatError(await capture(part), pointer),
  );

  test.each([
    ...WRONG,
    ["an id that is not a UUIDv7", { id: "42" }, "/id"],
    ["an upper-case id", { id: newId().toUpperCase() }, "/id"],
    ["no id", { id: undefined }, "/id"],
  ])("of a refund is refused with a pointer to it: %s", async (_what, part, pointer) =>
    expectFormatError(await refund(part), pointer),
  );

  test.each([
    ["a day that is none", { day: "2026-02-30" }, "/day"],
    ["an instant", { day: "2026-01-09T00:00:00Z" }, "/day"],
    ["a page before the first", { page: -1 }, "/page"],
    ["a page beyond any", { page: 1_001 }, "/page"],
    ["an unknown field", { tip: 1 }, ""],
    ["totals in a unit that is none", { totals: [{ unit: "HOUR" }] }, "/totals/0/unit"],
  ])("of a comparison is refused with a pointer to it: %s", async (_what, wrong, pointer) => {
    const url = `${running.gateway.url}/v1/reconciliations`;
    const body = { day: "2026-01-09", totals: [], ...wrong };
    await expectFormatError(await postJson({ agent, url, body }), pointer);
  });

  async function expectFormatError(
    { status, body }: Awaited<ReturnType<typeof send>>,
    pointer: string,
  ): Promise<void> {
    expect(status).toBe(400);
    const { code, errors } = ProblemSchema.parse(body);
    expect(code).toBe("FORMAT_ERROR");
    expect(errors?.map((error) => error.pointer)).toContain(pointer);
    await expectNothingChanged();
  }
});

describe.each(["capture", "refunds"])("a body for %s that is not one", (operation) => {
  const cases: readonly [string, number, string, Partial<RawRequest>][] = [
    ["malformed JSON", 400, "FORMAT_ERROR", { body: '{"id": ' }],
    ["an array", 400, "FORMAT_ERROR", { body: "[]" }],
    ["no body", 400, "FORMAT_ERROR", { body: "" }],
    ["a huge body", 413, "FORMAT_ERROR", { body: `{"id":"${"x".repeat(17_000)}"}` }],
    ["a slow body", 408, "SYSTEM_ERROR", { stallAfter: '{"id":' }],
    [
      "another content type",
      415,
      "FORMAT_ERROR",
      { body: "{}", headers: { "content-type": "text/xml" } },
    ],
    ["a method that is not there", 404, "OPERATION_NOT_SUPPORTED", { method: "PUT", body: "{}" }],
  ];

  test.each(cases)(
    "%s is answered by a problem with status %i and code %s",
    async (_what, status, code, request) => {
      const answer = await raw({ agent, url: `${sales}/${heldId}/${operation}`, ...request });
      expect(answer.status).toBe(status);
      const problem = ProblemSchema.parse(JSON.parse(answer.text));
      expect(problem).toMatchObject({ status, code });
      const path = `/v1/authorizations/{id}/${operation}`;
      if (code !== "OPERATION_NOT_SUPPORTED") expectDescribed(path, problem);
      await expectNothingChanged();
    },
  );
});

describe("an id that nobody knows", () => {
  test.each(["capture", "refunds"])("has nothing for %s", async (operation) => {
    const body = operation === "refunds" ? { id: newId() } : {};
    const answer = await send(`/${newId()}/${operation}`, body);
    expect(answer).toMatchObject({ status: 404, body: { code: "ORIGINAL_NOT_FOUND" } });
    const malformed = await send(`/not-an-id/${operation}`, body);
    expect(malformed).toMatchObject({ status: 400, body: { code: "FORMAT_ERROR" } });
    await expectNothingChanged();
  });
});

test("a revoked terminal captures, refunds and compares nothing", async () => {
  const stolen = agentFor(await running.terminal("T-STOLEN"));
  await running.gateway.operator.revokeTerminal("T-STOLEN");
  const attempts = [
    [`${sales}/${heldId}/capture`, {}],
    [`${sales}/${soldId}/refunds`, { id: newId() }],
    [`${running.gateway.url}/v1/reconciliations`, { day: "2026-01-09", totals: [] }],
  ] as const;
  for (const [url, body] of attempts) {
    const answer = await postJson({ agent: stolen, url, body });
    expect(answer).toMatchObject({
      status: 403,
      body: {
        code: "TERMINAL_NOT_AUTHORISED",
        detail: "This terminal is revoked. Partner: ask the operator, who can reverse its sales.",
      },
    });
  }
  stolen.destroy();
  await expectNothingChanged();
});

test("after all that, the hold is captured and the sale refunded", async () => {
  expect((await capture({})).body).toMatchObject({ code: "CAPTURED", amountCents: TAKEN_CENTS });
  expect((await refund({})).body).toMatchObject({
    code: "REFUNDED",
    returned: { value: TAKEN_CENTS },
  });
});
