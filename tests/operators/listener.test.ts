// The operators' listener over real mutual TLS: who comes in, who may do what, and what the next tap sees of it.

import { randomBytes, randomUUID } from "node:crypto";
import { createLogger } from "@pass-tpe/gateway";
import { uuidV7 } from "@pass-tpe/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Driver } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { collected } from "../support/ledger.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, postJson, raw } from "../support/raw-client.js";
import {
  type AgentClient,
  clientOf,
  connectionOf,
  issued,
  LATER_CAMPAIGN,
  type OperatorsGateway,
  startOperatorsGateway,
} from "./agents.js";
import { aPupil, issuedCard, ordered, suspended, validated, wholePupil } from "./events.js";

let running: OperatorsGateway;
let operator: AgentClient;
let region: AgentClient;
let lycee: AgentClient;
let other: AgentClient;
let driver: Driver;
const log: string[] = [];

beforeAll(async () => {
  const destination = { write: (line: string) => void log.push(line) };
  running = await startOperatorsGateway({
    log: createLogger({ level: "trace", destination }),
    // A seal in between would be counted, or stopped, in the place of what is tested.
    sealEveryMs: 3_600_000,
    makeDriver(path) {
      driver = sqliteDriver(path);
      return driver;
    },
  });
  operator = await running.as("operator");
  region = await running.as("region");
  lycee = await running.as("lycee");
  other = await running.as("other");
});

afterAll(() => running.stop());

async function sendAll(client: AgentClient, events: readonly object[]): Promise<void> {
  for (const event of events) {
    expect(await client.send(event)).toMatchObject({ status: 200, body: { outcome: "applied" } });
  }
}

async function paidBooks(pupil: { readonly uid: Buffer }, cents: number) {
  const till = agentFor(await running.terminal());
  const body = {
    id: uuidV7(Date.now(), randomBytes(10)),
    evidence: nfcEvidence(running.gateway, pupil),
    avantage: "LIVRES_LOISIR",
    purchaseCents: cents,
  };
  const sale = await postJson({
    agent: till,
    url: `${running.gateway.url}/v1/authorizations`,
    body,
  });
  till.destroy();
  return sale.body;
}

describe("who calls", () => {
  test("without a certificate is refused, and told what is needed", async () => {
    const agent = connectionOf(operator.credentials, false);
    const answer = await raw({ agent, url: `${running.gateway.operatorUrl}/v1/beneficiaries/D-1` });
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).toMatchObject({ code: "AGENT_AUTH_FAILED" });
    agent.destroy();
  });

  test("with a terminal's certificate is refused by the operators' listener", async () => {
    const agent = agentFor(await running.terminal());
    const url = `${running.gateway.operatorUrl}/v1/events`;
    const answer = await postJson({ agent, url, body: ordered(aPupil()) });
    expect(answer).toMatchObject({ status: 403, body: { code: "AGENT_NOT_AUTHORISED" } });
    agent.destroy();
  });

  test("with an agent's certificate is refused by the terminals' listener", async () => {
    const agent = connectionOf(operator.credentials);
    const answer = await raw({ agent, url: `${running.gateway.url}/v1/terminal` });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toMatchObject({ code: "TERMINAL_NOT_AUTHORISED" });
    agent.destroy();
  });

  test("and is revoked is refused from the next request on, on the same connection", async () => {
    const gone = { id: "operator-gone", role: "operator", etablissement: null } as const;
    const credentials = await issued(running.gateway, gone);
    const connection = connectionOf(credentials);
    const client = clientOf({ url: running.gateway.operatorUrl, credentials, connection });
    expect((await client.send(ordered(aPupil()))).status).toBe(200);
    expect(await operator.post(`/v1/agents/${gone.id}/revocation`)).toMatchObject({ status: 200 });
    expect(await client.send(ordered(aPupil()))).toMatchObject({
      status: 403,
      body: { code: "AGENT_NOT_AUTHORISED" },
    });
    expect(await operator.post("/v1/agents", gone)).toMatchObject({
      status: 409,
      body: { code: "CONTRADICTION" },
    });
    connection.destroy();
  });
});

