// A database that cannot be used is refused at the start, in words for whoever can mend it, and without any password.

import { mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Client } from "pg";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startStatementProxy } from "../../../../tests/support/postgres/statement-proxy.js";
import { testPostgres } from "../../../../tests/support/postgres/test-postgres.js";
import { describeSystem } from "../../../../tests/support/suites.js";
import { tempFiles } from "../../../../tests/support/temp-folder.js";
import { DatabaseSetupError } from "../setup-error.js";
import { openPostgres, postgresDriver } from "./driver.js";
import { migrate } from "./migrate.js";
import { type PostgresOptions, settingsOf } from "./options.js";
import { type ServerState, unfitness } from "./server-state.js";

const IN_TESTS = { allowsLossOfSalesInTests: true };
const SECRET = "very-secret";

const newFile = tempFiles();

async function refusal(url: string, options: Partial<PostgresOptions> = IN_TESTS) {
  const error = await openPostgres({ url, connectTimeoutMs: 2_000, ...options }).then(
    async (driver) => {
      await driver.close();
      throw new Error("it was not refused");
    },
    (refused: unknown) => refused,
  );
  expect(error).toBeInstanceOf(DatabaseSetupError);
  const { message } = error as DatabaseSetupError;
  expect(message).not.toContain(SECRET);
  return message;
}

describe("a URL", () => {
  it.each([
    "",
    "gateway.db",
    "https://example.org/db",
    `:${SECRET}@host/db`,
    `postgres://u:${SECRET}@host:port/db`,
  ])("that is none of a database is refused: %s", async (url) => {
    expect(await refusal(url)).toMatch(/DATABASE_URL .* does not name .* Operator:/);
  });

  it("where nobody listens is refused", async () => {
    const message = await refusal(`postgres://gateway:${SECRET}@127.0.0.1:1/db`);
    expect(message).toMatch(/does not answer: nobody listens there\. Operator:/);
  });

  it("of a host that nobody knows is refused", async () => {
    const message = await refusal(`postgres://gateway:${SECRET}@no-such-host.invalid/db`);
    expect(message).toMatch(/cannot be found.* Operator:/);
  });
});

describe("a server", () => {
  const GOOD: ServerState = {
    version: 150_010,
    encoding: "UTF8",
    synchronous_commit: "on",
    fsync: "on",
    full_page_writes: "on",
    synchronous_standby_names: "",
    is_standby: 0,
    now_ms: 0,
  };
  const SETTINGS = settingsOf({ url: "postgres://host/db" });

  it("as it comes is used", () => {
    expect(unfitness(GOOD, SETTINGS)).toBeNull();
    expect(unfitness({ ...GOOD, synchronous_commit: "remote_apply" }, SETTINGS)).toBeNull();
  });

  it.each<[string, Partial<ServerState>]>([
    ["is too old", { version: 140_000 }],
    ["keeps text in another encoding", { encoding: "SQL_ASCII" }],
    ["is a standby", { is_standby: 1 }],
    ["answers before a commit is durable", { synchronous_commit: "off" }],
    ["answers before its standby has a commit on disk", { synchronous_commit: "remote_write" }],
    ["answers before its standby has a commit", { synchronous_commit: "local" }],
    ["does not sync", { fsync: "off" }],
    ["may tear pages", { full_page_writes: "off" }],
  ])("that %s is refused", (_what, change) => {
    expect(unfitness({ ...GOOD, ...change }, SETTINGS)).toMatch(/\. Operator: /);
  });

  it("without a standby is refused where one was asked for", () => {
    const strict = { ...SETTINGS, requiresStandby: true };
    expect(unfitness(GOOD, strict)).toMatch(/\. Operator: /);
    expect(unfitness({ ...GOOD, synchronous_standby_names: "*" }, strict)).toBeNull();
  });

  it("that does not sync is used in tests, and one that answers too soon is not", () => {
    const inTests = { ...SETTINGS, ...IN_TESTS };
    expect(unfitness({ ...GOOD, fsync: "off" }, inTests)).toBeNull();
    expect(unfitness({ ...GOOD, synchronous_commit: "off" }, inTests)).not.toBeNull();
  });
});

