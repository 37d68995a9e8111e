// The gateway's listeners as a supervisor and an integrator meet them: health, metrics, API description, clean end.

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { uuidV7 } from "@pass-tpe/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, postJson, raw } from "../support/raw-client.js";
import { startTestGateway, type TestCard, type TestGateway } from "../support/running-gateway.js";

let running: TestGateway;
let card: TestCard;
let agent: ReturnType<typeof agentFor>;

const newId = () => uuidV7(Date.now(), randomBytes(10));

beforeAll(async () => {
  running = await startTestGateway();
  card = await running.card();
  agent = agentFor(await running.terminal());
});

afterAll(async () => {
  agent.destroy();
  await running.stop();
});

function sale(): Record<string, unknown> {
  const evidence = nfcEvidence(running.gateway, card);
  return { id: newId(), evidence, avantage: "SPECTACLE", purchaseCents: 100 };
}

describe("the health listener", () => {
  test("is alive and ready while the gateway serves", async () => {
    for (const path of ["/healthz", "/readyz"]) {
      const answer = await fetch(running.gateway.healthUrl + path);
      expect(answer.status).toBe(200);
    }
  });

  test("counts decisions by their code", async () => {
    const url = `${running.gateway.url}/v1/authorizations`;
    await postJson({ agent, url, body: sale() });
    const text = await (await fetch(`${running.gateway.healthUrl}/metrics`)).text();
    expect(text).toMatch(/pass_tpe_decisions_total\{code="APPROVED",class="approved"\} [1-9]/);
    expect(text).toContain("pass_tpe_commit_batch_size");
  });

  test("knows nothing else", async () => {
    expect((await fetch(`${running.gateway.healthUrl}/v1/terminal`)).status).toBe(404);
    expect((await fetch(running.gateway.healthUrl, { method: "POST" })).status).toBe(405);
  });
});

describe("the terminals' listener", () => {
  test("describes itself", async () => {
    const answer = await raw({ agent, url: `${running.gateway.url}/openapi.json` });
    expect(JSON.parse(answer.text)).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) });
  });

  test("tells a terminal where it stands and what is accepted there", async () => {
    const answer = await raw({ agent, url: `${running.gateway.url}/v1/terminal` });
    expect(JSON.parse(answer.text)).toMatchObject({
      partner: { id: "P-1" },
      avantages: expect.arrayContaining([{ avantage: "CINEMA", label: "Cinéma", unit: "SEAT" }]),
      qrKeys: [{ keyId: "1" }],
    });
  });

  test("shows what became of a sale, and its reversal", async () => {
    const url = `${running.gateway.url}/v1/authorizations`;
    const body = sale();
    const { body: answer } = await postJson({ agent, url, body });
    const status = async () => JSON.parse((await raw({ agent, url: `${url}/${body["id"]}` })).text);
    expect(await status()).toEqual({ id: body["id"], state: "approved", answer });
    const reversal = { agent, url: `${url}/${body["id"]}/reversal`, body: { reason: "manual" } };
    const { body: reversed } = await postJson(reversal);
    expect(reversed).toMatchObject({
      code: "REVERSED",
      returned: { unit: "EUR_CENT", value: 100 },
    });
    expect(await status()).toEqual({
      id: body["id"],
      state: "reversed",
      answer,
      reversal: reversed,
    });
  });

  test("tells how long each stage took", async () => {
    const url = `${running.gateway.url}/v1/authorizations`;
    const answer = await raw({ agent, url, body: JSON.stringify(sale()) });
    expect(answer.headers["server-timing"]).toMatch(
      /^queue;dur=[\d.e-]+, decide;dur=.+, commit;dur=/,
    );
  });
});

describe("the data folder", () => {
  test("keeps sealed keys for their owner alone", () => {
    const path = join(running.dataFolder, "keys.json");
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ cipher: "aes-256-gcm" });
  });
});

test("a gateway serves on whatever driver it is given, and then makes no database file", async () => {
  const onMemory = await startTestGateway({ makeDriver: memoryDriver });
  const young = await onMemory.card();
  const ownAgent = agentFor(await onMemory.terminal());
  const evidence = nfcEvidence(onMemory.gateway, young);
  const body = { id: newId(), evidence, avantage: "SPECTACLE", purchaseCents: 100 };
  const url = `${onMemory.gateway.url}/v1/authorizations`;
  expect((await postJson({ agent: ownAgent, url, body })).body).toMatchObject({ code: "APPROVED" });
  expect(existsSync(join(onMemory.dataFolder, "gateway.db"))).toBe(false);
  ownAgent.destroy();
  await onMemory.stop();
});

test("a clean end finishes the sales that were accepted, and keeps them", async () => {
  const closing = await startTestGateway();
  const young = await closing.card();
  const ownAgent = agentFor(await closing.terminal());
  const url = `${closing.gateway.url}/v1/authorizations`;
  const bodies = Array.from({ length: 20 }, () => ({
    id: newId(),
    evidence: nfcEvidence(closing.gateway, young),
    avantage: "SPECTACLE",
    purchaseCents: 100,
  }));
  const answers = bodies.map((body) => postJson({ agent: ownAgent, url, body }));
  await answers[0];
  const ended = closing.restart();
  const outcomes = await Promise.allSettled(answers);
  await ended;
  const approved = outcomes.filter(
    (outcome) => outcome.status === "fulfilled" && outcome.value.body["outcome"] === "approved",
  );
  expect(approved.length).toBeGreaterThan(0);
  const report = await closing.gateway.operator.verify();
  expect(report.faults).toEqual([]);
  expect(report.approved).toBeGreaterThanOrEqual(approved.length);
  ownAgent.destroy();
  await closing.stop();
});
