// The archiver on real files: what it goes on with after a crash, what it does where the archive fails, what it removes.

import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { archiveBenches, DAY_MS } from "../../../tests/support/archive-bench.js";
import { sqliteDriver } from "../store/sqlite/driver.js";
import { FAILING_MS } from "./archiver.js";
import { basesIn, fillingsIn, openArchive } from "./folder.js";

/** Larger than SQLite's cache of pages: it writes to the log before the commit. */
const SPILLING_BYTES = 24 * 1_024 * 1_024;

describe("after a crash", () => {
  it("goes on in the filling that it was in, and makes no new base", async () => {
    const { open, killedCopy, restoredCommits } = archiveBenches();
    const first = await open("data");
    await first.commit();
    await first.runWithBase();
    await first.commit();
    await first.archiver.run();
    await first.commit();
    killedCopy("data", "killed");
    const archive = killedCopy("archive", "archive-killed");
    const second = await open("killed", archive);
    await second.commit();
    await second.archiver.run();
    const { paths } = second;
    expect(basesIn(paths)).toHaveLength(1);
    expect(fillingsIn(paths)).toHaveLength(1);
    expect(await restoredCommits(archive)).toEqual({ commits: 4, stopped: null });
    expect(second.errors).toEqual([]);
  });

  it("makes a new base where the log was moved meanwhile, and says where the old one ends", async () => {
    const { folder, open, killedCopy, restoredCommits } = archiveBenches();
    const first = await open("data");
    await first.commit();
    await first.runWithBase();
    killedCopy("data", "killed");
    // A command on the stopped gateway moves the log when it ends.
    await sqliteDriver(join(folder, "killed", "gateway.db")).close();
    const second = await open("killed", first.archive);
    await second.commit();
    await second.runWithBase();
    const paths = first.paths;
    expect(basesIn(paths)).toHaveLength(2);
    expect(await restoredCommits(first.archive)).toEqual({ commits: 2, stopped: null });
    rmSync(paths.baseRecord(2));
    expect(await restoredCommits(first.archive)).toEqual({
      commits: 1,
      stopped: expect.stringMatching(/begins anew: what was committed before it was not archived/),
    });
  });
});

describe("what is not committed", () => {
  it("is not archived, though it stands in the log, and does not hide what comes after it", async () => {
    const { folder, open, restoredCommits } = archiveBenches();
    const bench = await open("data");
    await bench.commit();
    await bench.runWithBase();
    const wal = bench.paths.wal(1);
    const archived = statSync(wal).size;
    await bench.driver.begin();
    for (let written = 0; written < SPILLING_BYTES; written += 1_000_000)
      await bench.commit(1_000_000);
    expect(statSync(join(folder, "data", "gateway.db-wal")).size).toBeGreaterThan(archived);
    await bench.archiver.run();
    expect(statSync(wal).size).toBe(archived);
    await bench.driver.rollback();
    await bench.commit();
    await bench.archiver.run();
    expect(statSync(wal).size).toBeGreaterThan(archived);
    expect(await restoredCommits(bench.archive)).toEqual({ commits: 2, stopped: null });
  });
});