describe("roles", () => {
  test.each([
    ["an établissement orders no card", () => lycee, () => ordered(aPupil())],
    ["an établissement issues no card", () => lycee, () => issuedCard(aPupil())],
    ["an établissement suspends nobody", () => lycee, () => suspended(aPupil())],
    ["the Région orders no card", () => region, () => ordered(aPupil())],
    ["the Région validates nobody", () => region, () => validated(aPupil())],
    ["the operator suspends nobody", () => operator, () => suspended(aPupil())],
  ])("%s", async (_what, client, event) => {
    expect(await client().send(event())).toMatchObject({
      status: 403,
      body: { code: "NOT_ALLOWED" },
    });
  });

  test.each([
    ["/v1/agents", { id: "x", role: "operator" }],
    ["/v1/agents/operator-1/revocation", {}],
    ["/v1/terminals/T-1/revocation", {}],
  ])("only the operator may POST %s", async (path, body) => {
    for (const client of [region, lycee]) {
      expect(await client.post(path, body)).toMatchObject({
        status: 403,
        body: { code: "NOT_ALLOWED" },
      });
    }
  });

  test("an agent that the operator issues over the API can call at once", async () => {
    const made = { id: `operator-${randomUUID()}`, role: "operator" };
    const { status, body } = await operator.post("/v1/agents", made);
    expect(status).toBe(200);
    const credentials = {
      ca: String(body["ca"]),
      certificate: String(body["certificate"]),
      privateKey: String(body["privateKey"]),
    };
    const connection = connectionOf(credentials);
    const client = clientOf({ url: running.gateway.operatorUrl, credentials, connection });
    expect((await client.get("/v1/beneficiaries/D-NOBODY")).status).toBe(404);
    connection.destroy();
  });

  test("the Région's agents are issued and revoked by the Région alone", async () => {
    const made = { id: `region-${randomUUID()}`, role: "region" };
    const refused = { status: 403, body: { code: "NOT_ALLOWED" } };
    expect(await operator.post("/v1/agents", made)).toMatchObject(refused);
    expect(await region.post("/v1/agents", made)).toMatchObject({ status: 200 });
    expect(await operator.post(`/v1/agents/${made.id}/revocation`)).toMatchObject(refused);
    expect(await region.post(`/v1/agents/${made.id}/revocation`)).toMatchObject({ status: 200 });
  });

  test("an agent keeps its role, and one that nobody knows is not revoked", async () => {
    const id = `lycee-${randomUUID()}`;
    const made = { id, role: "etablissement", etablissement: "LYC-9" };
    expect(await operator.post("/v1/agents", made)).toMatchObject({ status: 200 });
    for (const other of [
      { id, role: "operator" },
      { ...made, etablissement: "LYC-8" },
    ]) {
      expect(await operator.post("/v1/agents", other)).toMatchObject({
        status: 409,
        body: { code: "CONTRADICTION" },
      });
    }
    expect(await operator.post("/v1/agents/nobody/revocation")).toMatchObject({ status: 404 });
  });

  test("an active agent's credentials are issued again to itself alone", async () => {
    const own = { id: "operator-1", role: "operator" };
    const { body } = await operator.post("/v1/agents", {
      id: `op-${randomUUID()}`,
      role: "operator",
    });
    const id = String(body["id"]);
    expect(await operator.post("/v1/agents", { id, role: "operator" })).toMatchObject({
      status: 409,
      body: { code: "CONTRADICTION", detail: expect.stringContaining("choose another id") },
    });
    const { ca, certificate, privateKey } = body as Record<
      "ca" | "certificate" | "privateKey",
      string
    >;
    const credentials = { ca, certificate, privateKey };
    const connection = connectionOf(credentials);
    const client = clientOf({ url: running.gateway.operatorUrl, credentials, connection });
    expect(await client.post("/v1/agents", own)).toMatchObject({ status: 409 });
    expect(await client.post("/v1/agents", { id, role: "operator" })).toMatchObject({
      status: 200,
    });
    expect((await client.get("/v1/beneficiaries/D-NOBODY")).status).toBe(403);
    connection.destroy();
  });

  test("who issues and revokes stands in the audit trail", async () => {
    const id = `lycee-${randomUUID()}`;
    const terminalId = `T-${randomUUID()}`;
    await running.terminal(terminalId);
    await operator.post("/v1/agents", { id, role: "etablissement", etablissement: "LYC-9" });
    await operator.post(`/v1/agents/${id}/revocation`);
    await operator.post(`/v1/terminals/${terminalId}/revocation`);
    const by = { agentId: "operator-1", role: "operator", outcome: "applied" };
    expect(await collected(driver.events({ subject: id }))).toMatchObject([
      { type: "agent.issued", ...by, notes: ["role etablissement of LYC-9"] },
      { type: "agent.revoked", ...by },
    ]);
    expect(await collected(driver.events({ subject: terminalId }))).toMatchObject([
      { type: "terminal.enrolled", agentId: "(in process)" },
      { type: "terminal.revoked", ...by, notes: ["pointOfSale POS-1"] },
    ]);
  });

  test("an établissement's agent without an établissement is not issued", async () => {
    expect(await operator.post("/v1/agents", { id: "x", role: "etablissement" })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: "/etablissement" }] },
    });
  });
});

