// Who may do what with an earlier sale on the real gateway: the issuing till, another till of its partner, strangers.

import { randomBytes } from "node:crypto";
import type { TerminalCredentials } from "@pass-tpe/gateway";
import { RefundAnswerSchema, uuidV7 } from "@pass-tpe/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadPartner } from "../codes/partner.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { startTestGateway, type TestCard, type TestGateway } from "../support/running-gateway.js";
import { type RawClient, rawClient } from "./client.js";
import { contractClock } from "./clock.js";
import { expectDecision, expectProblem } from "./expectations.js";

const STRANGERS_SHOP = "POS-STRANGER";

let running: TestGateway;
let card: TestCard;
let issuer: RawClient;
let colleague: RawClient;
let stranger: RawClient;

const newId = () => uuidV7(Date.now(), randomBytes(10));
const clientOf = ({ ca, certificate: cert, privateKey: key }: TerminalCredentials) =>
  rawClient({ url: running.gateway.url, agentOptions: { ca, cert, key } });

beforeAll(async () => {
  running = await startTestGateway({ clock: contractClock() });
  const { operator } = running.gateway;
  await loadPartner(running.gateway, { id: "P-STRANGER", pointOfSale: STRANGERS_SHOP });
  card = await running.card();
  issuer = clientOf(await running.terminal());
  colleague = clientOf(await running.terminal());
  const place = { id: "T-STRANGER", pointOfSaleId: STRANGERS_SHOP };
  stranger = clientOf(await operator.issueTerminal(place));
});
afterAll(async () => {
  for (const client of [issuer, colleague, stranger]) client.close();
  await running.stop();
});

const post = (client: RawClient, path: string, body: object) =>
  client.send({ method: "POST", path: `/v1/authorizations${path}`, body: JSON.stringify(body) });

/** A sale of 3 € at the issuing till; held where it is told. */
async function sellAt(client: RawClient, fields: object = {}): Promise<string> {
  const id = newId();
  const evidence = nfcEvidence(running.gateway, card);
  const sale = { id, evidence, avantage: "SPECTACLE", purchaseCents: 300, ...fields };
  expect(expectDecision(await post(client, "", sale))).toMatchObject({ outcome: "approved" });
  return id;
}

const refundAt = async (client: RawClient, of: string, part: object) =>
  RefundAnswerSchema.parse(
    expectDecision(await post(client, `/${of}/refunds`, { id: newId(), ...part })),
  );

const movesOf = async (client: RawClient, day: string) => {
  const body = JSON.stringify({ day, totals: [] });
  const answer = await client.send({ method: "POST", path: "/v1/reconciliations", body });
  return answer.body;
};

describe("another till of the same partner", () => {
  test("refunds what the issuing one sold, and both are held to what was taken", async () => {
    const of = await sellAt(issuer);
    expect(await refundAt(colleague, of, { amountCents: 200 })).toMatchObject({
      code: "REFUNDED",
      of,
      refundable: { unit: "EUR_CENT", value: 100 },
    });
    expect(await refundAt(issuer, of, { amountCents: 200 })).toMatchObject({
      code: "REFUND_OVER_CAPTURED",
      available: { unit: "EUR_CENT", value: 100 },
    });
  });

  test("makes its own ids of refunds: the same one at two tills is two refunds", async () => {
    const of = await sellAt(issuer);
    const part = { id: newId(), amountCents: 100 };
    const codes = [await refundAt(issuer, of, part), await refundAt(colleague, of, part)];
    expect(codes).toMatchObject([{ code: "REFUNDED" }, { code: "REFUNDED" }]);
  });

  test("has the refund in its own day, and the sale stays in the issuing one's", async () => {
    const of = await sellAt(issuer);
    const { id, decidedAtMs } = await refundAt(colleague, of, { amountCents: 50 });
    const day = new Date(decidedAtMs).toISOString().slice(0, 10);
    const refund = { kind: "refund", saleId: of, refundId: id };
    expect(await movesOf(colleague, day)).toMatchObject({
      moves: expect.arrayContaining([expect.objectContaining(refund)]),
      totals: [{ sales: { count: 0, value: 0 } }],
    });
    expect(await movesOf(issuer, day)).not.toMatchObject({
      moves: expect.arrayContaining([expect.objectContaining(refund)]),
    });
  });

  test("neither captures, nor reverses, nor sees what the issuing one sold", async () => {
    const of = await sellAt(issuer, { capture: false });
    const missing = { status: 404, code: "ORIGINAL_NOT_FOUND" };
    expectProblem(await post(colleague, `/${of}/capture`, {}), missing);
    expectProblem(await post(colleague, `/${of}/reversal`, { reason: "manual" }), missing);
    const status = await colleague.send({ method: "GET", path: `/v1/authorizations/${of}` });
    expectProblem(status, missing);
    expect(expectDecision(await post(issuer, `/${of}/capture`, {}))).toMatchObject({
      code: "CAPTURED",
    });
  });
});

test("a till of another partner finds nothing to refund, capture or reverse", async () => {
  const of = await sellAt(issuer);
  const missing = { status: 404, code: "ORIGINAL_NOT_FOUND" };
  const refused = await post(stranger, `/${of}/refunds`, { id: newId(), amountCents: 100 });
  expect(expectProblem(refused, missing).detail).toMatch(/partner/);
  expectProblem(await post(stranger, `/${of}/capture`, {}), missing);
  expectProblem(await post(stranger, `/${of}/reversal`, { reason: "manual" }), missing);
  expect(await refundAt(issuer, of, {})).toMatchObject({ returned: { value: 300 } });
});

test("an id that two tills of a partner made is refunded at neither: it could be the wrong one", async () => {
  const of = await sellAt(issuer);
  await sellAt(colleague, { id: of });
  const missing = { status: 404, code: "ORIGINAL_NOT_FOUND" };
  for (const client of [issuer, colleague]) {
    expectProblem(await post(client, `/${of}/refunds`, { id: newId() }), missing);
  }
});

test("nothing of all that left a balance that is not the sum of its entries", async () => {
  expect((await running.gateway.operator.verify()).faults).toEqual([]);
});
