// Which copies of the database are good for what is archived after them: whatever else happens, a base must reach it.

import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type FileHandle, open as openFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { archiveBenches, type Bench, HOUR_MS } from "../../../tests/support/archive-bench.js";
import { sqliteDriver } from "../store/sqlite/driver.js";
import { FAILING_MS } from "./archiver.js";
import { basesIn, fillingsIn } from "./folder.js";

/** Lets every base fail that an archive would be given. */
function withoutBases({ paths }: Bench): { readonly end: () => void } {
  const beside = `${paths.base((basesIn(paths).at(-1)?.no ?? 0) + 1)}.new`;
  mkdirSync(beside);
  writeFileSync(join(beside, "in the way"), "");
  return { end: () => rmSync(beside, { recursive: true }) };
}

/** Holds the next call of a file's method until it is let go. */
async function held(path: string, method: "sync" | "writeFile") {
  const file = await openFile(path, "r");
  await file.close();
  const handles: FileHandle = Object.getPrototypeOf(file);
  const { [method]: real } = handles;
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const spy = vi.spyOn(handles, method);
  spy.mockImplementationOnce(async function (this: FileHandle, ...args: unknown[]) {
    await gate;
    await Reflect.apply(real, this, args);
  });
  onTestFinished(() => spy.mockRestore());
  await vi.waitFor(() => expect(spy).toHaveBeenCalled());
  return { letGo };
}

describe("after a clean end", () => {
  it("there is one new base, and the filling that begins then goes on from it", async () => {
    const { open, restoredCommits } = archiveBenches();
    const first = await open("data");
    await first.commit();
    await first.runWithBase();
    await first.close();
    const second = await open("data");
    await second.runWithBase();
    await second.commit();
    await second.archiver.run();
    await second.archiver.run();
    expect(second.archiver.progress()).toBeNull();
    expect(basesIn(second.paths)).toHaveLength(2);
    expect(await restoredCommits(second.archive)).toEqual({ commits: 2, stopped: null });
  });

  it("a base from before it is not taken for one of the log that begins, whoever asks", async () => {
    const { open, killedCopy, restoredCommits, time } = archiveBenches();
    const first = await open("data");
    await first.commit();
    await first.runWithBase();
    await first.close();
    const second = await open("data");
    withoutBases(second);
    await second.commit();
    await second.archiver.run();
    await vi.waitFor(() => expect(second.errors).toHaveLength(1));
    time.nowMs += HOUR_MS;
    await second.archiver.run();
    expect(second.archiver.behindMs()).toBe(HOUR_MS);
    killedCopy("data", "killed");
    const third = await open("killed", killedCopy("archive", "archive-killed"));
    rmSync(`${third.paths.base(2)}.new`, { recursive: true });
    await third.commit();
    await third.runWithBase();
    expect(await restoredCommits(third.archive)).toEqual({ commits: 3, stopped: null });
  });

  it("a filling that never came has a number that no other one gets", async () => {
    const { open, killedCopy, restoredCommits } = archiveBenches();
    const first = await open("data");
    await first.runWithBase();
    await first.close();
    const second = await open("data");
    await second.runWithBase();
    expect(basesIn(second.paths).at(-1)).toMatchObject({ filling: 2, from: 0 });
    await second.commit();
    // A command on the gateway that was killed moves the log before the archive has seen it.
    await sqliteDriver(join(killedCopy("data", "killed"), "gateway.db")).close();
    const third = await open("killed", killedCopy("archive", "archive-killed"));
    await third.commit();
    await third.runWithBase();
    expect(fillingsIn(third.paths)).toEqual([1, 3]);
    expect((await restoredCommits(third.archive)).commits).toBe(2);
    rmSync(third.paths.baseRecord(3));
    expect(await restoredCommits(third.archive)).toEqual({
      commits: 0,
      stopped: "log 00000002 is missing",
    });
  });
});

it("a base that the log was cut off from while it was made is none of what follows", async () => {
  const { time, open, restoredCommits } = archiveBenches();
  const bench = await open("data", undefined, { logMaxBytes: 200_000 });
  await bench.commit();
  await bench.archiver.run();
  const atItsSync = await held(bench.paths.archive, "sync");
  renameSync(bench.paths.log, `${bench.paths.log}.away`);
  await bench.commit(300_000);
  await bench.archiver.run();
  time.nowMs += FAILING_MS;
  bench.tick();
  renameSync(`${bench.paths.log}.away`, bench.paths.log);
  expect(bench.errors.join()).toContain("was moved into the database");
  atItsSync.letGo();
  await vi.waitFor(() => expect(basesIn(bench.paths)).toHaveLength(1));
  await vi.waitFor(() => expect(bench.archiver.progress()).toBeNull());
  await bench.commit();
  await bench.runWithBase();
  expect(await restoredCommits(bench.archive)).toEqual({ commits: 3, stopped: null });
});

it("a copy is given up once the ledger's disk has not twice the log's room, and the chain holds", async () => {
  const { folder, open, restoredCommits } = archiveBenches();
  const first = await open("data");
  await first.commit(600_000);
  await first.runWithBase();
  await first.close();
  let freeBytes = 10_000_000;
  const options = { freeBytes: () => freeBytes, checkpointBytes: 1_000, logMaxBytes: 1_000 };
  const bench = await open("data", undefined, options);
  const logBytes = () => statSync(join(folder, "data", "gateway.db-wal")).size;
  await bench.archiver.run();
  const inTheMiddle = await held(bench.paths.archive, "writeFile");
  await bench.commit(200_000);
  await bench.archiver.run();
  expect(logBytes()).toBeGreaterThan(200_000);
  freeBytes = 300_000;
  await bench.archiver.run();
  expect(logBytes()).toBe(0);
  inTheMiddle.letGo();
  await vi.waitFor(() => expect(bench.errors.join()).toContain("a base was given up"));
  expect(basesIn(bench.paths)).toHaveLength(1);
  await bench.runWithBase();
  await bench.commit();
  await bench.archiver.run();
  expect(await restoredCommits(bench.archive)).toEqual({ commits: 3, stopped: null });
});

it("time in which nothing can be restored is told as such, though the log is archived", async () => {
  const { open, time, restoredCommits } = archiveBenches();
  const bench = await open("data");
  const failing = withoutBases(bench);
  for (let run = 0; run < 3; run += 1) {
    await bench.commit();
    await bench.archiver.run();
    time.nowMs += HOUR_MS;
  }
  expect(bench.archiver.behindMs()).toBe(3 * HOUR_MS);
  await vi.waitFor(() => expect(bench.errors.length).toBeGreaterThan(0));
  failing.end();
  await bench.runWithBase();
  await bench.archiver.run();
  expect(bench.archiver.behindMs()).toBe(0);
  expect(await restoredCommits(bench.archive)).toEqual({ commits: 3, stopped: null });
});
