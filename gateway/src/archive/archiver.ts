// Archives the ledger behind the sales: copies of the database, and about once a second what was committed since.

import { readFileSync, statSync } from "node:fs";
import type { After, Clock } from "../core/ports.js";
import type { LedgerFiles } from "../store/ledger-files.js";
import { CopyStoppedError, copyBase, type Progress } from "./base.js";
import { writeWhole } from "./files.js";
import { basesIn, checkWriter, prune } from "./folder.js";
import { createLogArchive } from "./log-archive.js";
import { ArchiveError, type ArchivePaths, type Base } from "./paths.js";

/** How long what was committed is in the archive by, while its disk keeps up. */
export const ARCHIVE_EVERY_MS = 1_000;

/** As much as SQLite moves at once by itself. */
const CHECKPOINT_BYTES = 4 * 1_024 * 1_024;

/** A log that grew to this while the archive failed is moved into the database all the same: a new base follows. */
export const LOG_MAX_BYTES = 1_024 * 1_024 * 1_024;

/** Of the room that its disk has left: moving a log may take as much again before it gives any back. */
const LOG_MAX_SHARE = 0.5;

/** An archive with no good run for so long fails; a shorter time is load. */
export const FAILING_MS = 10_000;

/** How long a gateway that stops waits for its archive. */
export const CLOSE_LIMIT_MS = 10_000;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const DEFAULT_BASE_HOURS = 24;
export const DEFAULT_KEEP_DAYS = 14;

/** A base that is stamped so much later than now was made by a clock that was ahead. */
const AHEAD_MS = 60_000;

/** So many times the hours between two bases apart, they were not made one after the other by a right clock. */
const APART_BASES = 2;

export interface ArchiverOptions {
  readonly paths: ArchivePaths;
  readonly files: LedgerFiles;
  /** The sealed file of keys. */
  readonly keysPath: string;
  /** Names this process in the archive. */
  readonly writer: string;
  readonly clock: Clock;
  readonly after: After;
  readonly baseEveryHours?: number;
  /** Every instant of so many days can be restored; what only older ones need is removed. */
  readonly keepDays?: number;
  /** A log of this size is moved into the database once it is archived. */
  readonly checkpointBytes?: number;
  readonly logMaxBytes?: number;
  /** Of the ledger's disk; null where it does not tell. */
  readonly freeBytes?: () => number | null;
  /** False while the clock is known to be wrong: nothing is chosen by its instants then. */
  readonly isClockRight?: () => boolean;
  /** Called when a run failed; the next one takes up what it left. */
  readonly onError: (error: unknown) => void;
  readonly onBase: (base: Base) => void;
}

export interface Archiver {
  /** Archives what is committed now; what is under way is finished first. Never throws: see `onError`. */
  run(): Promise<void>;
  /** Makes a base that begins now. @throws what kept it from being made. */
  makeBase(): Promise<Base>;
  /** Of the base that is being made; null where none is. */
  progress(): Progress | null;
  /** How long ago everything that was committed could be restored from the archive, in milliseconds. */
  behindMs(): number;
  /** Archives what is committed, then never again. */
  close(): Promise<void>;
}

