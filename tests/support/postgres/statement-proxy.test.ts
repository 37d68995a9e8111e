// The proxy cuts and holds a connection where it was told to, however the statement is sent, and only once.

import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { describeSystem } from "../suites.js";
import { startStatementProxy } from "./statement-proxy.js";
import { testPostgres } from "./test-postgres.js";

/** What a driver hears of a connection that is cut, by what was on its way. */
const CUT = /Connection terminated|ECONNRESET/;

describeSystem("postgres").each([
  ["in text", (client: Client, text: string) => client.query(text)],
  ["prepared", (client: Client, text: string) => client.query({ name: text, text })],
])("a proxy before statements that are sent %s", (_how, run) => {
  const postgres = testPostgres({
    async prepare(url) {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query("CREATE TABLE sales (id text)");
      await client.end();
    },
  });

  async function connected(url: string): Promise<Client> {
    const client = new Client({ connectionString: url });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  /** A client through the proxy, one past it, and what that one counts. */
  async function openRig() {
    const database = await postgres.database();
    const proxy = await startStatementProxy(database);
    const through = await connected(proxy.url);
    const past = await connected(database.url);
    const sales = async () => (await past.query("SELECT * FROM sales")).rows.length;
    onTestFinished(async () => {
      await proxy.close();
      await past.end();
    });
    /** Writes a sale, and sends its commit. */
    const sell = async (client = through) => {
      await run(client, "BEGIN");
      await run(client, "INSERT INTO sales VALUES ('a')");
      // In an object: a promise as a result would be waited for.
      return { committed: run(client, "COMMIT") };
    };
    return { proxy, through, past, sales, sell };
  }

  test("passes what it was told nothing about", async () => {
    const { sell, sales } = await openRig();
    await (await sell()).committed;
    expect(await sales()).toBe(1);
  });

  test("cuts before the server sees a commit", async () => {
    const { proxy, sell, sales } = await openRig();
    const met = proxy.meet("cutBefore", /^COMMIT/);
    const { committed } = await sell();
    await expect(committed).rejects.toThrow(CUT);
    await met;
    expect(await sales()).toBe(0);
  });

  test("cuts after the server made a commit, and before it is told", async () => {
    const { proxy, sell, sales } = await openRig();
    const met = proxy.meet("cutAfter", /^COMMIT/);
    const { committed } = await sell();
    await expect(committed).rejects.toThrow(CUT);
    await met;
    expect(await sales()).toBe(1);
  });

  test("does it once: a new connection passes", async () => {
    const { proxy, sell, sales } = await openRig();
    void proxy.meet("cutBefore", /^COMMIT/);
    await expect((await sell()).committed).rejects.toThrow(CUT);
    const second = await connected(proxy.url);
    await (await sell(second)).committed;
    expect(await sales()).toBe(1);
  });

  test("holds a commit until it is released", async () => {
    const { proxy, sell, sales } = await openRig();
    const met = proxy.meet("holdBefore", /^COMMIT/);
    const { committed } = await sell();
    const { release } = await met;
    expect(await sales()).toBe(0);
    release();
    await committed;
    expect(await sales()).toBe(1);
  });

  test("lets a commit come late, after its client has gone", async () => {
    const { proxy, through, past, sell, sales } = await openRig();
    const met = proxy.meet("holdBefore", /^COMMIT/);
    const { committed } = await sell();
    const { release } = await met;
    through.connection.stream.destroy();
    await expect(committed).rejects.toThrow(CUT);
    expect(await sales()).toBe(0);
    release();
    // Waits for the transaction that has written to it.
    await past.query("BEGIN; LOCK TABLE sales; COMMIT");
    expect(await sales()).toBe(1);
  });

  test("holds the answer to a commit that was made", async () => {
    const { proxy, sell, sales } = await openRig();
    const met = proxy.meet("holdAfter", /^COMMIT/);
    const { committed } = await sell();
    const { release } = await met;
    expect(await sales()).toBe(1);
    release();
    await committed;
  });

  test("cuts what stands, and takes new connections until it is closed", async () => {
    const { proxy, through, sales } = await openRig();
    const told = expect(run(through, "SELECT pg_sleep(60)")).rejects.toThrow(CUT);
    proxy.cut();
    await told;
    const second = await connected(proxy.url);
    await run(second, "INSERT INTO sales VALUES ('a')");
    expect(await sales()).toBe(1);
    await proxy.close();
    await expect(connected(proxy.url)).rejects.toThrow("ECONNREFUSED");
  });
});
