// `verify` and `replay` on PostgreSQL: the same findings as on a file, while gateways serve and sell.

import { mkdirSync } from "node:fs";
import { Client } from "pg";
import { expect, it, onTestFinished, vi } from "vitest";
import { type RawTill, rawTill } from "../codes/raw-till.js";
import { run } from "../operators/command-line.js";
import { keyFolders, startOnPostgres } from "../support/gateways-on-postgres.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import { startTestGateway, type TestCard, type TestGateway } from "../support/running-gateway.js";
import { storeKeyFile } from "../support/store-key.js";
import { describeSystem } from "../support/suites.js";
import { tempFiles } from "../support/temp-folder.js";

/** Many processes start here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS });

const SALE = { avantage: "SPECTACLE", purchaseCents: 100 };
/** As often as a busy day would need. */
const SEAL_EVERY_MS = 20;

const keyPlace = tempFiles()("key");
mkdirSync(keyPlace);
const folders = keyFolders();

interface Verified {
  readonly code: number | null;
  readonly report: Record<string, unknown> & { readonly faults: readonly string[] };
}

async function verify(
  dataFolder: string,
  { url, heads = [] }: { readonly url?: string; readonly heads?: readonly string[] },
): Promise<Verified> {
  const storeKey = ["--store-key", storeKeyFile(keyPlace)];
  const files = heads.flatMap((file) => ["--heads", file]);
  const words = ["verify", "--data", dataFolder, "--json", ...storeKey, ...files];
  const { code, stdout } = await run(words, url === undefined ? {} : { DATABASE_URL: url });
  return { code, report: JSON.parse(stdout) };
}

/** A sale, one that is reversed, a hold that is captured, and a refund. */
async function play(running: TestGateway): Promise<void> {
  const till = rawTill(running.gateway.url, await running.terminal());
  const card = await running.card();
  const sell = async (more = {}) => {
    const sold = await till.sell({
      ...SALE,
      ...more,
      evidence: nfcEvidence(running.gateway, card),
    });
    expect(sold.body).toMatchObject({ outcome: "approved" });
    return sold.body["id"];
  };
  await sell();
  await till.reverse(await sell(), "manual");
  await till.capture(await sell({ capture: false }));
  await till.refund(await sell());
  till.close();
}

describeSystem("postgres")("a ledger on PostgreSQL", () => {
  const postgres = testPostgres({ isDurable: true });

  it("is found as sound as one in a file, in the same figures", async () => {
    const { url } = await postgres.database();
    const [inFile, onServer] = [folders.fresh(), folders.fresh()];
    const gateways = [
      await startTestGateway({ dataFolder: inFile }),
      await startOnPostgres(url, { dataFolder: onServer }),
    ];
    for (const running of gateways) {
      await play(running);
      await running.gateway.close();
    }
    const [file, server] = [await verify(inFile, {}), await verify(onServer, { url })];
    expect([file.code, server.code]).toEqual([0, 0]);
    expect(figuresOf(server)).toEqual(figuresOf(file));
    const replayed = await run(["replay", "--data", onServer, "--json"], { DATABASE_URL: url });
    expect(JSON.parse(replayed.stdout)).toMatchObject({
      attempts: 4,
      decidedAgain: 4,
      differences: [],
    });
  });

  it("names the grant whose balance was tampered with", async () => {
    const { url } = await postgres.database();
    const dataFolder = folders.fresh();
    const running = await startOnPostgres(url, { dataFolder });
    await play(running);
    await running.gateway.close();
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rowCount } = await client.query("UPDATE grants SET spent = spent - 1 WHERE spent > 0");
    await client.end();
    expect(rowCount).toBe(1);
    const { code, report } = await verify(dataFolder, { url });
    expect(code).toBe(1);
    expect(report.faults.join("\n")).toMatch(/grant .*SPECTACLE/);
  });

  it("is found sound while two gateways sell and seal, by the heads that both exported", async () => {
    const { url } = await postgres.database();
    const folder = folders.fresh();
    const busy = { sealEveryMs: SEAL_EVERY_MS, limits: null };
    const a = await startOnPostgres(url, { dataFolder: folder, ...busy });
    const besides = folders.besides(folder);
    const b = await startOnPostgres(url, { dataFolder: besides, ...busy });
    onTestFinished(async () => {
      await a.stop();
      await b.stop();
    });
    const heads = [`${folder}/heads.ndjson`, `${besides}/heads.ndjson`];
    let isOver = false;
    const selling = Promise.all([a, b].map((gateway) => sellUntil(gateway, () => isOver)));
    const found: Verified[] = [];
    for (let times = 0; times < 3; times += 1) found.push(await verify(folder, { url, heads }));
    isOver = true;
    const sold = (await selling).reduce((sum, count) => sum + count);
    for (const { code, report } of found) expect([code, report.faults]).toEqual([0, []]);
    expect(sold).toBeGreaterThan(0);
    // Each looked at one instant, and the last at more than the first.
    const [first, , last] = found.map(({ report }) => Number(report["attempts"]));
    expect(last).toBeGreaterThan(first ?? Number.NaN);
  });
});

/** @returns how many it sold. */
async function sellUntil(running: TestGateway, isOver: () => boolean): Promise<number> {
  const till: RawTill = rawTill(running.gateway.url, await running.terminal());
  const card: TestCard = await running.card({ grants: { SPECTACLE: 1_000_000 } });
  let count = 0;
  while (!isOver()) {
    const evidence = nfcEvidence(running.gateway, card);
    const { body } = await till.sell({ ...SALE, evidence });
    expect(body).toMatchObject({ outcome: "approved" });
    count += 1;
  }
  till.close();
  return count;
}

function figuresOf({ report }: Verified): Record<string, unknown> {
  const { attempts, entries, grants, grantsWithoutRule, lines, payments, chain } = report;
  const { links, unsealed } = chain as { readonly links: number; readonly unsealed: unknown };
  return { attempts, entries, grants, grantsWithoutRule, lines, payments, links, unsealed };
}
