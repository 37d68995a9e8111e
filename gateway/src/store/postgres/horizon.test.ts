// What is given to the sealer is final: a row that is committed late never comes to stand below one that was given.

import { Client } from "pg";
import { expect, it, onTestFinished } from "vitest";
import { testPostgres } from "../../../../tests/support/postgres/test-postgres.js";
import { describeSystem } from "../../../../tests/support/suites.js";
import type { Driver, EventRow } from "../driver.js";
import { openPostgres } from "./driver.js";

const IN_TESTS = { allowsLossOfSalesInTests: true };

const anEvent = (id: string): EventRow => ({
  id,
  agentId: "operator-1",
  role: "operator",
  type: "partner.saved",
  subject: "partner-1",
  atMs: 1,
  fingerprint: Buffer.alloc(32, 7),
  outcome: "applied",
  refusal: null,
  notes: [],
});

describeSystem("postgres")("what may be sealed", () => {
  const postgres = testPostgres({
    prepare: async (url) => (await openPostgres({ url, ...IN_TESTS })).close(),
  });

  async function gatewaysOf(count: number) {
    const { url } = await postgres.database();
    const open = async () => {
      const driver = await openPostgres({ url, ...IN_TESTS });
      onTestFinished(() => driver.close());
      return driver;
    };
    const gateways = await Promise.all(Array.from({ length: count }, open));
    const [one, other, third] = gateways;
    if (!one || !other || !third) throw new Error("three gateways, and no less");
    return { url, one, other, third };
  }

  /** Begins to write an event; the function that is returned commits it. */
  async function writing(driver: Driver, id: string): Promise<() => Promise<void>> {
    await driver.begin();
    await driver.applyEvent(anEvent(id), []);
    return async () => driver.sync();
  }

  const write = async (driver: Driver, id: string) => (await writing(driver, id))();

  /** Which events a sealer would seal now, by their place in the order of columns. */
  async function unsealed(driver: Driver, upTo = 0): Promise<readonly number[]> {
    const query = { upTo: new Map([["events", upTo] as const]), each: 100, max: 100 };
    return (await driver.chain.unsealed(query)).map(({ seq }) => seq);
  }

  it("is all that is committed, where nobody is at work", async () => {
    const { one, other } = await gatewaysOf(3);
    await write(one, "a");
    await write(other, "b");
    expect(await unsealed(one)).toEqual([1, 2]);
    expect(await unsealed(one, 1)).toEqual([2]);
  });

  it("ends before what is still being written, though later rows are committed", async () => {
    const { one, other, third } = await gatewaysOf(3);
    const commit = await writing(one, "a");
    await write(other, "b");
    expect(await unsealed(third)).toEqual([]);
    await commit();
    expect(await unsealed(third)).toEqual([1, 2]);
  });

  it("goes on while somebody is always at work", async () => {
    const { one, other, third } = await gatewaysOf(3);
    const first = await writing(one, "a");
    expect(await unsealed(third)).toEqual([]);
    const second = await writing(other, "b");
    await first();
    // Whoever was at work at the first look is done: what was drawn by then is final.
    expect(await unsealed(third)).toEqual([1]);
    await second();
    expect(await unsealed(third, 1)).toEqual([2]);
  });

  it("leaves out a number that was given up", async () => {
    const { one, other, third } = await gatewaysOf(3);
    await writing(one, "a");
    await one.rollback();
    await write(other, "b");
    expect(await unsealed(third)).toEqual([2]);
  });

  it("is found again by another connection where the one that looked is cut", async () => {
    const { url, one, other } = await gatewaysOf(3);
    await write(one, "a");
    expect(await unsealed(other)).toEqual([1]);
    const client = new Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await expect(unsealed(other)).rejects.toThrow("nothing of this was stored");
    expect(await unsealed(other)).toEqual([1]);
  });
});
