// Bad input at the gateway's door: a problem document or a decline with its code, nothing changed, the process up.

import { randomBytes } from "node:crypto";
import { ProblemSchema, uuidV7 } from "@pass-tpe/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, postJson, type RawRequest, raw } from "../support/raw-client.js";
import { startTestGateway, type TestCard, type TestGateway } from "../support/running-gateway.js";
import { expectDescribed } from "./described.js";

let running: TestGateway;
let card: TestCard;
let agent: ReturnType<typeof agentFor>;
let stranger: ReturnType<typeof agentFor>;
let sales: string;

const newId = () => uuidV7(Date.now(), randomBytes(10));

beforeAll(async () => {
  running = await startTestGateway({ bodyTimeoutMs: 150 });
  const credentials = await running.terminal();
  agent = agentFor(credentials);
  stranger = agentFor(credentials, false);
  card = await running.card();
  sales = `${running.gateway.url}/v1/authorizations`;
});

afterAll(async () => {
  agent.destroy();
  stranger.destroy();
  await running.stop();
});

async function expectNothingMoved(): Promise<void> {
  const report = await running.gateway.operator.verify();
  expect(report.faults).toEqual([]);
  expect(report.entries).toBe(0);
}

function goodSale(): Record<string, unknown> {
  const evidence = nfcEvidence(running.gateway, card);
  return { id: newId(), evidence, avantage: "SPECTACLE", purchaseCents: 1_200 };
}

describe("a request that is not one", () => {
  const cases: readonly [string, number, string, (good: string) => Partial<RawRequest>][] = [
    ["malformed JSON", 400, "FORMAT_ERROR", () => ({ body: '{"id": ' })],
    ["an array", 400, "FORMAT_ERROR", () => ({ body: "[]" })],
    ["a bare word", 400, "FORMAT_ERROR", () => ({ body: '"sale"' })],
    ["an empty body", 400, "FORMAT_ERROR", () => ({ body: "" })],
    ["a huge body", 413, "FORMAT_ERROR", () => ({ body: `{"id":"${"x".repeat(17_000)}"}` })],
    ["a slow body", 408, "SYSTEM_ERROR", () => ({ stallAfter: '{"id":' })],
    [
      "another content type",
      415,
      "FORMAT_ERROR",
      (good) => ({ body: good, headers: { "content-type": "text/xml" } }),
    ],
    [
      "a compressed body",
      415,
      "FORMAT_ERROR",
      (good) => ({ body: good, headers: { "content-encoding": "gzip" } }),
    ],
    [
      "a method that is not there",
      404,
      "OPERATION_NOT_SUPPORTED",
      (good) => ({ method: "PUT", body: good }),
    ],
  ];

  test.each(cases)(
    "%s is answered by a problem document with status %i and code %s",
    async (_what, status, code, make) => {
      const answer = await raw({ agent, url: sales, ...make(JSON.stringify(goodSale())) });
      expect(answer.status).toBe(status);
      expect(answer.headers["content-type"]).toContain("application/problem+json");
      const problem = ProblemSchema.parse(JSON.parse(answer.text));
      expect(problem).toMatchObject({ status, code });
      if (code !== "OPERATION_NOT_SUPPORTED") expectDescribed("/v1/authorizations", problem);
      await expectNothingMoved();
    },
  );
});

describe("a request with a wrong field", () => {
  const cases: readonly [string, Record<string, unknown>, string][] = [
    ["an unknown field", { tip: 1 }, ""],
    ["a fractional amount", { purchaseCents: 12.5 }, "/purchaseCents"],
    ["an amount as text", { purchaseCents: "1200" }, "/purchaseCents"],
    ["an amount beyond what integers hold", { purchaseCents: 1e300 }, "/purchaseCents"],
    ["an amount just beyond safe integers", { purchaseCents: 2 ** 53 }, "/purchaseCents"],
    ["an id that is not a UUIDv7", { id: "42" }, "/id"],
    ["an upper-case id", { id: newId().toUpperCase() }, "/id"],
    ["a PIN block on NFC", { evidence: { type: "nfc", message: "x", pinBlock: {} } }, "/evidence"],
    ["an unknown kind of evidence", { evidence: { type: "fax" } }, "/evidence"],
    ["a deadline of an hour", { deadlineMs: 3_600_000 }, "/deadlineMs"],
  ];

  test.each(cases)("%s is refused with a pointer to it", async (_what, wrong, pointer) => {
    const { status, body } = await postJson({
      agent,
      url: sales,
      body: { ...goodSale(), ...wrong },
    });
    expect(status).toBe(400);
    const problem = ProblemSchema.parse(body);
    expect(problem.code).toBe("FORMAT_ERROR");
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
    await expectNothingMoved();
  });

  test("a problem document never repeats the evidence", async () => {
    const evidence = nfcEvidence(running.gateway, card);
    const sale = { ...goodSale(), evidence, purchaseCents: 0.5 };
    const answer = await raw({ agent, url: sales, body: JSON.stringify(sale) });
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain(evidence.message);
  });
});

