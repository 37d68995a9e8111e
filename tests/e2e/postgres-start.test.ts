// The command line on PostgreSQL: what selects it, what a start is refused with, and that no password is ever told.

import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type Ended, run } from "../operators/command-line.js";
import { startGatewayProcess } from "../reliability/gateway-process.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import { programmeAround } from "../support/running-gateway.js";
import { storeKeyFile } from "../support/store-key.js";
import { describeSystem } from "../support/suites.js";
import { tempFiles } from "../support/temp-folder.js";

/** Many processes start here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS });

const SECRET = "very-secret";
const newFile = tempFiles();

/** A folder with the files that `serve` is given, beside the data folder. */
function newPlace() {
  const folder = newFile("place");
  mkdirSync(folder);
  const programmeFile = join(folder, "programme.json");
  writeFileSync(programmeFile, JSON.stringify(programmeAround(Date.now())));
  return { dataFolder: join(folder, "data"), programmeFile, storeKey: storeKeyFile(folder) };
}

type Place = ReturnType<typeof newPlace>;

function serve(place: Place, more: readonly string[], databaseUrl?: string): Promise<Ended> {
  const { dataFolder, programmeFile, storeKey } = place;
  const told = ["--data", dataFolder, "--store-key", storeKey, "--programme", programmeFile];
  const ports = ["--port", "0", "--health-port", "0"];
  return run(["serve", ...told, ...ports, ...more], withDatabase(databaseUrl));
}

const withDatabase = (url: string | undefined) => (url === undefined ? {} : { DATABASE_URL: url });

function expectRefused({ code, stdout, stderr }: Ended, why: RegExp, exitCode = 1): void {
  expect(stderr).toMatch(why);
  expect(stderr).not.toContain("    at ");
  expect(stdout + stderr).not.toContain(SECRET);
  expect(code).toBe(exitCode);
}

describe("a start", () => {
  it.each([
    ["", /does not name a PostgreSQL database\. Operator:/],
    ["gateway.db", /does not name a PostgreSQL database\. Operator:/],
    [`mysql://u:${SECRET}@host/db`, /does not name a PostgreSQL database\. Operator:/],
    [`postgres://u:${SECRET}@host:port/db`, /does not name a PostgreSQL database\. Operator:/],
    [`postgres://u:${SECRET}@127.0.0.1:1/db`, /nobody listens there\. Operator:/],
    [`postgres://u:${SECRET}@no-such-host.invalid/db`, /cannot be found.*Operator:/],
  ])("is refused with DATABASE_URL=%s, and makes no file for a ledger", async (url, why) => {
    const place = newPlace();
    expectRefused(await serve(place, [], url), why);
    expect(existsSync(join(place.dataFolder, "gateway.db"))).toBe(false);
  });

  it("is refused with a password among what every process of the machine can read", async () => {
    const ended = await serve(newPlace(), ["--database", `postgres://u:${SECRET}@host/db`]);
    expectRefused(ended, /--database holds a password.*DATABASE_URL/, 2);
  });

  it.each([
    ["--archive", "there"],
    ["--archive-days", "3"],
    ["--disk-floor", "1"],
  ])("with %s on PostgreSQL is refused, and says what does that there", async (...option) => {
    const ended = await serve(newPlace(), option, "postgres://host/db");
    const why = new RegExp(`${option[0]} is for a ledger in a file.*Operator: use pgBackRest`);
    expectRefused(ended, why, 2);
  });

  it.each([["--pool", "8"], ["--require-sync"]])(
    "with %s and no database is refused",
    async (...option) => {
      const why = new RegExp(`${option[0]} is for PostgreSQL: name a database`);
      expectRefused(await serve(newPlace(), option), why, 2);
    },
  );

  it("with too few connections is refused", async () => {
    const ended = await serve(newPlace(), ["--pool", "4"], "postgres://host/db");
    expectRefused(ended, /--pool must be a whole number from 5 on/, 2);
  });

  it("of a restore is refused where the ledger is in a database", async () => {
    const { dataFolder, storeKey } = newPlace();
    const words = ["restore", "--archive", "a", "--data", dataFolder, "--store-key", storeKey];
    expectRefused(await run(words, { DATABASE_URL: "postgres://host/db" }), /pgBackRest/, 2);
  });
});

