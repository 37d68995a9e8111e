// `pass-tpe copy` as an operator runs it: sales go on with the same answers on the other side, and never on both.

import { existsSync, mkdirSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { rawTill } from "../codes/raw-till.js";
import { run, start } from "../operators/command-line.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { startStatementProxy } from "../support/postgres/statement-proxy.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import { startTestGateway } from "../support/running-gateway.js";
import { storeKeyFile } from "../support/store-key.js";
import { describeSystem } from "../support/suites.js";
import { tempFiles } from "../support/temp-folder.js";

/** Many processes start here, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const newFile = tempFiles();

describeSystem("postgres")("pass-tpe copy", () => {
  // As the command asks of a server: what was committed is on disk.
  const postgres = testPostgres({ isDurable: true });

  /** A gateway on a file that has sold for 10 €, and is stopped. */
  async function soldAndStopped() {
    const dataFolder = newFile("data");
    const first = await startTestGateway({ dataFolder });
    const credentials = await first.terminal("T-1");
    const card = await first.card();
    const till = rawTill(first.gateway.url, credentials);
    const evidence = nfcEvidence(first.gateway, card);
    const sale = { avantage: "SPECTACLE", purchaseCents: 1_000, id: till.newId(), evidence };
    const sold = await till.sell(sale);
    expect(sold.body).toMatchObject({ code: "APPROVED" });
    till.close();
    await first.gateway.close();
    return { dataFolder, credentials, card, sale, sold };
  }

  /** A folder that has the keys of another, and its exported heads. */
  async function besides(dataFolder: string): Promise<string> {
    const other = newFile("data");
    mkdirSync(other, { mode: 0o700 });
    for (const name of ["keys.json", "heads.ndjson"]) {
      if (existsSync(join(dataFolder, name)))
        await copyFile(join(dataFolder, name), join(other, name));
    }
    return other;
  }

  /** @param data the folder, which the store key is put into. */
  const verify = (data: string, ...words: readonly string[]) =>
    run(["verify", "--data", data, "--store-key", storeKeyFile(data), "--json", ...words]);

  it("moves a ledger to a server, where repeated ids get their answers, and back", async () => {
    const { dataFolder, credentials, card, sale, sold } = await soldAndStopped();
    const { url } = await postgres.database();
    const there = ["--data", dataFolder, "--database", url];
    const moved = await run(["copy", "to-database", ...there]);
    expect(moved).toMatchObject({ code: 0 });
    expect(moved.stdout).toMatch(/moved {2}\d+ rows of 38 tables/);
    expect(moved.stderr).toMatch(/^attempts: 1 rows/m);
    const report = JSON.parse((await verify(dataFolder)).stdout);
    expect(report).toMatchObject({ attempts: 1, entries: 1, faults: [] });
    expect(JSON.parse((await verify(dataFolder, "--database", url)).stdout)).toEqual(report);

    await expect(startTestGateway({ dataFolder })).rejects.toThrow(
      /has moved to the PostgreSQL database .*Operator: start the gateway there/,
    );
    const second = await startTestGateway({ dataFolder, database: { url } });
    const till = rawTill(second.gateway.url, credentials);
    expect((await till.sell(sale)).body).toEqual(sold.body);
    const evidence = nfcEvidence(second.gateway, card);
    const next = { ...sale, id: till.newId(), evidence };
    expect((await till.sell(next)).body).toMatchObject({ code: "APPROVED" });
    till.close();
    const inUse = await run(["copy", "to-file", ...there]);
    expect(inUse).toMatchObject({ code: 1 });
    expect(inUse.stderr).toMatch(/is in use .*Operator: stop every gateway/);
    await second.gateway.close();

    const back = await besides(dataFolder);
    const returned = await run(["copy", "to-file", "--data", back, "--database", url, "--json"]);
    expect(returned).toMatchObject({ code: 0 });
    expect(JSON.parse(returned.stdout).tables).toContainEqual(
      expect.objectContaining({ table: "attempts", rows: 2 }),
    );
    const third = await startTestGateway({ dataFolder: back });
    onTestFinished(() => third.stop());
    const last = rawTill(third.gateway.url, credentials);
    onTestFinished(() => last.close());
    expect((await last.sell(sale)).body).toEqual(sold.body);
    const repeated = await last.sell(next);
    expect(repeated.body).toMatchObject({ code: "APPROVED" });
    expect((await third.gateway.operator.verify()).faults).toEqual([]);
  });

  it("goes to a server that replicates where that was asked for, and is taken back by who stays", async () => {
    const { dataFolder, sale, sold, credentials } = await soldAndStopped();
    const { url } = await postgres.database();
    const words = ["--data", dataFolder, "--database", url];
    const refused = await run(["copy", "to-database", ...words, "--require-sync"]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/replicates to no standby .*Operator:/);
    expect(await run(["copy", "to-database", ...words])).toMatchObject({ code: 0 });
    expect(await run(["copy", "to-file", ...words, "--take-back"])).toMatchObject({ code: 0 });
    const again = await startTestGateway({ dataFolder });
    onTestFinished(() => again.stop());
    const till = rawTill(again.gateway.url, credentials);
    onTestFinished(() => till.close());
    expect((await till.sell(sale)).body).toEqual(sold.body);
  });

  it("that is killed on its way leaves the server empty and the file in service, and is run again", async () => {
    const { dataFolder, sale, sold, credentials } = await soldAndStopped();
    const database = await postgres.database();
    const proxy = await startStatementProxy(database);
    onTestFinished(() => proxy.close());
    const held = proxy.meet("holdBefore", /INSERT INTO links/);
    const words = ["copy", "to-database", "--data", dataFolder, "--database", proxy.url];
    const copying = start(words);
    const early = copying.ended.then(({ stderr }) => Promise.reject(new Error(stderr)));
    const met = await Promise.race([held, early]);
    // From here on it may end.
    early.catch(() => undefined);
    copying.kill("SIGKILL");
    await copying.ended;
    // The server hears of it.
    met.release();

    const still = await startTestGateway({ dataFolder });
    const till = rawTill(still.gateway.url, credentials);
    expect((await till.sell(sale)).body).toEqual(sold.body);
    till.close();
    await still.gateway.close();
    const again = await run([
      "copy",
      "to-database",
      "--data",
      dataFolder,
      "--database",
      database.url,
    ]);
    expect(again, again.stderr).toMatchObject({ code: 0 });
  });

  it("says what is wrong with how it is called, and makes nothing", async () => {
    const nowhere = newFile("data");
    const none = await run(["copy", "to-database", "--data", nowhere]);
    expect(none).toMatchObject({ code: 2 });
    expect(none.stderr).toMatch(/--database or DATABASE_URL is needed/);
    const words = ["--data", nowhere, "--database", "postgres://nobody@localhost:1/none"];
    const noWord = await run(["copy", ...words]);
    expect(noWord).toMatchObject({ code: 2 });
    expect(noWord.stderr).toMatch(/one of to-database and to-file/);
    const noFolder = await run(["copy", "to-database", ...words]);
    expect(noFolder).toMatchObject({ code: 1 });
    expect(noFolder.stderr).toMatch(/gateway\.db is missing/);
    const noKeys = await run(["copy", "to-file", ...words]);
    expect(noKeys).toMatchObject({ code: 1 });
    expect(noKeys.stderr).toMatch(/keys\.json is missing.*Operator: put a copy/);
    expect(existsSync(nowhere)).toBe(false);
  });
});