describe("an amount that is none", () => {
  test.each([0, -1, -1_200, 100_000_000])(
    "%i cents are declined as AMOUNT_INVALID",
    async (purchaseCents) => {
      const { status, body } = await postJson({
        agent,
        url: sales,
        body: { ...goodSale(), purchaseCents },
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({ outcome: "declined", code: "AMOUNT_INVALID" });
      await expectNothingMoved();
    },
  );

  test.each([0, -3, 100])("%i seats are declined as QUANTITY_INVALID", async (quantity) => {
    const { purchaseCents: _, ...sale } = goodSale();
    const body = { ...sale, avantage: "CINEMA", quantity };
    const answer = await postJson({ agent, url: sales, body });
    expect(answer.body).toMatchObject({ outcome: "declined", code: "QUANTITY_INVALID" });
    await expectNothingMoved();
  });
});

describe("a caller who should not be there", () => {
  test("without a client certificate is told what is missing", async () => {
    const answer = await raw({ agent: stranger, url: sales, body: JSON.stringify(goodSale()) });
    expect(answer.status).toBe(401);
    expect(ProblemSchema.parse(JSON.parse(answer.text)).code).toBe("TERMINAL_AUTH_FAILED");
    await expectNothingMoved();
  });

  test("with a certificate of another authority is refused", async () => {
    const elsewhere = await startTestGateway();
    const foreign = await elsewhere.terminal();
    const { ca } = await running.terminal();
    const agentOfElsewhere = agentFor({ ...foreign, ca });
    const answer = await raw({
      agent: agentOfElsewhere,
      url: sales,
      body: JSON.stringify(goodSale()),
    });
    expect(answer.status).toBe(401);
    agentOfElsewhere.destroy();
    await elsewhere.stop();
    await expectNothingMoved();
  });
});

describe("a stranger's body", () => {
  test("is not read: the connection is cut with the refusal", async () => {
    const answer = await raw({ agent: stranger, url: sales, stallAfter: '{"id":' });
    expect(answer.status).toBe(401);
    expect(answer.headers.connection).toBe("close");
  });
});

describe("a revoked terminal", () => {
  test("keeps its stored answers, and may do nothing else, not even give back its sales", async () => {
    const credentials = await running.terminal("T-STOLEN");
    const stolen = agentFor(credentials);
    const young = await running.card();
    const evidence = nfcEvidence(running.gateway, young);
    const sale = { id: newId(), evidence, avantage: "CINEMA", quantity: 1 };
    const sell = (body: object) => postJson({ agent: stolen, url: sales, body });
    const { body: approved } = await sell(sale);
    expect(approved).toMatchObject({ outcome: "approved" });
    await running.gateway.operator.revokeTerminal("T-STOLEN");
    expect((await sell(sale)).body).toEqual(approved);
    const next = { ...sale, id: newId(), evidence: nfcEvidence(running.gateway, young) };
    expect((await sell(next)).body).toMatchObject({ code: "TERMINAL_NOT_AUTHORISED" });
    for (const [path, request] of [
      ["/v1/authorizations/{id}/reversal", { body: JSON.stringify({ reason: "manual" }) }],
      ["/v1/authorizations/{id}", {}],
      ["/v1/terminal", {}],
    ] as const) {
      const url = `${running.gateway.url}${path.replace("{id}", sale.id)}`;
      const answer = await raw({ agent: stolen, url, ...request });
      const problem = ProblemSchema.parse(JSON.parse(answer.text));
      expect(problem).toMatchObject({
        status: 403,
        code: "TERMINAL_NOT_AUTHORISED",
        detail: "This terminal is revoked. Partner: ask the operator, who can reverse its sales.",
      });
      expectDescribed(path, problem);
    }
    const report = await running.gateway.operator.verify();
    expect(report).toMatchObject({ approved: 1, reversed: 0, faults: [] });
    stolen.destroy();
  });

  test("that is issued again stays revoked, and its old certificate names nobody", async () => {
    const reissued = agentFor(await running.terminal("T-STOLEN"));
    const { body } = await postJson({ agent: reissued, url: sales, body: goodSale() });
    expect(body).toMatchObject({ code: "TERMINAL_NOT_AUTHORISED" });
    reissued.destroy();
  });
});

describe("an id that nobody knows", () => {
  test("has no status", async () => {
    const answer = await raw({ agent, url: `${sales}/${newId()}` });
    expect(answer.status).toBe(404);
    expect(ProblemSchema.parse(JSON.parse(answer.text)).code).toBe("ORIGINAL_NOT_FOUND");
  });

  test("is not reversed by hand", async () => {
    const url = `${sales}/${newId()}/reversal`;
    const { status, body } = await postJson({ agent, url, body: { reason: "manual" } });
    expect(status).toBe(404);
    expect(body["code"]).toBe("ORIGINAL_NOT_FOUND");
  });
});

test("after all that, a good sale is approved", async () => {
  const { body } = await postJson({ agent, url: sales, body: goodSale() });
  expect(body).toMatchObject({ outcome: "approved", code: "APPROVED", amountCents: 1_200 });
});
