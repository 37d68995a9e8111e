// A sale's deadline on the real gateway over HTTP: what waits past it is declined and debits nothing.

import { randomBytes } from "node:crypto";
import { uuidV7 } from "@pass-tpe/protocol";
import { expect, onTestFinished, test } from "vitest";
import type { Driver } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, postJson, raw } from "../support/raw-client.js";
import { startTestGateway, type TestCard } from "../support/running-gateway.js";
import { startGatewayProcess } from "./gateway-process.js";
import { scratchGateway } from "./scratch-gateway.js";

const SHORT_MS = 300;
const LONG_MS = 20_000;
const BUSY_MS = 1_500;
const GRANTED_CENTS = 3_000;
const STOPPED_MS = 2_500;
const STOPPED_DEADLINE_MS = 500;

const bodyOf = async (answer: Promise<{ readonly body: unknown }> | null) => (await answer)?.body;

/** A driver whose next sync waits until a test lets it go on, or keeps the whole process busy for so long. */
function heldDriver() {
  const held = {
    next: null as (() => Promise<void>) | null,
    makeDriver(path: string): Driver {
      const driver = sqliteDriver(path);
      return {
        ...driver,
        async sync() {
          const { next } = held;
          held.next = null;
          await next?.();
          return driver.sync();
        },
      };
    },
  };
  return held;
}

async function rig() {
  const held = heldDriver();
  const gateway = await startTestGateway({
    makeDriver: held.makeDriver,
    sealEveryMs: 3_600_000,
  });
  onTestFinished(() => gateway.stop());
  const cards = [await gateway.card(), await gateway.card()];
  const tills = [agentFor(await gateway.terminal()), agentFor(await gateway.terminal())];
  onTestFinished(() => {
    for (const agent of tills) agent.destroy();
  });
  const url = `${gateway.gateway.url}/v1/authorizations`;
  const saleOf = (card: TestCard, deadlineMs: number) => ({
    id: uuidV7(Date.now(), randomBytes(10)),
    evidence: nfcEvidence(gateway.gateway, card),
    avantage: "SPECTACLE",
    purchaseCents: 500,
    deadlineMs,
  });
  const [patient, hasty] = cards;
  const [first, second] = tills;
  if (!patient || !hasty || !first || !second) throw new Error("two of each");
  const send = (agent: typeof first, body: object) => postJson({ agent, url, body });
  /** A connection that stands: the handshake is no part of what is measured. */
  for (const agent of tills) await raw({ agent, url: `${gateway.gateway.url}/v1/terminal` });
  return { held, patient, hasty, first, second, saleOf, send, url };
}

test("a sale whose deadline passes while it waits is told so in time, declined, and debits nothing", async () => {
  const { held, patient, hasty, first, second, saleOf, send, url } = await rig();
  let release = () => {};
  let inTime: ReturnType<typeof send> | null = null;
  await new Promise<void>((isHeld) => {
    held.next = () => {
      isHeld();
      return new Promise((resolve) => {
        release = resolve;
      });
    };
    inTime = send(first, saleOf(patient, LONG_MS));
  });
  const late = saleOf(hasty, SHORT_MS);
  const told = await send(second, late);
  expect(told).toMatchObject({ status: 503, body: { code: "IN_PROGRESS" } });
  release();
  expect(await bodyOf(inTime)).toMatchObject({ outcome: "approved" });
  const again = await send(second, late);
  expect(again).toMatchObject({ status: 200, body: { outcome: "declined" } });
  const status = await raw({ agent: second, url: `${url}/${late.id}` });
  expect(JSON.parse(status.text)).toMatchObject({ state: "declined" });
  const all = { ...saleOf(hasty, LONG_MS), purchaseCents: GRANTED_CENTS, exact: true };
  expect((await send(second, all)).body).toMatchObject({ amountCents: GRANTED_CENTS });
});

test("a sale that lay in the socket while the process was busy is counted from when it came", async () => {
  const { held, patient, hasty, first, second, saleOf, send } = await rig();
  const sale = saleOf(hasty, SHORT_MS);
  let late: ReturnType<typeof send> | null = null;
  held.next = async () => {
    // The other till's bytes leave in this process too: they are on their way before it is kept busy.
    late = send(second, sale);
    await new Promise((resolve) => setImmediate(resolve));
    const untilMs = performance.now() + BUSY_MS;
    while (performance.now() < untilMs);
  };
  expect((await send(first, saleOf(patient, LONG_MS))).body).toMatchObject({ outcome: "approved" });
  // Where it was read just before, it is told that it is late; it is declined in any case.
  expect(await bodyOf(late)).not.toMatchObject({ outcome: "approved" });
  expect((await send(second, sale)).body).toMatchObject({ outcome: "declined" });
  const all = { ...saleOf(hasty, LONG_MS), purchaseCents: GRANTED_CENTS, exact: true };
  expect((await send(second, all)).body).toMatchObject({ amountCents: GRANTED_CENTS });
});

test("a sale that lay in the socket while the idle process was stopped is counted from when it came", async () => {
  const shop = await scratchGateway(async (test) => ({
    card: await test.card({ grants: { SPECTACLE: GRANTED_CENTS } }),
    credentials: await test.terminal(),
  }));
  onTestFinished(shop.remove);
  const gateway = await startGatewayProcess(shop);
  onTestFinished(gateway.kill);
  const agent = agentFor(shop.content.credentials);
  onTestFinished(() => agent.destroy());
  await raw({ agent, url: `${gateway.url}/v1/terminal` });
  process.kill(gateway.pid, "SIGSTOP");
  const sale = {
    id: uuidV7(Date.now(), randomBytes(10)),
    evidence: nfcEvidence(shop.loaded, shop.content.card),
    avantage: "SPECTACLE",
    purchaseCents: 500,
    deadlineMs: STOPPED_DEADLINE_MS,
  };
  const told = postJson({ agent, url: `${gateway.url}/v1/authorizations`, body: sale });
  // The time that passes is what is tested.
  await new Promise((resolve) => setTimeout(resolve, STOPPED_MS));
  process.kill(gateway.pid, "SIGCONT");
  expect((await told).body).not.toMatchObject({ outcome: "approved" });
  const again = await postJson({ agent, url: `${gateway.url}/v1/authorizations`, body: sale });
  expect(again.body).not.toMatchObject({ outcome: "approved" });
}, 60_000);
