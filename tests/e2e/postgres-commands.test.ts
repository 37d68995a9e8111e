// Commands on a PostgreSQL ledger: agents are issued while gateways serve, keys are rotated in one folder and copied to the others.

import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { clientOf, connectionOf } from "../operators/agents.js";
import { run } from "../operators/command-line.js";
import { keyFolders, startOnPostgres } from "../support/gateways-on-postgres.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import { storeKeyFile } from "../support/store-key.js";
import { describeSystem } from "../support/suites.js";
import { tempFiles } from "../support/temp-folder.js";

/** Many processes start here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS });

const newFile = tempFiles();
const folders = keyFolders();
const place = newFile("key");
mkdirSync(place);
const storeKey = ["--store-key", storeKeyFile(place)];

describeSystem("postgres")("on a ledger in PostgreSQL", () => {
  const postgres = testPostgres({ isDurable: true });

  it("an agent is issued while a gateway serves, and calls it at once", async () => {
    const { url } = await postgres.database();
    const dataFolder = folders.fresh();
    const running = await startOnPostgres(url, { dataFolder });
    onTestFinished(() => running.stop());
    const out = newFile("operator.json");
    const who = ["--id", "op", "--role", "operator", "--out", out];
    const issue = ["agent", "issue", "--data", dataFolder, ...storeKey, ...who];
    expect(await run(issue, { DATABASE_URL: url })).toMatchObject({ code: 0 });
    const credentials = JSON.parse(readFileSync(out, "utf8"));
    const connection = connectionOf(credentials);
    const client = clientOf({ url: running.gateway.operatorUrl, credentials, connection });
    expect((await client.get("/v1/beneficiaries/D-NOBODY")).body).toMatchObject({
      code: "UNKNOWN_SUBJECT",
    });
    expect((await client.post("/v1/backups")).body).toMatchObject({
      code: "CONTRADICTION",
      detail: expect.stringContaining("pgBackRest"),
    });
    connection.destroy();
  });

  it("a rotated key is the ledger's: a folder that lacks it is refused until it is copied there", async () => {
    const { url } = await postgres.database();
    const [first, running] = await served(url);
    const second = folders.besides(first);
    await running.gateway.close();
    const keys = (folder: string, ...words: string[]) =>
      run(["keys", ...words, "--data", folder, ...storeKey], { DATABASE_URL: url });
    expect(await keys(first, "rotate", "cards")).toMatchObject({ code: 0 });
    expect((await keys(first, "list")).stdout).toContain("cards 2 current");
    const older =
      /is older than the PostgreSQL database .*lacks cards 2\. Restore .*folder of another/;
    await expect(startOnPostgres(url, { dataFolder: second })).rejects.toThrow(older);
    // Or there would be two keys of one number.
    expect((await keys(second, "rotate", "cards")).stderr).toMatch(older);
    cpSync(join(first, "keys.json"), join(second, "keys.json"));
    await (await startOnPostgres(url, { dataFolder: second })).stop();
  });
});

async function served(url: string) {
  const dataFolder = folders.fresh();
  return [dataFolder, await startOnPostgres(url, { dataFolder })] as const;
}
