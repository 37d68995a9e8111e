// A ledger in a folder with an archiver that runs when it is told to, and what its archive is restored to.

import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, vi } from "vitest";
import {
  type Archiver,
  type ArchiverOptions,
  CLOSE_LIMIT_MS,
  createArchiver,
} from "../../gateway/src/archive/archiver.js";
import { basesIn, openArchive } from "../../gateway/src/archive/folder.js";
import type { ArchivePaths } from "../../gateway/src/archive/paths.js";
import { restoreArchive } from "../../gateway/src/archive/restore/restore.js";
import type { Driver } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { checkIntegrity, replayLog } from "../../gateway/src/store/sqlite/replay-log.js";
import { collected } from "./ledger.js";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export interface Bench {
  readonly driver: Driver;
  readonly archiver: Archiver;
  readonly archive: string;
  readonly paths: ArchivePaths;
  readonly errors: string[];
  /** Commits something of so many bytes. */
  commit(bytes?: number): Promise<void>;
  /** Runs the archiver until it has made a base. */
  runWithBase(): Promise<void>;
  /** Lets its timer ring. */
  tick(): void;
  /** As at a clean end. */
  close(): Promise<void>;
}

/** A folder that is gone after the test, with a clock of its own and whatever is opened in it. */
export function archiveBenches() {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-archiver-"));
  const time = { nowMs: Date.UTC(2026, 8, 1) };
  const closers: (() => Promise<void>)[] = [];
  let committed = 0;
  onTestFinished(async () => {
    for (const close of closers.reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(
    name: string,
    archive = join(folder, "archive"),
    options: Partial<ArchiverOptions> = {},
  ): Promise<Bench> {
    const data = join(folder, name);
    mkdirSync(data, { recursive: true });
    const keysPath = join(data, "keys.json");
    if (!existsSync(keysPath)) writeFileSync(keysPath, "sealed");
    const driver = sqliteDriver(join(data, "gateway.db"), { isArchived: true });
    const writer = `writer ${name} ${closers.length}`;
    const paths = await openArchive({ folder: archive, ledger: "aa", writer });
    const errors: string[] = [];
    if (driver.ledgerFiles === undefined) throw new Error("an archived driver has files");
    const ticks: (() => void)[] = [];
    const archiver = createArchiver({
      ...{ paths, files: driver.ledgerFiles, keysPath, writer },
      clock: { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs },
      after(delayMs, run) {
        if (delayMs < CLOSE_LIMIT_MS) ticks.push(run);
        return () => undefined;
      },
      onError: (error) => void errors.push(String(error)),
      onBase: () => undefined,
      ...options,
    });
    let closing: Promise<void> | undefined;
    async function end(): Promise<void> {
      await archiver.close();
      await driver.close();
    }
    const close = () => {
      closing ??= end();
      return closing;
    };
    closers.push(close);
    return {
      ...{ driver, archiver, archive, paths, errors, close },
      async commit(bytes = 100) {
        committed += 1;
        const hash = String(committed).padStart(64, "0");
        await driver.keepProgramme({ hash, json: JSON.stringify("x".repeat(bytes)) });
      },
      async runWithBase() {
        const lastNo = () => basesIn(paths).at(-1)?.no ?? 0;
        const before = lastNo();
        await archiver.run();
        await vi.waitFor(() => expect(lastNo()).toBeGreaterThan(before));
        await vi.waitFor(() => expect(archiver.progress()).toBeNull());
      },
      tick: () => ticks.shift()?.(),
    };
  }

  /** A copy of a folder in it, as a disk has it when the process is killed. */
  function killedCopy(name: string, copy: string): string {
    cpSync(join(folder, name), join(folder, copy), { recursive: true });
    return join(folder, copy);
  }

  /** How many commits there are in what an archive is restored to. */
  async function restoredCommits(archive: string, atMs: number | null = null) {
    const into = mkdtempSync(join(folder, "restored-"));
    const databasePath = join(into, "gateway.db");
    const { stopped } = restoreArchive({
      ...{ folder: archive, databasePath, keysPath: join(into, "keys.json"), atMs },
      ...{ replayLog, onProgress: () => undefined },
    });
    expect(checkIntegrity(databasePath)).toEqual([]);
    const driver = sqliteDriver(databasePath);
    const commits = (await collected(driver.ledger().programmes())).length;
    await driver.close();
    return { commits, stopped };
  }

  return { folder, time, open, killedCopy, restoredCommits };
}
