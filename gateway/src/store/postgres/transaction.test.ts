// A commit whose answer is lost was made or never will be, and the driver knows which; what fails takes nothing with it.

import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { connectTo } from "../../../../tests/support/postgres/connect.js";
import { standbyAt } from "../../../../tests/support/postgres/standby.js";
import { startStatementProxy } from "../../../../tests/support/postgres/statement-proxy.js";
import { testPostgres } from "../../../../tests/support/postgres/test-postgres.js";
import { describeSystem } from "../../../../tests/support/suites.js";
import { BugError } from "../../core/assert.js";
import { OvertakenError, SpoiledError, TransactionLostError } from "../driver.js";
import { SyncFailedError } from "../failures.js";
import { ConstraintError } from "../sql/sql.js";
import { together } from "../sql/together.js";
import { createConnections } from "./connection.js";
import { type PostgresOptions, settingsOf } from "./options.js";
import { setUp } from "./set-up.js";
import { createTransaction } from "./transaction.js";

const IN_TESTS = { allowsLossOfSalesInTests: true };

const insert = (id: string) => ({
  text: "INSERT INTO partners (id, name, status) VALUES ($1, 'Le Théâtre', 'active')",
  values: [id],
});
const PARTNERS = { text: "SELECT id FROM partners ORDER BY id" };

function open(url: string, options: Partial<PostgresOptions> = {}) {
  const settings = settingsOf({ url, ...IN_TESTS, ...options });
  const { statementTimeoutMs, poolMax: max } = settings;
  const ready = () => Promise.resolve();
  const connections = createConnections({ settings, max, statementTimeoutMs, ready });
  const transaction = createTransaction(connections, connections, settings);
  onTestFinished(async () => {
    await transaction.rollback();
    await connections.close();
  });
  const write = (id: string) => transaction.query(insert(id), true);
  return { connections, transaction, write };
}

