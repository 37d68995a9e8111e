// Two till processes on one journal: the second waits, asks, or takes it from one that shows no life; money stays right.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hex } from "@pass-tpe/protocol/standards";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "../support/running-gateway.js";
import { assertBuilt } from "./gateway-process.js";
import {
  type HoldingProxy,
  startHoldingProxy,
  startTill,
  type TillProcess,
} from "./lease-processes.js";

/** A lease lives 15 s; the machine may be slow. */
const PAST_A_LEASE_MS = 90_000;

let folder: string;
let running: TestGateway;
let proxy: HoldingProxy;
let card: object;
const tills: TillProcess[] = [];

beforeEach(async () => {
  for (const part of ["terminal-sdk", "simulators"]) {
    assertBuilt(fileURLToPath(new URL(`../../${part}/dist/index.js`, import.meta.url)));
  }
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-lease-"));
  running = await startTestGateway();
  proxy = await startHoldingProxy(running.gateway, await running.terminal());
  const { uid } = await running.card({ grants: { SPECTACLE: 100_000 } });
  const { metaReadKey, fileReadKey } = running.gateway.operator.cardKeys(uid);
  card = { uidHex: hex(uid), metaReadKeyHex: hex(metaReadKey), fileReadKeyHex: hex(fileReadKey) };
});

afterEach(async () => {
  await Promise.all(tills.splice(0).map((till) => till.end()));
  proxy.close();
  await running.stop();
  rmSync(folder, { recursive: true });
});

function open(till: string, takeOver = false): TillProcess {
  const journal = join(folder, "journal");
  const started = startTill(folder, { gateway: proxy.url, journal, till, takeOver, card });
  tills.push(started);
  return started;
}

async function sellAt(till: TillProcess): Promise<void> {
  till.say("sell");
  await till.next("waitingForCard");
  till.say("tap");
  expect(await till.next("result")).toMatchObject({ outcome: "approved" });
}

test(
  "a second till is told who has the terminal and until when, and gets it when it asks",
  async () => {
    const first = open("Caisse 1");
    await first.next("opened");
    const refused = open("Caisse 2");
    const { code, heldBy } = await refused.next("error");
    expect(code).toBe("JOURNAL_IN_USE");
    expect(heldBy).toMatchObject({ till: "Caisse 1", pid: first.child.pid });
    expect(heldBy).toHaveProperty("expiresAtMs", expect.any(Number));

    first.say("sell");
    await first.next("waitingForCard");
    const second = open("Caisse 3", true);
    expect(await first.next("takenOver")).toMatchObject({ by: "Caisse 3", reason: "asked" });
    expect(await first.next("result")).toMatchObject({
      outcome: "declined",
      code: "SALE_CANCELLED",
    });
    await second.next("opened");
    await sellAt(second);
    const report = await running.gateway.operator.verify();
    expect(report).toMatchObject({ approved: 1, faults: [] });
  },
  PAST_A_LEASE_MS,
);

test(
  "a till that dies is succeeded at once, without being asked",
  async () => {
    const first = open("Caisse 1");
    await first.next("opened");
    await first.end();
    await open("Caisse 2").next("opened");
  },
  PAST_A_LEASE_MS,
);

test(
  "a till that was stopped loses its lease, and sends nothing when it wakes",
  async () => {
    const first = open("Caisse 1");
    await first.next("opened");
    first.say("sell");
    await first.next("waitingForCard");
    first.child.kill("SIGSTOP");
    const second = open("Caisse 2", true);
    await second.next("opened");
    await sellAt(second);
    first.say("tap");
    first.child.kill("SIGCONT");
    expect(await first.next("takenOver")).toMatchObject({ by: "Caisse 2", reason: "lapsed" });
    const end = await Promise.race([first.next("result"), first.next("error")]);
    expect(["SALE_CANCELLED", "JOURNAL_IN_USE"]).toContain(end["code"]);
    expect(first.told.map(({ type }) => type)).not.toContain("sending");
    await sellAt(second);
    expect(await running.gateway.operator.verify()).toMatchObject({ approved: 2, faults: [] });
  },
  PAST_A_LEASE_MS,
);

test(
  "what a stopped till had in flight is reversed by its successor, and by nobody else",
  async () => {
    const first = open("Caisse 1");
    await first.next("opened");
    proxy.onDecided = () => void first.child.kill("SIGSTOP");
    first.say("sell");
    await first.next("waitingForCard");
    first.say("tap");
    const second = open("Caisse 2", true);
    await second.next("opened");
    proxy.onDecided = () => undefined;
    expect(await second.next("reversalDone")).toMatchObject({ code: "REVERSED" });
    first.child.kill("SIGCONT");
    const { outcome } = await first.next("result");
    expect(outcome).toBe("unknown");
    expect(first.told.map(({ type }) => type)).not.toContain("reversalDone");
    const { debited, faults } = await running.gateway.operator.verify();
    expect({ debited, faults }).toEqual({ debited: { EUR_CENT: 0 }, faults: [] });
  },
  PAST_A_LEASE_MS,
);