describeSystem("postgres")("on a server that keeps what it is told", () => {
  const postgres = testPostgres({ isDurable: true });

  async function database() {
    const made = await postgres.database();
    const client = new Client({ connectionString: made.url });
    await client.connect();
    onTestFinished(() => client.end());
    return { ...made, client };
  }

  it("a gateway starts and ends by DATABASE_URL, and keeps no ledger in its folder", async () => {
    const { url, client } = await database();
    const place = newPlace();
    const gateway = await startGatewayProcess({ ...place, databaseUrl: url });
    expect(await gateway.terminate()).toBe(0);
    expect(existsSync(join(place.dataFolder, "gateway.db"))).toBe(false);
    expect(existsSync(join(place.dataFolder, "keys.json"))).toBe(true);
    expect((await client.query("SELECT check_value FROM ledger_keys")).rowCount).toBe(1);
  });

  it("--database is believed before DATABASE_URL", async () => {
    const { url } = await database();
    const gateway = await startGatewayProcess({
      ...newPlace(),
      databaseUrl: "postgres://127.0.0.1:1/db",
      options: ["--database", url],
    });
    expect(await gateway.terminate()).toBe(0);
  });

  it("a second gateway on the same folder is kept out, and the first serves on", async () => {
    const { url } = await database();
    const place = newPlace();
    const gateway = await startGatewayProcess({ ...place, databaseUrl: url });
    expectRefused(await serve(place, [], url), /held by another process.*Stop the other one/);
    const rotating = ["keys", "rotate", "qr", "--data", place.dataFolder];
    const rotated = await run([...rotating, "--store-key", place.storeKey], { DATABASE_URL: url });
    expectRefused(rotated, /held by another process/);
    expect(await gateway.terminate()).toBe(0);
  });

  it("a database that is not there is refused", async () => {
    const { url, name } = await database();
    const missing = url.replace(name, "missing");
    expectRefused(await serve(newPlace(), [], missing), /has no such database\. Operator:/);
  });

  it("a schema that is newer than the program is refused, and told by every command", async () => {
    const { url, client } = await database();
    const place = newPlace();
    await (await startGatewayProcess({ ...place, databaseUrl: url })).terminate();
    await client.query("INSERT INTO schema_version (version, name) VALUES (999, 'later')");
    const newer = /has schema 999.*start a newer gateway/;
    expectRefused(await serve(place, [], url), newer);
    const { dataFolder, storeKey } = place;
    const verify = ["verify", "--data", dataFolder, "--store-key", storeKey];
    expectRefused(await run(verify, { DATABASE_URL: url }), newer);
  });

  it("--require-sync refuses a server without a synchronous standby", async () => {
    const { url } = await database();
    const ended = await serve(newPlace(), ["--require-sync"], url);
    expectRefused(ended, /replicates to no standby synchronously.*Operator:/);
  });

  it("a database under other keys is refused, and says where its own are", async () => {
    const { url } = await database();
    await (await startGatewayProcess({ ...newPlace(), databaseUrl: url })).terminate();
    const fresh = newPlace();
    const lacks = /keys\.json is missing.*from the folder of another gateway on this database/;
    expectRefused(await serve(fresh, [], url), lacks);
    const { url: elsewhere } = await database();
    await (await startGatewayProcess({ ...fresh, databaseUrl: elsewhere })).terminate();
    const others = /holds other keys than the PostgreSQL database .* was written under/;
    expectRefused(await serve(fresh, [], url), others);
  });

  it("an empty database is refused in the place of a folder's own ledger", async () => {
    const { url } = await database();
    const place = newPlace();
    await (await startGatewayProcess(place)).terminate();
    expectRefused(
      await serve(place, [], url),
      /is the ledger of this folder.*is empty\. Operator:/,
    );
  });
});

describeSystem("postgres")("a user of the database", () => {
  const hba = newFile("hba");
  // The server reads it, and is not who runs the tests.
  chmodSync(dirname(hba), 0o755);
  writeFileSync(hba, "local all postgres trust\nlocal all all scram-sha-256\n");
  const postgres = testPostgres({ isDurable: true, settings: { hba_file: hba } });

  it("with a wrong password, or with no right to make tables, is refused; its owner needs no more", async () => {
    const { url, name } = await postgres.database();
    const client = new Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());
    await client.query(`CREATE ROLE guest LOGIN PASSWORD '${SECRET}'`);
    const as = (password: string) => url.replace("postgres@", `guest:${password}@`);
    const wrong = await serve(newPlace(), [], as(`${SECRET}-no`));
    expectRefused(wrong, /refuses this password\. Operator:/);
    // In a schema that is nobody's but its owner's.
    const powerless = await serve(newPlace(), [], as(SECRET));
    expectRefused(powerless, /does not let this user.*Operator: make it the owner/);
    await client.query(`ALTER DATABASE ${name} OWNER TO guest`);
    const gateway = await startGatewayProcess({ ...newPlace(), databaseUrl: as(SECRET) });
    expect(await gateway.terminate()).toBe(0);
    expect(gateway.lines.join("\n")).not.toContain(SECRET);
  });
});
