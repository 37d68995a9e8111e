// Tests of the lock that keeps a second terminal from a journal.

import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { Journal } from "./client/journal.js";
import { lockFile } from "./file-lock.js";
import { FileInUseError } from "./lease/succession.js";
import { temporaryFolder } from "./test-kit/fixtures.js";
import { type LockProcess, startLockProcess } from "./test-kit/lock-process.js";

const ROUNDS = 20;

let folder: string;
let path: string;

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, "journal");
});

function another(): LockProcess {
  const started = startLockProcess(folder);
  onTestFinished(() => {
    started.child.kill("SIGKILL");
  });
  return started;
}

test("a second lock is refused until the first is given back", async () => {
  const release = await lockFile(path);
  await expect(lockFile(path)).rejects.toThrow(FileInUseError);
  await release();
  const releaseAgain = await lockFile(path);
  await releaseAgain();
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test("of several processes that begin at one moment exactly one holds a lock", async () => {
  const processes = [another(), another(), another(), another(), another()];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const fresh = join(folder, `fresh-${round}`);
    const outcomes = await Promise.all(processes.map((one) => one.take(fresh)));
    expect([round, outcomes.sort()]).toEqual([
      round,
      ["held", "refused", "refused", "refused", "refused"],
    ]);
    await Promise.all(processes.map((one) => one.release()));
  }
});

test("of several that find the lock of a dead process exactly one takes it over", async () => {
  const processes = [another(), another(), another(), another(), another()];
  const dead = another();
  await dead.take(path);
  const left = readFileSync(`${path}.lock`);
  await dead.kill();
  for (let round = 1; round <= ROUNDS; round += 1) {
    const stale = join(folder, `stale-${round}`);
    writeFileSync(`${stale}.lock`, left);
    const outcomes = await Promise.all(processes.map((one) => one.take(stale)));
    expect([round, outcomes.sort()]).toEqual([
      round,
      ["held", "refused", "refused", "refused", "refused"],
    ]);
    await Promise.all(processes.map((one) => one.release()));
  }
});

test("a lock that was taken over keeps others out, and leaves no file behind when given back", async () => {
  const dead = another();
  await dead.take(path);
  await dead.kill();
  const release = await lockFile(path);
  expect(await another().take(path)).toBe("refused");
  await release();
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test("a lock of another living process is respected; the error names both and says what to do", async () => {
  const owner = another();
  await owner.take(path);
  await expect(lockFile(path)).rejects.toThrow(
    new RegExp(`process ${owner.child.pid}.*${path}\\.lock.*remove`),
  );
});

test.runIf(existsSync("/proc/self/stat"))(
  "a lock whose process number now belongs to another program is taken over",
  async () => {
    const owner = another();
    await owner.take(path);
    const left = JSON.parse(readFileSync(`${path}.lock`, "utf8"));
    writeFileSync(`${path}.lock`, JSON.stringify({ ...left, startedAt: "1" }));
    await (await lockFile(path))();
    writeFileSync(`${path}.lock`, JSON.stringify({ ...left, bootId: "an earlier boot" }));
    await (await lockFile(path))();
  },
);

test("a lock file that no terminal wrote is left alone, and named", async () => {
  writeFileSync(`${path}.lock`, "mine");
  await expect(lockFile(path)).rejects.toThrow(`${path}.lock`);
  expect(readFileSync(`${path}.lock`, "utf8")).toBe("mine");
});

test("a journal that another terminal has open cannot be opened, so that its sale in flight is not reversed", async () => {
  const journal = await Journal.open({ path });
  await expect(Journal.open({ path })).rejects.toMatchObject({ code: "JOURNAL_IN_USE" });
  await journal.close();
  const again = await Journal.open({ path });
  await again.close();
});

test.each([
  ["another spelling of its path", () => `${folder}/sub/../journal`],
  ["a link to its folder", () => join(folder, "link-to-folder", "journal")],
  ["a link to it", () => join(folder, "sub", "link-to-journal")],
])("a journal cannot be opened a second time by %s", async (_case, other) => {
  mkdirSync(join(folder, "sub"));
  symlinkSync(folder, join(folder, "link-to-folder"));
  symlinkSync(path, join(folder, "sub", "link-to-journal"));
  const journal = await Journal.open({ path });
  await expect(Journal.open({ path: other() })).rejects.toMatchObject({ code: "JOURNAL_IN_USE" });
  await journal.close();
});
