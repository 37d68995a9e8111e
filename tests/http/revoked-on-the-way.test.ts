// A terminal or an agent that is revoked while its request is on the way: nothing of the request is done.

import { randomBytes, randomUUID } from "node:crypto";
import { uuidV7 } from "@pass-tpe/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AgentClient,
  connectionOf,
  issued,
  type OperatorsGateway,
  startOperatorsGateway,
} from "../operators/agents.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, postJson } from "../support/raw-client.js";
import { sendAround } from "./held-body.js";

let running: OperatorsGateway;
let operator: AgentClient;

beforeAll(async () => {
  running = await startOperatorsGateway();
  operator = await running.as("operator");
});

afterAll(() => running.stop());

const newId = () => uuidV7(Date.now(), randomBytes(10));

/** A terminal of its own, and a sale of 20 € that it made. */
async function aSale(capture: boolean) {
  const terminal = `T-${randomUUID()}`;
  const agent = agentFor(await running.terminal(terminal));
  const id = newId();
  const evidence = nfcEvidence(running.gateway, await running.card());
  const sale = { id, evidence, avantage: "SPECTACLE", purchaseCents: 2_000, capture };
  const sales = `${running.gateway.url}/v1/authorizations`;
  expect((await postJson({ agent, url: sales, body: sale })).body).toMatchObject({
    outcome: "approved",
  });
  return { terminal, agent, id, url: `${sales}/${id}` };
}

const statusOf = async ({ terminal, id }: { readonly terminal: string; readonly id: string }) =>
  (await operator.get(`/v1/terminals/${terminal}/authorizations/${id}`)).body;

test.each([
  ["capture", false, {}],
  ["reversal", true, { reason: "manual" }],
  ["reversal", true, { reason: "automatic" }],
  ["refunds", true, { id: newId() }],
])("a terminal's %s", async (act, isTaken, body) => {
  const sale = await aSale(isTaken);
  const before = await statusOf(sale);
  const answer = await sendAround({
    agent: sale.agent,
    url: `${sale.url}/${act}`,
    body: JSON.stringify(body),
    meanwhile: () => running.gateway.operator.revokeTerminal(sale.terminal),
  });
  expect(answer).toMatchObject({
    status: 403,
    body: {
      code: "TERMINAL_NOT_AUTHORISED",
      detail: "This terminal is revoked. Partner: ask the operator, who can reverse its sales.",
    },
  });
  expect(await statusOf(sale)).toEqual(before);
  sale.agent.destroy();
});

test("a terminal's sale is declined: the decision looks for itself", async () => {
  const { agent, terminal } = await aSale(true);
  const evidence = nfcEvidence(running.gateway, await running.card());
  const answer = await sendAround({
    agent,
    url: `${running.gateway.url}/v1/authorizations`,
    body: JSON.stringify({ id: newId(), evidence, avantage: "SPECTACLE", purchaseCents: 100 }),
    meanwhile: () => running.gateway.operator.revokeTerminal(terminal),
  });
  expect(answer).toMatchObject({
    status: 200,
    body: { outcome: "declined", code: "TERMINAL_NOT_AUTHORISED" },
  });
  agent.destroy();
});

test.each([
  ["refund for a lost terminal", "refunds", "application/json"],
  ["settlement", "/v1/settlements", "application/json"],
  ["bank's report", "/v1/settlements/status-reports", "application/xml"],
])("an agent's %s", async (_what, act, type) => {
  const sale = await aSale(true);
  const before = await statusOf(sale);
  const id = `operator-${randomUUID()}`;
  const agent = connectionOf(
    await issued(running.gateway, { id, role: "operator", etablissement: null }),
  );
  const path = act.startsWith("/")
    ? act
    : `/v1/terminals/${sale.terminal}/authorizations/${sale.id}/${act}`;
  const answer = await sendAround({
    agent,
    url: `${running.gateway.operatorUrl}${path}`,
    type,
    body: act === "refunds" ? JSON.stringify({ id: newId() }) : "{}",
    meanwhile: () => running.gateway.operator.revokeAgent(id),
  });
  expect(answer).toMatchObject({ status: 403, body: { code: "AGENT_NOT_AUTHORISED" } });
  expect(await statusOf(sale)).toEqual(before);
  agent.destroy();
  sale.agent.destroy();
});
