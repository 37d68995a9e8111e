// The ledger's disk fills in mid-load and is freed again: refusals in between, nothing lost or doubled, and no restart.

import { randomBytes } from "node:crypto";
import { type Evidence, uuidV7 } from "@pass-tpe/protocol";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, type RawAnswer, raw } from "../support/raw-client.js";
import type { TestGateway } from "../support/running-gateway.js";
import { startGatewayProcess } from "./gateway-process.js";
import { scratchGateway } from "./scratch-gateway.js";
import type { ServingProcess } from "./serving-process.js";
import { limitedFiles, mayMount, mountedDisk, type SmallDisk } from "./small-disk.js";

const TILLS = 6;
const SALES_EACH_TIME = 30;
const CENTS = 100;
/** More than a disk of these tests keeps free for long, so that the floor is what stops the sales. */
const FLOOR_MIB = 8;
const TIMEOUT_MS = 120_000;
const POLL_MS = 50;

/** What each till has, and what it was told under each of its ids, in order. */
type Told = Map<string, RawAnswer[]>;

interface Sale {
  readonly id: string;
  readonly evidence: Evidence;
  readonly avantage: string;
  readonly purchaseCents: number;
}

async function loadTills(test: TestGateway) {
  return Promise.all(
    Array.from({ length: TILLS }, async () => ({
      card: await test.card({ grants: { SPECTACLE: 10_000_000 } }),
      credentials: await test.terminal(),
    })),
  );
}

let disk: SmallDisk;

/** A gateway process on the disk, and tills that sell there. */
async function open(options: readonly string[]) {
  const shop = await scratchGateway(loadTills, disk.folder);
  const gateway = await startGatewayProcess({ ...shop, options });
  const told: Told = new Map();
  const tills = shop.content.map(({ card, credentials }) => {
    const agent = agentFor(credentials);
    onTestFinished(() => agent.destroy());
    const newSale = (): Sale => ({
      id: uuidV7(Date.now(), randomBytes(10)),
      evidence: nfcEvidence(shop.loaded, card),
      avantage: "SPECTACLE",
      purchaseCents: CENTS,
    });
    async function send(sale: Sale): Promise<RawAnswer> {
      const body = JSON.stringify(sale);
      const answer = await raw({ agent, url: `${gateway.url}/v1/authorizations`, body });
      told.set(sale.id, [...(told.get(sale.id) ?? []), answer]);
      return answer;
    }
    return { newSale, send };
  });
  /** One sale after another at each till, until so many in a row were answered so at each; gives what each was refused. */
  function sellUntil(status: number): Promise<readonly (readonly Sale[])[]> {
    return Promise.all(
      tills.map(async ({ newSale, send }) => {
        const rest: Sale[] = [];
        let inARow = 0;
        while (inARow < SALES_EACH_TIME) {
          const sale = newSale();
          const answer = await send(sale);
          inARow = answer.status === status ? inARow + 1 : 0;
          if (answer.status !== 200) rest.push(sale);
        }
        return rest;
      }),
    );
  }
  return { ...shop, gateway, tills, told, sellUntil, process: { ...shop, ...gateway } };
}

async function textOf({ healthUrl }: ServingProcess, path: string) {
  const response = await fetch(`${healthUrl}${path}`);
  return { status: response.status, text: await response.text() };
}

/** Every id was answered as it is stored, or refused and is not there; and the ledger adds up. */
async function expectTruth(shop: Awaited<ReturnType<typeof open>>): Promise<void> {
  const { attempts, entries } = await shop.ledger();
  const stored = new Map(attempts.map(({ id, answer }) => [id, answer]));
  const decided = [...shop.told].filter(([, answers]) => answers.some((it) => it.status === 200));
  for (const [id, answers] of decided) {
    const seen = answers.filter(({ status }) => status === 200);
    const kept = JSON.parse(stored.get(id) ?? "null");
    for (const { text } of seen) expect(JSON.parse(text)).toEqual(kept);
    expect(entries.filter(({ attemptId }) => attemptId === id)).toMatchObject([{ units: CENTS }]);
  }
  expect([...stored.keys()].sort()).toEqual(decided.map(([id]) => id).sort());
  expect((await shop.verify()).faults).toEqual([]);
}

const DISKS = [
  ["whose files may not grow", limitedFiles],
  ...(mayMount() ? [["that is full", mountedDisk] as const] : []),
] as const;

describe.each(DISKS)("a disk %s", (_what, makeDisk) => {
  beforeEach(() => {
    disk = makeDisk();
  });

  afterEach(() => disk.remove());

  test(
    "refuses sales before anything is stored, and lets the same process sell again once there is room",
    async () => {
      const shop = await open(["--disk-floor", "0"]);
      onTestFinished(shop.gateway.kill);
      await shop.sellUntil(200);
      disk.fill(shop.process);
      const refused = await shop.sellUntil(503);
      for (const answers of shop.told.values()) {
        for (const { status, text, headers } of answers) {
          if (status === 200) continue;
          expect(JSON.parse(text)).toMatchObject({ status: 503, code: "SYSTEM_ERROR" });
          expect(headers["retry-after"]).toBe("1");
        }
      }
      disk.free(shop.process);
      // What was refused last is sold under the same id, and once.
      for (const [index, till] of shop.tills.entries()) {
        const sale = refused[index]?.at(-1);
        if (!sale) throw new Error("nothing was refused");
        expect(JSON.parse((await till.send(sale)).text)).toMatchObject({ outcome: "approved" });
      }
      expect((await shop.sellUntil(200)).flat()).toEqual([]);
      expect(await shop.gateway.terminate()).toBe(0);
      await expectTruth(shop);
    },
    TIMEOUT_MS,
  );

  test(
    "leaves nothing of what was refused in the file, not even for who recovers it after a kill",
    async () => {
      const shop = await open(["--disk-floor", "0"]);
      await shop.sellUntil(200);
      disk.fill(shop.process);
      await shop.sellUntil(503);
      shop.gateway.kill();
      await shop.gateway.ended;
      disk.free(shop.process);
      await expectTruth(shop);
    },
    TIMEOUT_MS,
  );
});

describe.runIf(mayMount())("a disk that is nearly full", () => {
  beforeEach(() => {
    disk = mountedDisk();
  });

  afterEach(() => disk.remove());

  test(
    "is told before it is full: sales are refused with what to do, and go on by themselves",
    async () => {
      const shop = await open(["--disk-floor", String(FLOOR_MIB)]);
      onTestFinished(shop.gateway.kill);
      await shop.sellUntil(200);
      disk.fill(shop.process);
      await until(async () => (await textOf(shop.gateway, "/readyz")).status === 503);
      const [till] = shop.tills;
      const sale = till?.newSale();
      if (!till || !sale) throw new Error("no till");
      const refusal = await till.send(sale);
      expect([refusal.status, refusal.headers["retry-after"]]).toEqual([503, "30"]);
      expect(JSON.parse(refusal.text)).toMatchObject({
        code: "MAINTENANCE",
        detail: expect.stringContaining("Operator: free space on it"),
      });
      const { text } = await textOf(shop.gateway, "/metrics");
      expect(text).toContain('pass_tpe_closed{reason="disk"} 1');
      await until(async () => shop.gateway.lines.some((it) => it.includes("nearly full")));
      disk.free(shop.process);
      await until(async () => (await textOf(shop.gateway, "/readyz")).status === 200);
      expect((await till.send(sale)).status).toBe(200);
      expect(await shop.gateway.terminate()).toBe(0);
      await expectTruth(shop);
    },
    TIMEOUT_MS,
  );
});

/** Asks again until it is so; the test's own limit ends it. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
