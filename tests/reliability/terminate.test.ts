// The gateway's process told to end in mid-load: it finishes what it accepted, keeps it, and ends with 0.

import { expect, onTestFinished, test } from "vitest";
import { agentFor, postJson } from "../support/raw-client.js";
import { startGatewayProcess } from "./gateway-process.js";
import { saleMaker } from "./sales.js";
import { scratchGateway } from "./scratch-gateway.js";

const SALES = 40;

test("SIGTERM in mid-load: every sale that was answered is stored as answered, and the exit code is 0", async () => {
  const shop = await scratchGateway(async (gateway) => {
    const own = await gateway.card({ grants: { SPECTACLE: 1_000_000 } });
    const customers = { own, shared: own, attacked: [own] };
    return { customers, credentials: await gateway.terminal() };
  });
  onTestFinished(shop.remove);
  const gateway = await startGatewayProcess(shop);
  onTestFinished(gateway.kill);
  const agent = agentFor(shop.content.credentials);
  const nextSale = saleMaker({ ...shop.content, gateway: shop.loaded, seed: 1 });
  const url = `${gateway.url}/v1/authorizations`;
  const sell = () => postJson({ agent, url, body: nextSale() });
  await sell();
  const inFlight = Array.from({ length: SALES }, sell);
  await Promise.race(inFlight);
  const exitCode = gateway.terminate();
  const outcomes = await Promise.allSettled(inFlight);
  expect(await exitCode).toBe(0);
  agent.destroy();
  const answered = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value.body] : []));
  expect(answered.length).toBeGreaterThan(0);
  const stored = new Map((await shop.ledger()).attempts.map((one) => [one.id, one.answer]));
  for (const answer of answered) {
    expect(JSON.parse(stored.get(String(answer["id"])) ?? "null")).toEqual(answer);
  }
  expect((await shop.verify()).faults).toEqual([]);
}, 60_000);
