// Databases for tests are fresh, apart and as they were prepared, and a server leaves nothing behind, whatever ends its tests.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import { describeSystem } from "../suites.js";
import { startTestServer, testPostgres } from "./test-postgres.js";

const START_AND_WAIT = fileURLToPath(new URL("start-and-wait.mjs", import.meta.url));

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** The first column of a query's first row. */
async function firstOf(client: Client, text: string): Promise<unknown> {
  const { rows } = await client.query<unknown[]>({ text, rowMode: "array" });
  return rows[0]?.[0];
}

const COUNT_TABLES =
  "SELECT count(*)::int FROM information_schema.tables WHERE table_schema = 'public'";

/** Whether a process runs: one that has ended may still stand in the list, as a zombie, where nobody asks for its end. */
function isAlive(pid: number): boolean {
  const path = `/proc/${pid}/status`;
  return existsSync(path) && !/^State:\tZ/m.test(readFileSync(path, "utf8"));
}

describeSystem("postgres")("a database for a test", () => {
  const postgres = testPostgres();

  test("is empty, and nothing of it is in another", async () => {
    const [one, other] = [await postgres.database(), await postgres.database()];
    const first = await connected(one.url);
    await first.query("CREATE TABLE sales (id text)");
    expect(await firstOf(first, COUNT_TABLES)).toBe(1);
    expect(await firstOf(await connected(other.url), COUNT_TABLES)).toBe(0);
  });

  test("is gone once it is dropped, whoever is connected to it", async () => {
    const database = await postgres.database();
    const client = new Client({ connectionString: database.url });
    const cutOff = new Promise<void>((resolve) => client.once("end", resolve));
    client.on("error", () => undefined);
    await client.connect();
    await database.drop();
    await cutOff;
    const again = new Client({ connectionString: database.url });
    await expect(again.connect()).rejects.toThrow(`database "${database.name}" does not exist`);
  });

  test("orders text as a language does where a schema does not say how", async () => {
    const client = await connected((await postgres.database()).url);
    expect(await firstOf(client, "SELECT 'é' < 'f'")).toBe(true);
    expect(await firstOf(client, `SELECT 'é' COLLATE "C" < 'f'`)).toBe(false);
  });
});

describeSystem("postgres")("a database on a server that was prepared", () => {
  const postgres = testPostgres({
    isDurable: true,
    settings: { lock_timeout: "1234ms" },
    async prepare(url) {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query("CREATE TABLE sales (id text)");
      await client.end();
    },
  });

  test("begins where the first one was brought, and shares nothing with others", async () => {
    const [one, other] = [await postgres.database(), await postgres.database()];
    const [first, second] = [await connected(one.url), await connected(other.url)];
    await first.query("INSERT INTO sales VALUES ('a')");
    expect(await firstOf(first, "SELECT count(*)::int FROM sales")).toBe(1);
    expect(await firstOf(second, "SELECT count(*)::int FROM sales")).toBe(0);
  });

  test("is durable, and set, as was asked", async () => {
    const client = await connected((await postgres.database()).url);
    expect(await firstOf(client, "SHOW fsync")).toBe("on");
    expect(await firstOf(client, "SHOW lock_timeout")).toBe("1234ms");
  });
});

describeSystem("postgres")("a server for tests", () => {
  test("leaves nothing behind when it is stopped", async () => {
    const { pid, socketPath, stop } = await startTestServer();
    expect(isAlive(pid)).toBe(true);
    await stop();
    expect([isAlive(pid), existsSync(dirname(socketPath))]).toEqual([false, false]);
  });

  test("leaves nothing behind when the process that started it is killed", async () => {
    const child = spawn(process.execPath, [START_AND_WAIT], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [line] = await once(child.stdout, "data");
    const { pid, socketPath } = JSON.parse(String(line));
    expect([isAlive(pid), existsSync(socketPath)]).toEqual([true, true]);
    child.kill("SIGKILL");
    await vi.waitFor(
      () => expect([isAlive(pid), existsSync(dirname(socketPath))]).toEqual([false, false]),
      { timeout: 10_000, interval: 20 },
    );
  });

  test("that cannot start says why, and leaves nothing behind", async () => {
    await expect(startTestServer({ settings: { max_connections: "many" } })).rejects.toThrow(
      'invalid value for parameter "max_connections": "many"',
    );
  });
});
