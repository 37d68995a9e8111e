// Ten times the load that a gateway can bear: who is answered is answered in time, the others are sent away at once.

import { randomBytes } from "node:crypto";
import { uuidV7 } from "@pass-tpe/protocol";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Answer } from "../../gateway/src/core/ports.js";
import type { Driver } from "../../gateway/src/store/driver.js";
import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import type { VirtualClock } from "../support/clock.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, raw } from "../support/raw-client.js";
import { startTestGateway } from "../support/running-gateway.js";
import { codeOf, openShop } from "../support/shop.js";

const DEADLINE_MS = 4_000;

describe("in virtual time, on a disk that takes its time", () => {
  const TERMINALS = 60;
  const SYNC_MS = 400;
  const DECIDE_MS = 10;
  const BATCH_MAX = 64;
  const CAPACITY_PER_MS = BATCH_MAX / (SYNC_MS + BATCH_MAX * DECIDE_MS);
  const LOAD_FACTOR = 10;
  const LASTS_MS = 15_000;
  const TIMEOUT_MS = 60_000;

  interface Seen {
    readonly id: string;
    readonly tookMs: number;
    readonly answer: Answer;
  }

  async function overloaded() {
    let onTime = (_ms: number) => {};
    let clock: VirtualClock | null = null;
    const spend = (ms: number) => {
      clock?.advance(ms);
      onTime(ms);
    };
    const driver = memoryDriver();
    const slow: Driver = {
      ...driver,
      apply(change) {
        spend(DECIDE_MS);
        return driver.apply(change);
      },
      sync() {
        spend(SYNC_MS);
        return driver.sync();
      },
    };
    const grants = { SPECTACLE: 10_000_000 };
    const shop = await openShop(slow, { terminals: TERMINALS, grants });
    onTestFinished(() => shop.store.close());
    ({ clock } = shop);
    // What a commit costs is learned from commits.
    for (let sold = 0; sold < 3; sold += 1) await shop.authorize({ purchaseCents: 1 });
    const before = new Set((await shop.ledger()).attempts.map(({ id }) => id));

    const seen: Seen[] = [];
    const asked: Promise<void>[] = [];
    const startMs = shop.clock.monotonicMs();
    const elapsedMs = () => shop.clock.monotonicMs() - startMs;
    function sell(): void {
      const sentMs = elapsedMs();
      const terminal = shop.terminal(asked.length % TERMINALS);
      const request = shop.request({ purchaseCents: 1, deadlineMs: DEADLINE_MS });
      const note = (answer: Answer) =>
        void seen.push({ id: request.id, tookMs: elapsedMs() - sentMs, answer });
      asked.push(shop.authorize(request, terminal).then(note));
    }
    let owed = 0;
    onTime = (ms) => {
      if (elapsedMs() >= LASTS_MS) return;
      owed += ms * CAPACITY_PER_MS * LOAD_FACTOR;
      for (; owed >= 1; owed -= 1) sell();
    };
    sell();
    // Ends: nothing new comes once the time is over.
    for (let done = 0; done < asked.length; done += 1) await asked[done];
    return { shop, seen, before, lastedMs: elapsedMs() };
  }

  test(
    "each sale that is decided is decided in its deadline, and as many are as without the crowd",
    async () => {
      const { shop, seen, before, lastedMs } = await overloaded();
      const decided = seen.filter(({ answer }) => answer.type === "decision");
      const shed = seen.filter(({ answer }) => answer.type === "overloaded");
      expect(decided.length + shed.length).toBe(seen.length);
      expect(new Set(decided.map(({ answer }) => codeOf(answer)))).toEqual(new Set(["APPROVED"]));
      expect(Math.max(...decided.map(({ tookMs }) => tookMs))).toBeLessThanOrEqual(DEADLINE_MS);
      expect(decided.length).toBeGreaterThan(0.9 * lastedMs * CAPACITY_PER_MS);
      expect(shed.length).toBeGreaterThan(5 * decided.length);
      // Sent away at once, and never after a debit.
      expect(Math.max(...shed.map(({ tookMs }) => tookMs))).toBe(0);
      const { attempts, entries } = await shop.ledger();
      const ids = decided.map(({ id }) => id).sort();
      const since = (given: readonly string[]) => given.filter((id) => !before.has(id)).sort();
      expect(since(attempts.map(({ id }) => id))).toEqual(ids);
      expect(since(entries.map(({ attemptId }) => attemptId))).toEqual(ids);
      expect((await shop.store.verify()).faults).toEqual([]);

      // Who is sent away comes back at another time than the others.
      const waits = seen.flatMap(({ answer }) =>
        answer.type === "overloaded" ? [answer.retryAfterMs] : [],
      );
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_000);
      expect(Math.max(...waits)).toBeLessThanOrEqual(20_000);
      const early = waits.filter((ms) => ms < (Math.min(...waits) + Math.max(...waits)) / 2);
      expect(early.length / waits.length).toBeGreaterThan(0.1);
      expect(early.length / waits.length).toBeLessThan(0.9);
      expect(new Set(waits).size).toBeGreaterThan(100);
    },
    TIMEOUT_MS,
  );
});

