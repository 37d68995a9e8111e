// A till's connection to a real gateway over real TLS: what it says of it is true, and it heals by itself.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVirtualCard, type SimulatedReader, simulatedReader } from "@pass-tpe/simulators";
import {
  type Deadlines,
  PassTpeError,
  type SaleResult,
  saveCredentials,
  Terminal,
  type TerminalEvent,
} from "@pass-tpe/terminal-sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "../support/running-gateway.js";
import { type ConnectionProxy, startConnectionProxy } from "./connection-proxy.js";

/** Short enough for a test, and long enough for a handshake on a slow machine. */
const HASTY: Partial<Deadlines> = { heartbeatMs: 300, profileMs: 2_000 };

let folder: string;
let running: TestGateway;
let proxy: ConnectionProxy;
let terminal: Terminal;
let reader: SimulatedReader;
let events: TerminalEvent[];
let tap: () => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-connection-"));
  running = await startTestGateway();
  proxy = await startConnectionProxy(portOf(running));
  const credentials = join(folder, "credentials.json");
  await saveCredentials({ path: credentials, credentials: await running.terminal() });
  const { uid } = await running.card({ grants: { SPECTACLE: 1_000_000 } });
  const keys = running.gateway.operator.cardKeys(uid);
  const card = createVirtualCard({ profile: "sdm", uid, keys });
  reader = simulatedReader();
  tap = () => reader.tap(card);
  events = [];
  terminal = await Terminal.open({
    gateway: `https://127.0.0.1:${proxy.port}`,
    credentials,
    journal: join(folder, "journal"),
    readers: [reader],
    deadlines: HASTY,
  });
  terminal.on("*", (event) => events.push(event));
});

afterEach(async () => {
  await terminal.close();
  await proxy.close();
  await running.stop();
  rmSync(folder, { recursive: true });
});

const portOf = ({ gateway }: TestGateway) => Number(new URL(gateway.url).port);

function sell(): Promise<SaleResult> {
  tap();
  return terminal.sell({ avantage: "SPECTACLE", purchaseCents: 100 });
}

/** Has more than one connection stand. */
async function severalKept(): Promise<void> {
  const ids = ["0190163d-8694-739b-aea5-966c26f8ad91", "0190163d-8694-739b-aea5-966c26f8ad92"];
  await Promise.all([terminal.profile(), ...ids.map((id) => terminal.status(id))]);
}

/** Resolves once the terminal says this of its connection. */
async function becomes(state: "online" | "offline"): Promise<string> {
  while (terminal.connection?.state !== state) {
    await new Promise<void>((resolve) => {
      const stop = terminal.on("connection", () => {
        stop();
        resolve();
      });
    });
  }
  return terminal.connection.reason;
}

const states = () => events.flatMap((event) => (event.type === "connection" ? [event.state] : []));

describe("a gateway that is restarted", () => {
  it("is offline with a reason, and back within a heartbeat; what is owed goes out at once", async () => {
    expect(await sell()).toMatchObject({ outcome: "approved" });
    await severalKept();
    const deaf = terminal.on("sending", () => {
      deaf();
      proxy.swallowAll();
    });
    const doubtful = await sell();
    if (doubtful.outcome !== "unknown") throw new Error("expected unknown");
    await proxy.down();
    await running.restart();
    proxy.target = portOf(running);
    expect(await becomes("offline")).not.toBe("");
    await proxy.up();
    proxy.pass();
    await becomes("online");
    expect(await doubtful.resolved).toMatchObject({ outcome: "reversed" });
    expect(await sell()).toMatchObject({ outcome: "approved" });
    expect(await running.gateway.operator.verify()).toMatchObject({ faults: [] });
  }, 60_000);

  it("refuses connections meanwhile, and no sale is in doubt for it", async () => {
    expect(await sell()).toMatchObject({ outcome: "approved" });
    await proxy.down();
    expect(await becomes("offline")).toMatch(/ECONN|socket|hang up/);
    expect(await sell()).toMatchObject({ outcome: "declined", moneyMoved: "no" });
    await proxy.up();
    await becomes("online");
    expect(await sell()).toMatchObject({ outcome: "approved" });
  }, 60_000);
});

describe("a connection that is half open", () => {
  it("is noticed by the heartbeat, and replaced", async () => {
    expect(await sell()).toMatchObject({ outcome: "approved" });
    proxy.swallowAll();
    expect(await becomes("offline")).toContain("no answer within 2000 ms");
    proxy.pass();
    await becomes("online");
    expect(await sell()).toMatchObject({ outcome: "approved" });
  }, 60_000);

  it("costs a sale one try and not the sale, however many of them were kept", async () => {
    expect(await sell()).toMatchObject({ outcome: "approved" });
    await severalKept();
    proxy.swallowStanding();
    const result = await sell();
    expect(result).toMatchObject({ outcome: "approved" });
    const tries = events.filter((event) => event.type === "sending" && event.id === result.id);
    expect(tries.length).toBeLessThanOrEqual(2);
  }, 60_000);
});

describe("a certificate that is renewed while sales go on", () => {
  it("costs no sale, and the connection is never lost", async () => {
    const rounds = 3;
    for (let round = 0; round < rounds; round += 1) {
      const sale = sell();
      await expect(terminal.renewCredentials()).rejects.toMatchObject({ code: "BUSY" });
      expect(await sale).toMatchObject({ outcome: "approved" });
      const renewing = terminal.renewCredentials();
      expect(await sellOnceFree()).toMatchObject({ outcome: "approved" });
      await renewing;
    }
    expect(await sell()).toMatchObject({ outcome: "approved" });
    expect(states()).toEqual(["online"]);
    expect(await running.gateway.operator.verify()).toMatchObject({
      approved: 2 * rounds + 1,
      faults: [],
    });
  }, 60_000);
});

/** Sells as soon as the terminal has taken up its renewed credentials, as a cashier who tries again. */
async function sellOnceFree(): Promise<SaleResult> {
  for (;;) {
    try {
      return await sell();
    } catch (thrown) {
      if (!(thrown instanceof PassTpeError) || thrown.code !== "BUSY") throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
