// The archive beside a gateway that serves: opened at its start, told of in log and metrics, asked for a copy by agents.

import { randomBytes } from "node:crypto";
import { type Archiver, type ArchiverOptions, createArchiver } from "./archive/archiver.js";
import { openArchive } from "./archive/folder.js";
import { ArchiveError, named } from "./archive/paths.js";
import type { Asking } from "./asked.js";
import type { Agent } from "./core/loading/event.js";
import type { After, Clock } from "./core/ports.js";
import type { Logger, Metrics, Standing } from "./http/observe.js";
import type { BackupResult } from "./http/operators/ports.js";
import type { Driver } from "./store/driver.js";

const WRITER_BYTES = 16;

/** The same trouble is told again after so long: the archive tries every second. */
const TOLD_AGAIN_AFTER_MS = 60_000;

type Limits = "baseEveryHours" | "keepDays" | "checkpointBytes" | "logMaxBytes";

export interface ArchiveOptions extends Pick<ArchiverOptions, Limits> {
  /** A folder on another disk than the ledger's. */
  readonly folder: string;
}

/**
 * Opens the archive and begins to archive.
 *
 * @throws ArchiveError where it cannot be used; nothing was archived then.
 */
export async function startArchiving(parts: {
  readonly options: ArchiveOptions;
  readonly driver: Driver;
  readonly keysPath: string;
  /** What is known of the clock and of the ledger's disk. */
  readonly standing: () => Standing;
  readonly clock: Clock;
  readonly after: After;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "watchArchive" | "countArchiveFailure">;
}): Promise<Archiver> {
  const { options, driver, log, metrics, clock, standing, ...rest } = parts;
  const { folder, ...limits } = options;
  const { ledgerFiles: files } = driver;
  if (files === undefined) throw new ArchiveError("this ledger's driver has no files to archive");
  const keys = await driver.keyUse.ledgerKeys();
  const ledger = Buffer.from(keys?.checkValue ?? []).toString("hex");
  const writer = randomBytes(WRITER_BYTES).toString("hex");
  const paths = await openArchive({ folder, ledger, writer });
  const tell = createTeller(log, clock);
  const archiver = createArchiver({
    ...{ ...rest, ...limits, paths, files, writer, clock },
    freeBytes: () => standing().diskFreeBytes,
    isClockRight: () => standing().closed["clock"] !== true,
    onError(error) {
      metrics.countArchiveFailure();
      tell(error);
    },
    onBase: ({ no, bytes }) => log.info({ base: named(no), bytes }, "the archive has a new base"),
  });
  metrics.watchArchive(archiver.behindMs);
  return archiver;
}

function createTeller(log: Logger, clock: Clock) {
  let [last, toldMs] = ["", Number.NEGATIVE_INFINITY];
  return (error: unknown): void => {
    const text = String(error);
    const nowMs = clock.monotonicMs();
    if (text === last && nowMs - toldMs < TOLD_AGAIN_AFTER_MS) return;
    [last, toldMs] = [text, nowMs];
    log.error({ err: error }, "archiving failed; it is tried again, and sales go on");
  };
}

/** What agents ask of the archive. */
export interface Backups {
  makeBackup(by: Agent): Promise<BackupResult>;
  backupProgress(): ReturnType<Archiver["progress"]>;
}

/** @param parts.archiver null for a gateway without an archive. */
export function createBackups(parts: {
  readonly archiver: Archiver | null;
  readonly ask: Asking;
}): Backups {
  const { archiver, ask } = parts;
  return {
    async makeBackup(by) {
      if (archiver === null) return { type: "noArchive" };
      return ask(
        { what: "backup", subject: "archive", by },
        { run: () => madeBy(archiver), cameOf },
      );
    },
    backupProgress: () => archiver?.progress() ?? null,
  };
}

async function madeBy(archiver: Archiver): Promise<Exclude<BackupResult, { type: "noArchive" }>> {
  try {
    const { no, bytes, sha256, atMs } = await archiver.makeBase();
    return { type: "made", name: named(no), bytes, sha256, atMs };
  } catch (error) {
    return { type: "failed", detail: error instanceof Error ? error.message : String(error) };
  }
}

function cameOf(result: Exclude<BackupResult, { type: "noArchive" }>) {
  if (result.type === "failed") return null;
  const notes = [`base ${result.name}`, `sha256 ${result.sha256}`];
  return { outcome: "applied", notes } as const;
}
