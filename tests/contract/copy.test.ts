// A ledger that moves from one engine to the other, and back: the same rows, the same chain, the same answers, and never two.

import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import type { CopyEnd } from "../../gateway/src/store/copy/end.js";
import { COPIED_TABLES, NOT_COPIED } from "../../gateway/src/store/copy/tables.js";
import { TransactionLostError } from "../../gateway/src/store/driver.js";
import { DatabaseSetupError } from "../../gateway/src/store/setup-error.js";
import { PROPERTY_TIMEOUT_MS, runsOf } from "../properties/support/runs.js";
import { collected } from "../support/ledger.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import { randomLife } from "../support/random-life.js";
import { codeOf, openShop, type Shop } from "../support/shop.js";
import { describeSystem } from "../support/suites.js";
import { tempFiles } from "../support/temp-folder.js";
import { commitEvents, playChainDay, rigOf } from "./chain-rig.js";
import { fillEmptyTables } from "./copy/every-table.js";
import { dump, MOVED_AT_MS, markOf, move, openDriver, openEnd, type Place } from "./copy/rig.js";
import { live } from "./life/live.js";
import { DAY_GRANTS } from "./store/told-day.js";

const newFile = tempFiles();

describeSystem("postgres")("a copy of a ledger", () => {
  const postgres = testPostgres({
    prepare: async (url) => (await openDriver({ kind: "PostgreSQL", at: url })).close(),
  });
  const sqlite = async (): Promise<Place> => ({ kind: "SQLite", at: newFile() });
  const server = async (): Promise<Place> => ({
    kind: "PostgreSQL",
    at: (await postgres.database()).url,
  });
  const BORN = [
    ["SQLite", sqlite, server],
    ["PostgreSQL", server, sqlite],
  ] as const;

  /** A day with a row in every source of the chain, sealed; nobody has it open. */
  async function aDay(place: Place): Promise<Shop> {
    const shop = await openShop(await openDriver(place), { grants: DAY_GRANTS });
    await playChainDay(shop);
    const rig = rigOf(shop);
    await rig.seal();
    expect(rig.errors).toEqual([]);
    await shop.store.close();
    return shop;
  }

  /** Everything that proves a ledger, and its chain. */
  async function proofOf(place: Place, shop: Shop) {
    const driver = await openDriver(place);
    const store = shop.openStore(driver);
    try {
      const report = await store.verify();
      expect(report.faults).toEqual([]);
      expect((await store.replay()).differences).toEqual([]);
      const links = await collected(driver.chain.links());
      return {
        report,
        heads: await collected(driver.chain.heads()),
        links: links.map(({ link, row }) => ({ link, digest: row?.shape.digestOf(row.values) })),
      };
    } finally {
      await store.close();
    }
  }

  it.each(BORN)(
    "from %s and back has every row of every table as it was",
    async (_, home, away) => {
      const [first, there, back] = [await home(), await away(), await home()];
      const shop = await aDay(first);
      await fillEmptyTables(first, shop);
      const before = await dump(first);
      for (const [table, rows] of Object.entries(before)) expect(rows, table).not.toEqual([]);
      const digests = await move(first, there);
      expect(digests.map(({ table, rows }) => [table, rows])).toEqual(
        COPIED_TABLES.map(({ name }) => [name, before[name]?.length]),
      );
      expect(await dump(there)).toEqual(before);
      await move(there, back);
      expect(await dump(back)).toEqual(before);
      expect(await dump(first)).toEqual(before);
    },
  );

  it.each(BORN)(
    "of a random life from %s and back proves and answers alike",
    {
      timeout: PROPERTY_TIMEOUT_MS,
    },
    async (_, home, away) => {
      const alike = async (life: Parameters<typeof live>[0], seed: number) => {
        const [first, there, back] = [await home(), await away(), await home()];
        const lived = await live(life, { seed, driver: await openDriver(first) });
        const { shop } = lived;
        // A refused event comes into the audit trail whenever it comes.
        const exchanges = lived.exchanges.filter(({ answer }) => answer.type !== "refused");
        const rig = rigOf(shop);
        await rig.seal();
        // Once more, so that what is decided anew each time has come to rest.
        for (const { command } of exchanges) await shop.store.execute(command);
        await rig.seal();
        await shop.store.close();
        const proof = await proofOf(first, shop);
        const answered = await answersAgain(first);
        await move(first, there);
        expect(await proofOf(there, shop)).toEqual(proof);
        expect(await answersAgain(there)).toEqual(answered);
        await move(there, back);
        expect(await proofOf(back, shop)).toEqual(proof);
        expect(await answersAgain(back)).toEqual(answered);

        async function answersAgain(place: Place) {
          const store = shop.openStore(await openDriver(place));
          const answers = [];
          for (const { command } of exchanges) {
            const answer = await store.execute(command);
            answers.push(answer.type === "decision" ? { ...answer, timings: null } : answer);
          }
          await store.close();
          return answers;
        }
      };
      await fc.assert(fc.asyncProperty(randomLife, fc.nat(), alike), runsOf("copied lives", 3));
    },
  );

  it.each(BORN)(
    "from %s sells, seals and settles on, under numbers of its own",
    async (_, home, away) => {
      const [first, there] = [await home(), await away()];
      const shop = await aDay(first);
      await move(first, there);
      const driver = await openDriver(there);
      const store = shop.openStore(driver);
      onTestFinished(async () => store.close());
      const sale = shop.request({ purchaseCents: 100 });
      const answer = await store.execute({
        type: "authorize",
        terminalId: shop.terminal().id,
        request: sale,
        receivedAtMonotonicMs: shop.clock.monotonicMs(),
      });
      expect(codeOf(answer)).toBe("APPROVED");
      expect(
        await store.execute(
          shop.command({
            type: "coupons.loaded",
            beneficiary: "pupil",
            campaign: "2022/2023",
            avantage: "SANTE_COUPON",
            count: 4,
          }),
        ),
      ).toMatchObject({ outcome: "applied" });
      while ((await store.settlement.accrue()).more);
      const rig = rigOf({ ...shop, store, driver });
      await rig.seal();
      expect(rig.errors).toEqual([]);
      const { faults, unsealed, links } = await rig.verify();
      expect([faults, unsealed]).toEqual([[], []]);
      expect(links).toBeGreaterThan(20);
      expect((await store.verify()).faults).toEqual([]);
    },
  );

  it("reads and writes in pages, however long a table is", async () => {
    const [first, there] = [await sqlite(), await server()];
    const driver = await openDriver(first);
    await commitEvents(driver, 1_700);
    await driver.close();
    const counts: number[] = [];
    const watched = (end: CopyEnd): CopyEnd => ({
      ...end,
      sql: {
        prepare<Row>(text: string) {
          const made = end.sql.prepare<Row>(text);
          return {
            ...made,
            async all(...values) {
              const rows = await made.all(...values);
              counts.push(rows.length);
              return rows;
            },
          };
        },
      },
    });
    await move(first, there, { source: watched, target: watched });
    expect(Math.max(...counts)).toBe(500);
    expect((await dump(there))["events"]).toHaveLength(1_700);
  });

  it("is refused into a ledger that has anything in it, and leaves both as they were", async () => {
    const [first, there] = [await sqlite(), await server()];
    await aDay(first);
    await aDay(there);
    const [before, other] = [await dump(first), await dump(there)];
    await expect(move(first, there)).rejects.toThrow(/is not empty \(partners\).*Operator/);
    expect([await dump(first), await dump(there)]).toEqual([before, other]);
    expect([await markOf(first), await markOf(there)]).toEqual([null, null]);
  });

  it("is refused while a gateway has either of the two open", async () => {
    const [file, database] = [await sqlite(), await server()];
    await aDay(file);
    const gateway = await openDriver(file);
    await expect(move(file, database)).rejects.toThrow(/held by another process.*Stop the other/);
    await gateway.close();
    const onServer = await openDriver(database);
    expect(await onServer.move()).toBeNull();
    await expect(move(file, database)).rejects.toThrow(/in use.*Operator: stop every gateway/);
    await onServer.close();
    await move(file, database);
  });

  it.each(BORN)(
    "from %s that fails on its way leaves nothing, and is made the next time",
    async (_, home, away) => {
      const [first, there] = [await home(), await away()];
      await aDay(first);
      const before = await dump(first);
      const empty = await dump(there);
      const stopAtLinks = (table: string) => {
        if (table === "links") throw new Error("stopped here");
      };
      await expect(move(first, there, { onTable: stopAtLinks })).rejects.toThrow("stopped here");
      expect(await dump(there)).toEqual(empty);
      expect([await markOf(first), await markOf(there)]).toEqual([null, null]);
      await move(first, there);
      expect(await dump(there)).toEqual(before);
    },
  );

  it("that comes out otherwise than it went in is not committed", async () => {
    const [first, there] = [await sqlite(), await server()];
    await aDay(first);
    const empty = await dump(there);
    const spoilt = (end: CopyEnd): CopyEnd => ({
      ...end,
      async settleIn() {
        await end.sql.prepare("UPDATE grants SET rule = 'another'").run();
        await end.settleIn();
      },
    });
    await expect(move(first, there, { target: spoilt })).rejects.toThrow(/grants did not come out/);
    expect(await dump(there)).toEqual(empty);
    expect(await markOf(first)).toBeNull();
  });

  /** The process ends before the given commit of an end, counted from one. */
  function diesBefore(which: number) {
    let commits = 0;
    return (end: CopyEnd): CopyEnd => ({
      ...end,
      commit() {
        commits += 1;
        if (commits === which) throw new Error("died");
        return end.commit();
      },
    });
  }

  describeDeaths("SQLite", sqlite, server);
  describeDeaths("PostgreSQL", server, sqlite);

  function describeDeaths(
    name: string,
    home: () => Promise<Place>,
    away: () => Promise<Place>,
  ): void {
    const deaths = [
      ["before its first commit", { target: 1 }, [null, null]],
      ["once it is there", { source: 1 }, [null, "arriving"]],
      ["once the other has left", { target: 2 }, ["left", "arriving"]],
    ] as const;
    it.each(deaths)(
      `from ${name} that dies %s is finished by the next run, and never served twice`,
      async (_, dies, marks) => {
        const [first, there] = [await home(), await away()];
        await aDay(first);
        const before = await dump(first);
        const between = {
          ...("source" in dies ? { source: diesBefore(dies.source) } : {}),
          ...("target" in dies ? { target: diesBefore(dies.target) } : {}),
        };
        await expect(move(first, there, between)).rejects.toThrow("died");
        const states = [await markOf(first), await markOf(there)].map(
          (mark) => mark?.state ?? null,
        );
        expect(states).toEqual(marks);
        await move(first, there);
        expect(await dump(there)).toEqual(before);
        expect([(await markOf(first))?.state, await markOf(there)]).toEqual(["left", null]);
      },
    );
  }

  it("that was interrupted is no ledger once its original has gone on", async () => {
    const [first, there] = [await sqlite(), await server()];
    await aDay(first);
    await expect(move(first, there, { source: diesBefore(1) })).rejects.toThrow("died");
    const driver = await openDriver(first);
    await commitEvents(driver, 1);
    await driver.close();
    const refused = move(first, there);
    await expect(refused).rejects.toThrow(DatabaseSetupError);
    await expect(refused).rejects.toThrow(/has gone on since \(events\).*Operator/);
    await move(first, await server());
  });

  it("that was interrupted is never served once another copy has taken its place", async () => {
    const [first, there, elsewhere] = [await sqlite(), await server(), await server()];
    await aDay(first);
    await expect(move(first, there, { source: diesBefore(1) })).rejects.toThrow("died");
    await move(first, elsewhere);
    await expect(move(first, there)).rejects.toThrow(/has moved to .*Operator: start/);
    expect((await markOf(there))?.state).toBe("arriving");
  });

  it.each(BORN)("is made once: what has left %s does not leave again", async (_, home, away) => {
    const [first, there] = [await home(), await away()];
    await aDay(first);
    await move(first, there);
    expect(await markOf(first)).toMatchObject({ state: "left", atMs: MOVED_AT_MS });
    await expect(move(first, await away())).rejects.toThrow(/has moved to .*Operator: start/);
  });

  it.each(BORN)("that nobody served is taken back to %s, which goes on", async (_, home, away) => {
    const [first, there] = [await home(), await away()];
    await aDay(first);
    const before = await dump(first);
    await move(first, there);
    await move(there, first, { takesBack: true });
    expect([await markOf(first), (await markOf(there))?.state]).toEqual([null, "left"]);
    expect(await dump(first)).toEqual(before);
    const driver = await openDriver(first);
    await commitEvents(driver, 1);
    await driver.close();
    await expect(move(there, first, { takesBack: true })).rejects.toThrow(/nothing to take back/);
  });

  it.each([
    ["before its first commit", { target: 1 }],
    ["before the side that it leaves is marked", { source: 1 }],
    ["before its last commit", { target: 2 }],
  ] as const)("is taken back by the next run where that died %s", async (_, dies) => {
    for (const [, home, away] of BORN) {
      const [first, there] = [await home(), await away()];
      await aDay(first);
      const before = await dump(first);
      await move(first, there);
      const between = {
        takesBack: true,
        ...("source" in dies ? { source: diesBefore(dies.source) } : {}),
        ...("target" in dies ? { target: diesBefore(dies.target) } : {}),
      };
      await expect(move(there, first, between)).rejects.toThrow("died");
      // Where it went may be served until it is marked; nowhere are both.
      const marks = [await markOf(first), await markOf(there)];
      expect(marks.filter((mark) => mark === null).length).toBeLessThanOrEqual(1);
      expect(marks[0]).not.toBeNull();
      await move(there, first, { takesBack: true });
      expect([await markOf(first), (await markOf(there))?.state]).toEqual([null, "left"]);
      expect(await dump(first)).toEqual(before);
    }
  });

  it("is taken back where it was interrupted once the other had left", async () => {
    const [first, there] = [await sqlite(), await server()];
    await aDay(first);
    await expect(move(first, there, { target: diesBefore(2) })).rejects.toThrow("died");
    await move(there, first, { takesBack: true });
    expect([await markOf(first), (await markOf(there))?.state]).toEqual([null, "left"]);
  });

  it("is not taken back once it has gone on, nor from elsewhere than it went, nor unasked", async () => {
    const [first, there, elsewhere] = [await sqlite(), await server(), await sqlite()];
    await aDay(first);
    await move(first, there);
    await expect(move(there, first)).rejects.toThrow(/has moved to .*Operator: start/);
    await expect(move(there, elsewhere, { takesBack: true })).rejects.toThrow(/has not left/);
    const driver = await openDriver(there);
    await commitEvents(driver, 1);
    await driver.close();
    await expect(move(there, first, { takesBack: true })).rejects.toThrow(
      /has gone on since .*Operator: copy it into an empty ledger/,
    );
    await move(there, elsewhere);
    await expect(move(elsewhere, first, { takesBack: true })).rejects.toThrow(/has left for /);
    expect((await markOf(first))?.state).toBe("left");
  });

  it("leaves a PostgreSQL that takes no write of a gateway any more", async () => {
    const [first, there] = [await server(), await sqlite()];
    await aDay(first);
    await move(first, there);
    const driver = await openDriver(first);
    onTestFinished(async () => driver.close());
    await expect(async () => driver.begin()).rejects.toThrow(TransactionLostError);
  });

  it.each(BORN)("knows every table and its key, on %s", async (_, home) => {
    const place = await home();
    const end = await openEnd(place);
    onTestFinished(async () => end.close());
    const names = [...COPIED_TABLES.map(({ name }) => name), ...NOT_COPIED];
    expect([...(await end.tables()).keys()].sort()).toEqual([...names].sort());
    for (const { name, key } of COPIED_TABLES) {
      const rows = await end.sql.prepare<{ readonly column: string }>(KEYS[place.kind]).all(name);
      expect([...key].sort(), name).toEqual(rows.map(({ column }) => column).sort());
    }
  });

  it("is not begun where one of the two has a table that it does not know", async () => {
    const [first, there] = [await sqlite(), await server()];
    await aDay(first);
    const withMore = (end: CopyEnd): CopyEnd => ({
      ...end,
      tables: async () => new Map([...(await end.tables()), ["more", ["id"]]]),
    });
    const withColumn = (end: CopyEnd): CopyEnd => ({
      ...end,
      tables: async () => new Map([...(await end.tables()), ["agents", ["id"]]]),
    });
    await expect(move(first, there, { source: withMore })).rejects.toThrow(/has a table more/);
    await expect(move(first, there, { target: withColumn })).rejects.toThrow(
      /agents has other columns/,
    );
  });
});

const KEYS = {
  SQLite: `SELECT name AS "column" FROM pragma_table_info(?) WHERE pk > 0`,
  PostgreSQL: `SELECT a.attname AS "column" FROM pg_index i
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = CAST(CAST(? AS TEXT) AS regclass) AND i.indisprimary`,
};
