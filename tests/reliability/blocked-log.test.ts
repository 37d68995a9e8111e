// A log that nobody reads any more holds up no sale: the gateway as a process, its stdout a pipe that is full.

import { randomBytes } from "node:crypto";
import { uuidV7 } from "@pass-tpe/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentFor, postJson } from "../support/raw-client.js";
import { startGatewayProcess } from "./gateway-process.js";
import { type ScratchGateway, scratchGateway } from "./scratch-gateway.js";
import type { ServingProcess } from "./serving-process.js";

/** Each leaves a line of some 200 bytes: together far above what a pipe and its reader's buffer hold. */
const REQUESTS = 1_500;
const AT_ONCE = 50;
const END_TIMEOUT_MS = 10_000;

let shop: ScratchGateway<{ readonly agent: ReturnType<typeof agentFor> }>;
let gateway: ServingProcess;
beforeAll(async () => {
  shop = await scratchGateway(async (test) => ({ agent: agentFor(await test.terminal("T-LOG")) }));
  gateway = await startGatewayProcess(shop);
});
afterAll(async () => {
  shop.content.agent.destroy();
  gateway.kill();
  await gateway.ended;
  shop.remove();
});

/** Makes so many lines of log. */
async function fill(): Promise<void> {
  const reverse = () => {
    const url = `${gateway.url}/v1/authorizations/${uuidV7(Date.now(), randomBytes(10))}/reversal`;
    return postJson({ agent: shop.content.agent, url, body: { reason: "automatic" } });
  };
  for (let made = 0; made < REQUESTS; made += AT_ONCE) {
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, reverse));
    expect(answers.map(({ status }) => status)).toEqual(Array(AT_ONCE).fill(200));
  }
}

function isRunning(): boolean {
  try {
    return process.kill(gateway.pid, 0);
  } catch {
    return false;
  }
}

test("requests are answered while nobody reads the log, and the log goes on once somebody does", async () => {
  const linesBefore = gateway.lines.length;
  gateway.holdLog();
  await fill();
  expect(gateway.lines.length - linesBefore).toBeLessThan(REQUESTS);
  gateway.readLog();
  await expect.poll(() => gateway.lines.length - linesBefore).toBeGreaterThanOrEqual(REQUESTS);
});

test("a gateway that is told to end does so while nobody reads the log", async () => {
  gateway.holdLog();
  await fill();
  process.kill(gateway.pid, "SIGTERM");
  await expect.poll(isRunning, { timeout: END_TIMEOUT_MS }).toBe(false);
  gateway.readLog();
  expect(await gateway.exitCode).toBe(0);
});