describe("an établissement", () => {
  test("validates and sees its own pupil, and no suspension of it", async () => {
    const pupil = aPupil();
    await sendAll(operator, [ordered(pupil)]);
    await sendAll(lycee, [validated(pupil)]);
    await sendAll(operator, [issuedCard(pupil)]);
    await sendAll(region, [suspended(pupil)]);
    const { status, body } = await lycee.get(`/v1/beneficiaries/${pupil.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      holder: "Camille D.",
      etablissement: "LYC-1",
      cards: [{ lastFour: pupil.cardNumber.slice(-4), status: "ACTIVE" }],
      grants: expect.arrayContaining([
        expect.objectContaining({ avantage: "CINEMA", amount: 5, revoked: false }),
      ]),
    });
    expect(JSON.stringify(body)).not.toContain("spent");
    expect(body).not.toHaveProperty("suspensions");
    expect((await region.get(`/v1/beneficiaries/${pupil.id}`)).body).toMatchObject({
      grants: expect.arrayContaining([expect.objectContaining({ avantage: "CINEMA", spent: 0 })]),
      suspensions: [
        {
          avantages: ["CINEMA"],
          decisionRef: "DEC-1",
          decidedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
          liftedAt: null,
        },
      ],
    });
  });

  test("cannot tell another's pupil from nobody", async () => {
    const pupil = aPupil();
    const nobody = aPupil();
    await sendAll(operator, [ordered(pupil)]);
    const seen = async (id: string) =>
      JSON.stringify(await other.get(`/v1/beneficiaries/${id}`)).replaceAll(id, "ID");
    expect(await seen(pupil.id)).toBe(await seen(nobody.id));
    const sent = async (who: typeof pupil) =>
      JSON.stringify(await other.send(validated(who, { etablissement: "LYC-2" }))).replaceAll(
        who.id,
        "ID",
      );
    expect(await sent(pupil)).toBe(await sent(nobody));
    expect(await sent(pupil)).toContain("NOT_ALLOWED");
  });
});

describe("an event", () => {
  test("is seen by the next tap, and a repeat of it neither grants nor resets anything", async () => {
    const pupil = aPupil();
    const [order, validation, card] = wholePupil(pupil);
    await sendAll(operator, [order ?? {}, validation ?? {}, card ?? {}]);
    expect(await paidBooks(pupil, 900)).toMatchObject({ code: "APPROVED", amountCents: 900 });
    for (const event of wholePupil(pupil)) {
      expect((await operator.send(event)).body).toMatchObject({ outcome: "unchanged" });
    }
    expect(await operator.send(validation ?? {})).toMatchObject({
      status: 200,
      body: { outcome: "applied", replayed: true },
    });
    expect((await paidBooks(pupil, 900))["amountCents"]).toBe(600);
  });

  test("under the id of another event is refused", async () => {
    const [first, second] = [aPupil(), aPupil()];
    const order = ordered(first);
    await sendAll(operator, [order]);
    expect(await operator.send({ ...order, beneficiary: second.id })).toMatchObject({
      status: 409,
      body: { code: "DUPLICATE_CONFLICT" },
    });
  });

  test.each([
    ["UNKNOWN_SUBJECT", 404, () => ({ ...suspended(aPupil()) })],
    ["OUT_OF_ORDER", 409, () => ordered(aPupil(), { charterAcceptedOn: null })],
    ["OUTSIDE_CAMPAIGN", 422, () => ordered(aPupil(), { campaign: LATER_CAMPAIGN })],
    ["NOT_IN_PROGRAMME", 422, () => ordered(aPupil(), { campaign: "1999/2000" })],
  ])("that is refused with %s is HTTP %i, and says why", async (code, status, event) => {
    const client = code === "UNKNOWN_SUBJECT" ? region : operator;
    const answer = await client.send(event());
    expect(answer).toMatchObject({ status, body: { code } });
    expect(String(answer.body["detail"]).length).toBeGreaterThan(10);
  });

  test("that says otherwise than the record is a CONTRADICTION", async () => {
    const pupil = aPupil();
    await sendAll(operator, [ordered(pupil)]);
    expect(await operator.send(ordered(pupil, { holder: "Sacha P." }))).toMatchObject({
      status: 409,
      body: { code: "CONTRADICTION" },
    });
  });

  test("that names a young person by the card's number, or a card by the dossier's, is refused with a hint", async () => {
    const pupil = aPupil();
    expect(await operator.send(ordered(pupil, { beneficiary: pupil.cardNumber }))).toMatchObject({
      status: 400,
      body: {
        errors: [{ pointer: "/beneficiary", detail: expect.stringContaining("numéro de dossier") }],
      },
    });
    const withdrawal = { id: randomUUID(), type: "card.withdrawn", beneficiary: pupil.id };
    const lost = { ...withdrawal, cardNumber: pupil.id, status: "LOST" };
    expect(await operator.send(lost)).toMatchObject({
      status: 400,
      body: {
        errors: [{ pointer: "/cardNumber", detail: expect.stringContaining("numéro de carte") }],
      },
    });
  });

  test("of an unknown type, or with a field that is not known, is refused where it is wrong", async () => {
    expect(await operator.send({ ...ordered(aPupil()), type: "card.eaten" })).toMatchObject({
      status: 400,
      body: { code: "FORMAT_ERROR", errors: [{ pointer: "/type" }] },
    });
    expect((await operator.send({ ...ordered(aPupil()), motive: "x" })).status).toBe(400);
  });

  test("about a card finds it by its number", async () => {
    const pupil = aPupil();
    await sendAll(operator, wholePupil(pupil));
    const about = { beneficiary: pupil.id, cardNumber: pupil.cardNumber };
    await sendAll(operator, [
      { id: randomUUID(), type: "card.withdrawn", ...about, status: "LOST" },
    ]);
    expect((await paidBooks(pupil, 100))["outcome"]).toBe("declined");
    const [card] = (await operator.get(`/v1/beneficiaries/${pupil.id}`)).body["cards"] as object[];
    expect(card).toMatchObject({ status: "LOST" });
  });
});

test("a revoked terminal sells nothing more; an unknown one is told to be unknown", async () => {
  const till = agentFor(await running.terminal("T-REVOKED-BY-API"));
  expect(await operator.post("/v1/terminals/T-REVOKED-BY-API/revocation")).toMatchObject({
    status: 200,
  });
  expect((await raw({ agent: till, url: `${running.gateway.url}/v1/terminal` })).status).toBe(403);
  expect(await operator.post("/v1/terminals/NONE/revocation")).toMatchObject({
    status: 404,
    body: { code: "UNKNOWN_SUBJECT" },
  });
  till.destroy();
});

test("the log tells agent, act and subject, and holds no card number, flag, birth day or key", async () => {
  const pupil = aPupil();
  await sendAll(operator, wholePupil(pupil));
  await operator.send(ordered(pupil, { beneficiary: pupil.cardNumber }));
  await operator.batch([JSON.stringify(validated(pupil)), `{"beneficiary":"${pupil.cardNumber}"`]);
  const text = log.join("");
  const line = log.find((it) => it.includes(pupil.id) && it.includes("card.issued"));
  expect(JSON.parse(line ?? "{}")).toMatchObject({
    operation: "sendEvent",
    agentId: "operator-1",
    subject: pupil.id,
    outcome: "applied",
  });
  expect(text).toContain('"operation":"sendEvents"');
  const secrets = [
    pupil.cardNumber,
    pupil.uid.toString("hex"),
    "MAJORATION_A",
    "2007-03-29",
    "PRIVATE KEY",
    "Camille",
  ];
  for (const secret of secrets) expect(text).not.toContain(secret);
});