describe("where the archive fails", () => {
  it("tells it, goes on serving, and catches up once it can", async () => {
    const { time, open, restoredCommits } = archiveBenches();
    const bench = await open("data", undefined, { checkpointBytes: 1 });
    await bench.commit();
    await bench.runWithBase();
    await bench.archiver.run();
    const paths = bench.paths;
    const next = paths.wal((fillingsIn(paths).at(-1) ?? 0) + 1);
    // As good as a full disk: nothing can be written there.
    mkdirSync(next);
    await bench.commit();
    await bench.archiver.run();
    await bench.commit();
    time.nowMs += 5_000;
    await bench.archiver.run();
    expect(bench.errors).toHaveLength(2);
    expect(bench.archiver.behindMs()).toBe(5_000);
    rmSync(next, { recursive: true });
    await bench.archiver.run();
    expect(bench.archiver.behindMs()).toBe(0);
    expect(bench.errors).toHaveLength(2);
    expect(basesIn(paths)).toHaveLength(1);
    expect(await restoredCommits(bench.archive)).toEqual({ commits: 3, stopped: null });
  });

  it("gives up a log that grew too long, and begins anew with a base", async () => {
    const { folder, time, open, restoredCommits } = archiveBenches();
    const bench = await open("data", undefined, { logMaxBytes: 200_000 });
    await bench.commit();
    await bench.runWithBase();
    const paths = bench.paths;
    rmSync(paths.log, { recursive: true });
    writeFileSync(paths.log, "no folder");
    await bench.commit(300_000);
    await bench.archiver.run();
    time.nowMs += FAILING_MS;
    bench.tick();
    expect(bench.errors.join()).toMatch(/the ledger's log grew to \d{6} bytes, its limit, while/);
    expect(statSync(join(folder, "data", "gateway.db-wal")).size).toBe(0);
    rmSync(paths.log);
    mkdirSync(paths.log);
    await bench.commit();
    await bench.runWithBase();
    expect(await restoredCommits(bench.archive)).toEqual({ commits: 3, stopped: null });
  });

  it("stops where another gateway took the archive over, and refuses another ledger's", async () => {
    const { folder, open } = archiveBenches();
    const first = await open("data");
    await first.commit();
    await first.runWithBase();
    await open("other", first.archive);
    await first.commit();
    await first.archiver.run();
    expect(first.errors.join()).toContain("was taken over by another gateway");
    await expect(openArchive({ folder: first.archive, ledger: "bb", writer: "w" })).rejects.toThrow(
      "is the archive of another gateway's ledger",
    );
    await expect(
      openArchive({ folder: join(folder, "no", "disk"), ledger: "aa", writer: "w" }),
    ).rejects.toThrow("Mount its disk");
  });
});

describe("what is kept", () => {
  it("is every base that an instant of the last days needs, with the log since", async () => {
    const { time, open, restoredCommits } = archiveBenches();
    const options = { checkpointBytes: 1, baseEveryHours: 24, keepDays: 2 };
    const bench = await open("data", undefined, options);
    const paths = bench.paths;
    for (let day = 0; day < 6; day += 1) {
      await bench.commit();
      await bench.runWithBase();
      await bench.commit();
      await bench.archiver.run();
      time.nowMs += DAY_MS;
    }
    expect(basesIn(paths).map(({ no }) => no)).toEqual([4, 5, 6]);
    expect(fillingsIn(paths)[0]).toBe(basesIn(paths)[0]?.filling);
    expect(await restoredCommits(bench.archive)).toEqual({ commits: 12, stopped: null });
  });

  it("has its base and its fillings also while commits never cease", async () => {
    const { open, restoredCommits } = archiveBenches();
    const bench = await open("data", undefined, { checkpointBytes: 1 });
    let isOver = false;
    const load = (async () => {
      while (!isOver) {
        await bench.commit();
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await bench.runWithBase();
    await bench.archiver.run();
    await bench.archiver.makeBase();
    isOver = true;
    await load;
    await bench.archiver.run();
    expect(fillingsIn(bench.paths).length).toBeGreaterThan(1);
    expect(await restoredCommits(bench.archive)).toMatchObject({ stopped: null });
    expect(bench.errors).toEqual([]);
  });

  it("has a base of the moment in which one is asked for, whatever is under way", async () => {
    const { folder, open } = archiveBenches();
    const bench = await open("data");
    await bench.commit();
    const run = bench.archiver.run();
    const made = await bench.archiver.makeBase();
    await run;
    expect(basesIn(bench.paths).at(-1)).toEqual(made);
    expect(made.bytes).toBe(statSync(join(folder, "data", "gateway.db")).size);
  });
});