/** Starts an archiver; its first run comes at once. The driver's checkpoints are its own from now on. */
export function createArchiver(options: ArchiverOptions): Archiver {
  const { paths, files, clock, after, onError, onBase, writer } = options;
  const { baseEveryHours = DEFAULT_BASE_HOURS, keepDays = DEFAULT_KEEP_DAYS } = options;
  const { checkpointBytes = CHECKPOINT_BYTES, logMaxBytes = LOG_MAX_BYTES } = options;
  const { freeBytes = () => null, isClockRight = () => true } = options;
  const log = createLogArchive({ paths, files, writer, clock });
  let lastBase: Base | null = basesIn(paths).at(-1) ?? null;
  let copying: Promise<Base> | null = null;
  let copied: Progress | null = null;
  /** Why the copy that is under way is no good any more. */
  let spoiled: string | null = null;
  let keysSeen: string | null = null;
  /** When the last run began after which everything could be restored. */
  let completeAtMs = clock.monotonicMs();
  let isRunning = false;
  /** When the last run ended that ended well. */
  let keptUpAtMs = completeAtMs;
  let isClosed = false;
  let last: Promise<void> = Promise.resolve();
  let callOff = after(0, tick);

  function tick(): void {
    if (isClosed) return;
    // Also where a run hangs on a disk that does not answer.
    if (clock.monotonicMs() - keptUpAtMs >= FAILING_MS) guardLog();
    if (!isRunning) void run();
    callOff = after(ARCHIVE_EVERY_MS, tick);
  }

  /** One thing at a time. */
  function inLine<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work);
    last = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  function run(): Promise<void> {
    isRunning = true;
    return inLine(async () => {
      const fromMs = clock.monotonicMs();
      try {
        await runOnce();
        keptUpAtMs = clock.monotonicMs();
        if (reachingBase() !== null) completeAtMs = fromMs;
      } catch (error) {
        onError(error);
      } finally {
        isRunning = false;
      }
    });
  }

  async function runOnce(): Promise<void> {
    await follow();
    if (copying === null && !isClosed && isBaseDue()) void startBase().catch(tellUnlessClosed);
    if (log.size() >= checkpointBytes) await fold();
  }

  /** The keys first: whatever the log says then, they open it. */
  async function follow(): Promise<void> {
    await checkWriter(paths, writer);
    await copyKeys();
    await log.catchUp();
  }

  function tellUnlessClosed(error: unknown): void {
    if (!(error instanceof CopyStoppedError && isClosed)) onError(error);
  }

  /** The newest base, if everything that is archived follows it without a break. */
  function reachingBase(): Base | null {
    return lastBase !== null && log.isReachedFrom(lastBase) ? lastBase : null;
  }

  function isBaseDue(): boolean {
    if (!isClockRight()) return false;
    const base = reachingBase();
    if (base === null) return true;
    const ageMs = clock.nowMs() - base.atMs;
    return ageMs < -AHEAD_MS || ageMs >= baseEveryHours * HOUR_MS;
  }

  /** How long the log may be for its disk; null where that does not tell. */
  function roomBytes(): number | null {
    const free = freeBytes();
    return free === null ? null : Math.max(free * LOG_MAX_SHARE, checkpointBytes);
  }

  async function fold(): Promise<void> {
    if (!files.isIdle()) return;
    if (copying !== null) {
      // The archive keeps up: a long copy may end as long as the ledger's disk has room for the log.
      if (log.size() < (roomBytes() ?? logMaxBytes)) return;
      spoiled =
        "the log that grew beside it had to be moved into the database. Nothing that is archived is lost; give the ledger's disk more room, or the archive a faster one";
    }
    await log.fold();
  }

  /** The archive fails for too long, and the ledger's own disk must not fill up: what follows is another beginning. */
  function guardLog(): void {
    const bytes = log.size();
    if (bytes < Math.min(logMaxBytes, roomBytes() ?? logMaxBytes) || !files.isIdle()) return;
    spoiled = "the archive failed meanwhile";
    try {
      log.cut();
    } catch (error) {
      onError(error);
      return;
    }
    const cause = bytes < logMaxBytes ? "half of what its disk has left" : "its limit";
    onError(
      new ArchiveError(
        `the ledger's log grew to ${bytes} bytes, ${cause}, while the archive failed, and was moved into the database: what was committed meanwhile can be restored from the next base on only`,
      ),
    );
  }

  async function copyKeys(): Promise<void> {
    const { mtimeMs, size, ino } = statSync(options.keysPath);
    const seen = [mtimeMs, size, ino].join(" ");
    if (seen === keysSeen) return;
    await writeWhole(paths.keys, readFileSync(options.keysPath));
    keysSeen = seen;
  }

  /** Call it right after {@link follow}: the database has nothing that the archive's log has not. */
  function startBase(): Promise<Base> {
    const base = { no: (basesIn(paths).at(-1)?.no ?? 0) + 1, ...log.baseStart() };
    spoiled = null;
    copying = copyBase({
      ...{ paths, base, database: files.database },
      onProgress(progress) {
        copied = progress;
      },
      stopped: () => (isClosed ? "the gateway stops" : spoiled),
      check: () => checkWriter(paths, writer),
    })
      .then(async (made) => {
        lastBase = made;
        await pruneBefore();
        onBase(made);
        return made;
      })
      .finally(() => {
        copying = null;
        copied = null;
      });
    return copying;
  }

  async function pruneBefore(): Promise<void> {
    if (!isClockRight()) return;
    const keepFromMs = clock.nowMs() - keepDays * DAY_MS;
    await prune(paths, { keepFromMs, apartMs: APART_BASES * baseEveryHours * HOUR_MS });
  }

  async function makeBase(): Promise<Base> {
    // One that is under way began before this was asked.
    await copying?.catch(() => undefined);
    const { base } = await inLine(async () => {
      if (!isClockRight()) throw new ArchiveError(WRONG_CLOCK);
      await follow();
      return { base: copying ?? startBase() };
    });
    return base;
  }

  return {
    run,
    makeBase,
    progress: () => copied,
    behindMs: () => clock.monotonicMs() - completeAtMs,
    async close() {
      isClosed = true;
      callOff();
      let stopTimer = () => {};
      const limit = new Promise<void>((resolve) => {
        stopTimer = after(CLOSE_LIMIT_MS, resolve);
      });
      const done = Promise.allSettled([copying, run()]).then(() => undefined);
      await Promise.race([done, limit]);
      stopTimer();
    },
  };
}

const WRONG_CLOCK =
  "the gateway's clock jumped, and a base would be stamped with a wrong instant. Operator: set the clock right, then ask again";