describeSystem("postgres")("a database", () => {
  const postgres = testPostgres();

  async function connected(url: string): Promise<Client> {
    const client = new Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());
    return client;
  }

  it("that is not there is refused", async () => {
    const { url } = await postgres.database();
    expect(await refusal(url.replace(/test_\d+/, "missing"))).toMatch(
      /no such database\. Operator:/,
    );
  });

  it("whose user is unknown is refused", async () => {
    const { url } = await postgres.database();
    expect(await refusal(url.replace("postgres@", `nobody:${SECRET}@`))).toMatch(
      /refuses this user\. Operator:/,
    );
  });

  it("on a server that does not sync is refused, unless that was said", async () => {
    const { url } = await postgres.database();
    expect(await refusal(url, {})).toContain("fsync = off");
  });

  it("whose commits are made weaker for one user is refused", async () => {
    const { url, name } = await postgres.database();
    const client = await connected(url);
    await client.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    expect(await refusal(url)).toContain("synchronous_commit = off");
  });

  it.each([
    ["it is told how to serve", /^SELECT set_config\(\$1, \$2/],
    ["it was asked what it is", /^SELECT set_config\('synchronous_commit'/],
    ["its schema is looked at", /^SELECT pg_try_advisory_lock/],
    ["its schema is up to date", /^DELETE FROM commit_tokens/],
  ])("whose server falls silent when %s is refused, and not waited for", async (_, statement) => {
    const proxy = await startStatementProxy(await postgres.database());
    onTestFinished(() => proxy.close());
    void proxy.meet("holdBefore", statement);
    expect(await refusal(proxy.url, { ...IN_TESTS, connectTimeoutMs: 500 })).toMatch(
      /does not answer in time\. Operator:/,
    );
  });

  it("whose server takes connections and says nothing is refused, and not waited for", async () => {
    const ends = new Set<Socket>();
    const silent = createServer((end) => void ends.add(end));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      for (const end of ends) end.destroy();
      silent.close();
    });
    const { port } = silent.address() as AddressInfo;
    const url = `postgres://gateway:${SECRET}@127.0.0.1:${port}/db`;
    expect(await refusal(url, { ...IN_TESTS, connectTimeoutMs: 500 })).toMatch(
      /does not answer in time\. Operator:/,
    );
  });

  it("says while it is served on that its server was made weaker", async () => {
    const { url } = await postgres.database();
    const driver = await openPostgres({ url, ...IN_TESTS });
    const client = await connected(url);
    onTestFinished(() => driver.close());
    const commits = async (how: string) => {
      await client.query(`ALTER SYSTEM ${how}`);
      await client.query("SELECT pg_reload_conf()");
    };
    const unfit = async () => (await driver.database?.state())?.unfit;
    expect(await unfit()).toBeNull();
    await commits("SET synchronous_commit = local");
    await vi.waitFor(async () => expect(await unfit()).toMatch(/= local\)\. Operator:/));
    await commits("RESET synchronous_commit");
    await vi.waitFor(async () => expect(await unfit()).toBeNull());
  });

  it("with a newer schema is refused", async () => {
    const { url } = await postgres.database();
    await (await openPostgres({ url, ...IN_TESTS })).close();
    const client = await connected(url);
    await client.query("INSERT INTO schema_version (version, name) VALUES (999, 'later')");
    expect(await refusal(url)).toMatch(/has schema 999.*newer gateway/);
  });

  it("is set up once, however many gateways start at once", async () => {
    const { url } = await postgres.database();
    const drivers = await Promise.all(
      Array.from({ length: 4 }, () => openPostgres({ url, ...IN_TESTS })),
    );
    for (const driver of drivers) {
      expect(await driver.lastInstantMs()).toBeNull();
      await driver.close();
    }
  });

  it("is set up by the first use of a driver, and asked for again where that failed", async () => {
    const { url, name } = await postgres.database();
    const client = await connected(url);
    await client.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    const driver = postgresDriver({ url, ...IN_TESTS });
    await expect(driver.lastInstantMs()).rejects.toThrow(DatabaseSetupError);
    await client.query(`ALTER DATABASE ${name} SET synchronous_commit = on`);
    expect(await driver.lastInstantMs()).toBeNull();
    await driver.close();
  });

  it("is migrated as soon as nobody is in the way, and holds nobody up until then", async () => {
    const { url } = await postgres.database();
    const [migrating, serving] = [await connected(url), await connected(url)];
    const folder = newFile("migrations");
    mkdirSync(folder);
    writeFileSync(join(folder, "0001-first.sql"), "CREATE TABLE notes (text TEXT)");
    const files = pathToFileURL(`${folder}/`);
    await migrate(migrating, files);
    writeFileSync(join(folder, "0002-second.sql"), "ALTER TABLE notes ADD COLUMN more TEXT");
    await serving.query("BEGIN");
    await serving.query("INSERT INTO notes VALUES ('a')");
    let isDone = false;
    const done = migrate(migrating, files).then(() => {
      isDone = true;
    });
    // By whoever does not serve: it waits behind the migration, which gives way.
    const reader = await connected(url);
    await reader.query("SELECT * FROM notes");
    expect(isDone).toBe(false);
    await serving.query("COMMIT");
    await done;
    expect((await reader.query("SELECT * FROM notes")).rows).toEqual([{ text: "a", more: null }]);
  });
});