describeSystem("postgres")("a transaction", () => {
  // A commit waits for a standby where the test names one.
  const postgres = testPostgres({
    settings: { wal_level: "replica", max_wal_senders: "2" },
    prepare: (url) => setUp(settingsOf({ url, ...IN_TESTS })),
  });

  async function openRig(options: Partial<PostgresOptions> = {}) {
    const database = await postgres.database();
    const proxy = await startStatementProxy(database);
    const past = await connectTo(database.url);
    const partners = async () =>
      (await past.query<{ id: string }>(PARTNERS)).rows.map(({ id }) => id);
    const rig = open(proxy.url, options);
    onTestFinished(() => proxy.close());
    return { ...rig, database, proxy, past, partners };
  }

  it("is there once it is committed, and leaves one token behind, however many there were", async () => {
    const { transaction, write, partners, past } = await openRig();
    for (const id of ["a", "b", "c"]) {
      await transaction.begin();
      await write(id);
      expect(await partners()).not.toContain(id);
      await transaction.sync();
    }
    expect(await partners()).toEqual(["a", "b", "c"]);
    expect((await past.query("SELECT * FROM commit_tokens")).rows).toHaveLength(1);
  });

  it("leaves nothing once it is given up", async () => {
    const { transaction, write, partners } = await openRig();
    await transaction.begin();
    await write("a");
    await transaction.rollback();
    expect(await partners()).toEqual([]);
  });

  it("that PostgreSQL has given up is not taken for committed", async () => {
    const { transaction, write, partners } = await openRig();
    await transaction.begin();
    await write("a");
    await expect(write("a")).rejects.toThrow(ConstraintError);
    await expect(transaction.sync()).rejects.toThrow(TransactionLostError);
    expect(await partners()).toEqual([]);
  });

  describe("whose connection is cut", () => {
    it("before the server saw the commit, was not made, and never will be", async () => {
      const { transaction, write, proxy, partners } = await openRig();
      await transaction.begin();
      await write("a");
      void proxy.meet("cutBefore", /^COMMIT/);
      await expect(transaction.sync()).rejects.toThrow(TransactionLostError);
      expect(await partners()).toEqual([]);
    });

    it("before the answer came back, was made", async () => {
      const { transaction, write, proxy, partners } = await openRig();
      await transaction.begin();
      await write("a");
      void proxy.meet("cutAfter", /^COMMIT/);
      await transaction.sync();
      expect(await partners()).toEqual(["a"]);
      await transaction.begin();
      await write("b");
      await transaction.sync();
      expect(await partners()).toEqual(["a", "b"]);
    });

    it("while it is looked for too, is looked for again", async () => {
      const { transaction, write, proxy, partners } = await openRig();
      await transaction.begin();
      await write("a");
      void proxy.meet("cutBefore", /^COMMIT/);
      void proxy.meet("cutAfter", /^COMMIT/);
      // The first look made it void, and was cut off from its own answer.
      await expect(transaction.sync()).rejects.toThrow(TransactionLostError);
      expect(await partners()).toEqual([]);
    });

    it("before the commit, stores nothing, and what still comes is not written beside it", async () => {
      const { transaction, write, proxy, partners } = await openRig();
      await transaction.begin();
      await write("a");
      proxy.cut();
      await expect(write("b")).rejects.toThrow(TransactionLostError);
      await expect(write("c")).rejects.toThrow(TransactionLostError);
      await transaction.query(PARTNERS, false);
      expect(await partners()).toEqual([]);
      await transaction.begin();
      await write("d");
      await transaction.sync();
      expect(await partners()).toEqual(["d"]);
    });
  });

  describe("that waits for a standby", () => {
    async function waitingRig(options: Partial<PostgresOptions> = {}) {
      const rig = await openRig(options);
      const standby = await standbyAt(rig.database.url);
      const waiting = () =>
        vi.waitFor(
          async () => {
            const { rows } = await rig.past.query<{ pid: number }>(
              `SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = current_database()`,
            );
            expect(rows).not.toEqual([]);
            return rows;
          },
          { timeout: 10_000 },
        );
      const { transaction, write } = rig;
      await transaction.begin();
      await write("a");
      await standby("nobody");
      return { ...rig, standby, waiting };
    }

    it("says for how long, and that it does no more", async () => {
      const { transaction, standby, waiting } = await waitingRig();
      expect(transaction.commitWaitsMs()).toBe(0);
      const synced = transaction.sync();
      await waiting();
      expect(transaction.commitWaitsMs()).toBeGreaterThan(0);
      await standby("");
      await synced;
      expect(transaction.commitWaitsMs()).toBe(0);
    });

    it("is not begun where one was asked for and none is named any more", async () => {
      const rig = await waitingRig();
      await rig.transaction.rollback();
      const { transaction } = open(rig.database.url, { requiresStandby: true });
      await transaction.begin();
      await transaction.rollback();
      await rig.standby("");
      await expect(transaction.begin()).rejects.toThrow(/replicates to no standby.*Operator:/);
      expect(transaction.isOpen()).toBe(false);
    });

    it("and is cut off there, was made once it is replicated", async () => {
      const { transaction, proxy, standby, waiting, partners } = await waitingRig();
      const synced = transaction.sync();
      await waiting();
      proxy.cut();
      await standby("");
      await synced;
      expect(await partners()).toEqual(["a"]);
    });

    it("and is told that it waits no longer, is not taken for committed before it is replicated", async () => {
      const { transaction, past, standby, waiting, partners } = await waitingRig();
      let isSynced = false;
      const synced = transaction.sync().then(() => {
        isSynced = true;
      });
      const [first] = await waiting();
      await past.query("SELECT pg_cancel_backend($1)", [first?.pid]);
      // Its look waits now, for the same standby.
      await vi.waitFor(async () => {
        const [other] = await waiting();
        expect(other?.pid).not.toBe(first?.pid);
      });
      expect(isSynced).toBe(false);
      await standby("");
      await synced;
      expect(await partners()).toEqual(["a"]);
    });

    it("for ever, is in doubt in the end", async () => {
      const rig = await waitingRig({ lockTimeoutMs: 50, doubtTimeoutMs: 200 });
      const { transaction, proxy, waiting } = rig;
      const synced = expect(transaction.sync()).rejects.toThrow(SyncFailedError);
      await waiting();
      proxy.cut();
      await synced;
    });
  });

  describe("with others", () => {
    const attempt = (id: string) => ({
      text: `INSERT INTO attempts (terminal_id, id, kind, state, code, decided_at_ms, programme_hash, rules_version)
        VALUES ('t', $1, 'tombstone', 'reversed', 'REVERSED', 0, 'h', 1)`,
      values: [id],
    });

    it("finds out that another made the same, and can be run again", async () => {
      const { transaction, past } = await openRig();
      await past.query(attempt("1"));
      await transaction.begin();
      const work = transaction.whole(
        async () => void (await transaction.query(attempt("1"), true)),
      );
      await expect(work).rejects.toThrow(OvertakenError);
      expect(transaction.isOpen()).toBe(false);
    });

    it("is lost with it, whatever else failed in the same work", async () => {
      const { transaction, write, past, partners } = await openRig();
      await past.query(attempt("1"));
      await transaction.begin();
      const work = transaction.whole(async () => {
        await expect(transaction.query(attempt("1"), true)).rejects.toThrow(OvertakenError);
        throw new BugError("told first");
      });
      await expect(work).rejects.toThrow("told first");
      const next = transaction.whole(async () => void (await write("a")));
      await expect(next).rejects.toThrow(OvertakenError);
      await expect(transaction.sync()).rejects.toThrow(OvertakenError);
      expect(await partners()).toEqual([]);
    });

    it("alone, takes the same for a bug", async () => {
      const { transaction, past } = await openRig();
      await past.query(attempt("1"));
      await transaction.begin("alone");
      await expect(transaction.query(attempt("1"), true)).rejects.toThrow(ConstraintError);
    });

    it("is taken back where two wait for each other, and lets the other go on", async () => {
      const one = await openRig();
      const other = open(one.database.url);
      const touch = (id: string) => ({
        text: "UPDATE partners SET name = 'Autre' WHERE id = $1",
        values: [id],
      });
      await one.past.query(insert("a"));
      await one.past.query(insert("b"));
      for (const { transaction } of [one, other]) await transaction.begin();
      await one.transaction.query(touch("a"), true);
      await other.transaction.query(touch("b"), true);
      const settled = await Promise.allSettled([
        one.transaction.query(touch("b"), true),
        other.transaction.query(touch("a"), true),
      ]);
      const lost = settled.filter(({ status }) => status === "rejected");
      expect(lost).toEqual([{ status: "rejected", reason: expect.any(OvertakenError) }]);
    });

    it("alone, begins when they are done, and keeps new ones out until it is", async () => {
      const one = await openRig();
      const other = open(one.database.url);
      const someWaits = () =>
        vi.waitFor(async () => {
          const waiting = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
          expect((await one.past.query(waiting)).rows).toHaveLength(1);
        });
      await one.transaction.begin();
      const alone = other.transaction.begin("alone");
      await someWaits();
      await one.transaction.sync();
      await alone;
      const next = one.transaction.begin();
      await someWaits();
      await other.transaction.sync();
      await next;
    });
  });

  it("has more time where it is alone, for as long as it is", async () => {
    const { transaction } = await openRig({ statementTimeoutMs: 100, aloneTimeoutMs: 60_000 });
    const slow = { text: "SELECT pg_sleep(0.3)" };
    await transaction.begin("alone");
    await transaction.query(slow, false);
    await transaction.sync();
    await transaction.begin();
    await expect(transaction.query(slow, false)).rejects.toThrow(/took too long/);
  });

  describe("with work in it that fails", () => {
    let rig: Awaited<ReturnType<typeof openRig>>;
    beforeEach(async () => {
      rig = await openRig();
    });

    it("is lost as a whole where a statement beside any work had failed", async () => {
      const { transaction, write, partners } = rig;
      await transaction.begin();
      await transaction.whole(async () => void (await write("before")));
      const failing = transaction.query(
        { text: "SELECT 1 / (length($1) - 1)", values: ["a"] },
        false,
      );
      await expect(failing).rejects.toThrow(BugError);
      const later = transaction.whole(async () => void (await write("later")));
      await expect(later).rejects.toThrow(TransactionLostError);
      await expect(transaction.sync()).rejects.toThrow(TransactionLostError);
      expect(await partners()).toEqual([]);
    });

    it("is spoiled by it, whatever was sent behind the statement that failed", async () => {
      const { transaction, partners } = rig;
      await transaction.begin();
      const failing = { text: "SELECT 1 / (length($1) - 1)", values: ["a"] };
      // Prepared by its first use, which comes after the failure: the server does not know the second one's.
      const prepared = { ...insert("a"), name: "never-prepared" };
      transaction.later(() =>
        together([failing, prepared, prepared].map((query) => transaction.query(query, true))),
      );
      await expect(transaction.settle()).rejects.toThrow(SpoiledError);
      expect(await partners()).toEqual([]);
      await transaction.rollback();
      await transaction.begin();
      await transaction.query(prepared, true);
      await transaction.sync();
      expect(await partners()).toEqual(["a"]);
    });

    it("leaves nothing of it, and all of what was done before and after", async () => {
      const { transaction, write, partners } = rig;
      const whole = (ids: readonly string[], error?: Error) =>
        transaction.whole(async () => {
          for (const id of ids) await write(id);
          if (error) throw error;
        });
      await transaction.begin();
      await whole(["before"]);
      await expect(whole(["half"], new BugError("a bug"))).rejects.toThrow("a bug");
      await expect(whole(["another", "before"])).rejects.toThrow(ConstraintError);
      await whole(["later"]);
      await transaction.sync();
      expect(await partners()).toEqual(["before", "later"]);
    });

    it("leaves nothing of it where none is open", async () => {
      const { transaction, write, partners } = rig;
      await transaction.whole(async () => void (await write("alone")));
      const half = transaction.whole(async () => {
        await write("half");
        throw new BugError("a bug");
      });
      await expect(half).rejects.toThrow("a bug");
      expect(await partners()).toEqual(["alone"]);
    });
  });
});
