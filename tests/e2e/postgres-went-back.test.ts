// A database that is restored to an earlier state under running gateways: each stops, and none starts before a gap is opened.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, expect, it, vi } from "vitest";
import { gap } from "../../gateway/src/cli/gap.js";
import { verify } from "../../gateway/src/cli/prove.js";
import { LedgerWentBackError } from "../../gateway/src/store/failures.js";
import { rawTill } from "../codes/raw-till.js";
import { keyFolders, startOnPostgres } from "../support/gateways-on-postgres.js";
import { connectTo } from "../support/postgres/connect.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import type { TestGateway } from "../support/running-gateway.js";
import { storeKeyFile } from "../support/store-key.js";
import { describeSystem } from "../support/suites.js";
import { tempFiles } from "../support/temp-folder.js";

/** Far longer than it takes on a busy machine. */
const WAIT = { timeout: 20_000, interval: 50 };
vi.setConfig({ testTimeout: 60_000 });

const SALE = { avantage: "SPECTACLE", purchaseCents: 1_000 };

describeSystem("postgres")("a database that goes back in time under a gateway", () => {
  const postgres = testPostgres({ isDurable: true });
  const folders = keyFolders();
  const newFile = tempFiles();
  let storeKey: string;
  beforeAll(() => {
    storeKey = storeKeyFile(dirname(newFile()));
  });

  /** A database that can be taken back to how it was. */
  async function timeMachine() {
    const { url } = await postgres.database();
    const name = new URL(url).pathname.slice(1);
    const elsewhere = new URL(url);
    elsewhere.pathname = "/postgres";
    const server = await connectTo(elsewhere.href);
    const close = async (database: string) => {
      await server.query(`ALTER DATABASE ${database} WITH ALLOW_CONNECTIONS false`);
      await server.query(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1",
        [database],
      );
    };
    const open = (database: string) =>
      server.query(`ALTER DATABASE ${database} WITH ALLOW_CONNECTIONS true`);
    return {
      url,
      async keep() {
        await close(name);
        await server.query(`CREATE DATABASE ${name}_kept TEMPLATE ${name}`);
        await open(name);
      },
      async goBack() {
        await close(name);
        await server.query(`ALTER DATABASE ${name} RENAME TO ${name}_lost`);
        await server.query(`ALTER DATABASE ${name}_kept RENAME TO ${name}`);
        await open(name);
      },
    };
  }

  const headsIn = (folder: string): number[] =>
    readFileSync(join(folder, "heads.ndjson"), "utf8")
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [JSON.parse(line).no]));

  const sold = async (it: TestGateway) => expect(await codeOfSale(it)).toBe("APPROVED");

  async function codeOfSale(it: TestGateway): Promise<unknown> {
    const till = rawTill(it.gateway.url, await it.terminal());
    const { cardNumber } = await it.card();
    const evidence = {
      type: "qr",
      token: it.gateway.operator.qrToken({ kind: "printed", cardNumber }),
    } as const;
    const pinBlock = till.pinBlock(cardNumber, "4821");
    const { body } = await till.sell({ ...SALE, evidence: { ...evidence, pinBlock } });
    till.close();
    return body["code"];
  }

  it("is noticed by all of them where a head of what is lost was exported, and no head goes out after it", async () => {
    const { url, keep, goBack } = await timeMachine();
    const dataFolder = folders.fresh();
    const besides = () => folders.besides(dataFolder);
    const [atSealing, atIdle] = [vi.fn(), vi.fn()];
    const sealing = { dataFolder, sealEveryMs: 50, onDoubt: atSealing };
    const first = await startOnPostgres(url, sealing);
    await keep();
    const restoredMs = Date.now();
    const before = headsIn(dataFolder).at(-1) ?? 0;
    await vi.waitFor(() => sold(first), WAIT);
    await vi.waitFor(() => expect(headsIn(dataFolder).at(-1)).toBeGreaterThan(before), WAIT);
    const idle = await startOnPostgres(url, { dataFolder: besides(), onDoubt: atIdle });
    await goBack();
    for (const onDoubt of [atSealing, atIdle]) {
      await vi.waitFor(() => expect(onDoubt).toHaveBeenCalledTimes(1), WAIT);
      expect(onDoubt.mock.calls[0]?.[0]).toBeInstanceOf(LedgerWentBackError);
    }
    for (const { gateway } of [first, idle]) await gateway.close().catch(() => undefined);
    const numbers = headsIn(dataFolder);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    await expect(startOnPostgres(url, { dataFolder })).rejects.toThrow(/is not as it was/);

    // One that never saw what is lost goes on, and gives the numbers of the lost links to others.
    const unaware = besides();
    const late = await startOnPostgres(url, { dataFolder: unaware, sealEveryMs: 50 });
    for (let sales = 0; sales < 2; sales += 1) await sold(late);
    const lastLost = numbers.at(-1) ?? 0;
    await vi.waitFor(() => expect(headsIn(unaware).at(-1)).toBeGreaterThan(lastLost), WAIT);
    const heads = [dataFolder, unaware].flatMap((it) => ["--heads", join(it, "heads.ndjson")]);
    const where = ["--data", dataFolder, "--store-key", storeKey, "--database", url];
    const from = ["--from", new Date(restoredMs).toISOString()];
    expect(await gap.run(["open", ...from, ...where, ...heads])).toBe(0);
    await vi.waitFor(async () => expect(await codeOfSale(late)).toBe("MAINTENANCE"), WAIT);
    const again = await startOnPostgres(url, { dataFolder, sealEveryMs: 50 });
    expect(await codeOfSale(again)).toBe("MAINTENANCE");
    for (const { gateway } of [again, late]) await gateway.close();
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(await verify.run([...where, ...heads])).toBe(0);
    expect(stderr.mock.calls.join("\n")).toMatch(/links that the restore of gap 1 lost/);
    stderr.mockRestore();
  });

  it("that sealed nothing of what is lost is stopped at its next commit, and its next start is refused", async () => {
    const { url, keep, goBack } = await timeMachine();
    const dataFolder = folders.fresh();
    const onDoubt = vi.fn();
    const running = await startOnPostgres(url, { dataFolder, sealEveryMs: 3_600_000, onDoubt });
    await keep();
    const restoredMs = Date.now();
    await vi.waitFor(() => sold(running), WAIT);
    await goBack();
    await vi.waitFor(async () => {
      await running.card().catch(() => undefined);
      expect(onDoubt).toHaveBeenCalledTimes(1);
    }, WAIT);
    await running.gateway.close().catch(() => undefined);
    await expect(startOnPostgres(url, { dataFolder })).rejects.toThrow(
      /is not as it was: .*went-back\.json.*pass-tpe gap open/,
    );
    const where = ["--data", dataFolder, "--store-key", storeKey, "--database", url];
    const from = ["--from", new Date(restoredMs).toISOString()];
    expect(await gap.run(["open", ...from, ...where])).toBe(0);
    const again = await startOnPostgres(url, { dataFolder });
    expect(await codeOfSale(again)).toBe("MAINTENANCE");
    await again.restart();
    await again.gateway.close();
  });

  it("gets no gap by a wrong command", async () => {
    const { url } = await postgres.database();
    const dataFolder = folders.fresh();
    await (await startOnPostgres(url, { dataFolder })).gateway.close();
    const where = ["--data", dataFolder, "--store-key", storeKey];
    const open = (...args: readonly string[]) => gap.run(["open", ...where, ...args]);
    await expect(open("--database", url)).rejects.toThrow(/--from/);
    await expect(open("--database", url, "--from", "yesterday")).rejects.toThrow(/--from must be/);
    const from = ["--from", new Date().toISOString()];
    await expect(open(...from)).rejects.toThrow(/is for a ledger in PostgreSQL.*restore/);
    await expect(open(...from, "--database", url, "--heads", newFile())).rejects.toThrow(
      /--heads cannot be read/,
    );
  });
});