describe("over HTTP, on a driver whose every sync is slow", () => {
  const SYNC_MS = 400;
  const TILLS = 40;
  /** So short that few of what comes at once can be committed in it. */
  const SHORT_MS = 1_500;

  test("who is shed is told when to come again and was not debited; who is answered is not late", async () => {
    let syncMs = 0;
    const makeDriver = (path: string): Driver => {
      const driver = sqliteDriver(path);
      const slow = async () => {
        if (syncMs > 0) await new Promise((resolve) => setTimeout(resolve, syncMs));
        return driver.sync();
      };
      return { ...driver, sync: slow };
    };
    const rig = await startTestGateway({ makeDriver, sealEveryMs: 3_600_000 });
    onTestFinished(() => rig.stop());
    const card = await rig.card({ grants: { SPECTACLE: 1_000_000 } });
    const agents: ReturnType<typeof agentFor>[] = [];
    for (let till = 0; till < TILLS; till += 1) agents.push(agentFor(await rig.terminal()));
    onTestFinished(() => {
      for (const agent of agents) agent.destroy();
    });
    const url = `${rig.gateway.url}/v1/authorizations`;
    const sell = async (index: number, deadlineMs: number) => {
      const id = uuidV7(Date.now(), randomBytes(10));
      const evidence = nfcEvidence(rig.gateway, card);
      const sale = { id, evidence, avantage: "SPECTACLE", purchaseCents: 100, deadlineMs };
      const agent = agents[index % TILLS];
      if (!agent) throw new Error("no agent");
      const { status, headers, text } = await raw({ agent, url, body: JSON.stringify(sale) });
      return { id, status, retryAfter: headers["retry-after"], body: JSON.parse(text) };
    };
    // Handshakes are no part of what is measured.
    for (const agent of agents) await raw({ agent, url: `${rig.gateway.url}/v1/terminal` });
    syncMs = SYNC_MS;
    // What a commit costs is learned from commits.
    for (let sold = 0; sold < 5; sold += 1) await sell(sold, DEADLINE_MS);
    const crowd: ReturnType<typeof sell>[] = [];
    for (let wave = 0; wave < 6; wave += 1) {
      for (let till = 0; till < TILLS; till += 1) crowd.push(sell(till, SHORT_MS));
      await new Promise((resolve) => setTimeout(resolve, SYNC_MS / 2));
    }
    const answers = await Promise.all(crowd);
    const shed = answers.filter(({ status }) => status === 429);
    const decided = answers.filter(({ status }) => status === 200);
    // A machine that stalls may still make one late: it is told so, and its id is decided once.
    const late = answers.filter(({ body }) => body.code === "IN_PROGRESS");
    expect(decided.length + shed.length + late.length).toBe(answers.length);
    expect(shed.length).toBeGreaterThan(0);
    expect(decided.length).toBeGreaterThan(0);
    for (const { retryAfter, body } of shed) {
      expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
      expect(body).toMatchObject({ code: "RATE_LIMITED", retryAfterMs: expect.any(Number) });
    }
    for (const { id } of shed) {
      const agent = agents[answers.findIndex((it) => it.id === id) % TILLS];
      if (!agent) throw new Error("no agent");
      expect((await raw({ agent, url: `${url}/${id}` })).status).toBe(404);
    }
    expect((await rig.gateway.operator.verify()).faults).toEqual([]);
  }, 120_000);
});
