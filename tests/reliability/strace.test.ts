// Watches the system calls of the real gateway: no answer leaves before the write-ahead log that holds it is synced.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { agentFor, postJson, raw } from "../support/raw-client.js";
import { describeSystem } from "../support/suites.js";
import { type DurabilityOrder, durabilityOrder, lastTurns } from "./durability-order.js";
import { startGatewayProcess } from "./gateway-process.js";
import { saleMaker } from "./sales.js";
import { scratchGateway } from "./scratch-gateway.js";
import { startServing } from "./serving-process.js";
import { traceIn } from "./traced.js";

const CARELESS = fileURLToPath(new URL("careless-server.mjs", import.meta.url));
const CARELESS_REQUESTS = 5;
const TIMEOUT_MS = 60_000;

const isWriteAheadLog = (path: string) => path.endsWith("-wal");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-trace-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Sells at a traced gateway, each terminal on a connection of its own, and checks the trace. */
async function tracedSales(count: {
  readonly terminals: number;
  readonly salesEach: number;
}): Promise<DurabilityOrder> {
  const trace = traceIn(folder);
  const shop = await scratchGateway(async (gateway) => {
    const own = await gateway.card({ grants: { SPECTACLE: 1_000_000 } });
    const customers = { own, shared: own, attacked: [own] };
    return Promise.all(
      Array.from({ length: count.terminals }, async () => ({
        customers,
        credentials: await gateway.terminal(),
      })),
    );
  });
  onTestFinished(shop.remove);
  const gateway = await startGatewayProcess({ ...shop, under: trace.under });
  onTestFinished(gateway.kill);
  const agents = await Promise.all(
    shop.content.map(async (till, seed) => {
      const agent = agentFor(till.credentials);
      const nextSale = saleMaker({ ...till, gateway: shop.loaded, seed });
      // The end of the handshake goes out together with the first answer; let it not be a sale's.
      await raw({ agent, url: `${gateway.url}/v1/terminal` });
      const url = `${gateway.url}/v1/authorizations`;
      for (let made = 0; made < count.salesEach; made += 1) {
        const { status } = await postJson({ agent, url, body: nextSale() });
        expect(status).toBe(200);
      }
      return agent;
    }),
  );
  // No goodbye is said on a connection, so that the last that was said on each is its last answer.
  gateway.kill();
  await gateway.ended;
  for (const agent of agents) agent.destroy();
  expect((await shop.verify()).attempts).toBe(count.terminals * count.salesEach);
  return durabilityOrder(trace.read(), { isLog: isWriteAheadLog });
}

/** Asks a server that writes a row for each request, as careful as the pragma makes it. */
async function tracedCareless(synchronous: "OFF" | "FULL"): Promise<DurabilityOrder> {
  const trace = traceIn(folder);
  const command = [process.execPath, CARELESS, join(folder, "careless.db"), synchronous];
  const server = await startServing([...trace.under, ...command]);
  onTestFinished(server.kill);
  for (let made = 0; made < CARELESS_REQUESTS; made += 1) {
    const answer = await fetch(server.url, { method: "POST" });
    expect(await answer.text()).toBe("sold");
  }
  await server.terminate();
  return durabilityOrder(trace.read(), { isLog: isWriteAheadLog });
}

describeSystem("strace")("under strace", () => {
  test.each([
    { terminals: 1, salesEach: 12 },
    { terminals: 4, salesEach: 4 },
  ])(
    "each of $salesEach sales at $terminals terminals is answered after its log is synced",
    async (count) => {
      const { early, turns } = await tracedSales(count);
      expect(early).toEqual([]);
      const answers = lastTurns(turns, count.salesEach);
      expect(answers).toHaveLength(count.terminals * count.salesEach);
      expect(answers.filter(({ synced }) => !synced)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test("a server that does not wait for its disk is found out", async () => {
    const { early, turns } = await tracedCareless("OFF");
    expect(early.length).toBeGreaterThanOrEqual(CARELESS_REQUESTS);
    expect(turns.filter(({ synced }) => synced)).toEqual([]);
  });

  test("the same server passes once it waits", async () => {
    const { early, turns } = await tracedCareless("FULL");
    expect(early).toEqual([]);
    expect(turns.filter(({ synced }) => synced)).toHaveLength(CARELESS_REQUESTS);
  });
});
