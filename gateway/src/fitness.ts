// Whether this gateway may decide just now: its clock is where it should be, and its ledger's disk or database is too.

import { statfs } from "node:fs/promises";
import { createClockGuard } from "./clock-guard.js";
import type { After, Clock, Closed, Command } from "./core/ports.js";
import { watchDatabase } from "./database-watch.js";
import { DISK_FLOOR_BYTES, watchDiskSpace } from "./disk-space.js";
import type { Logger, Standing } from "./http/observe.js";
import type { Database } from "./store/database.js";

interface FitnessOptions {
  readonly clock: Clock;
  readonly log: Pick<Logger, "fatal" | "error" | "warn">;
  readonly after: After;
  /** What the ledger is kept on: the disk of a folder, or a database with a clock of its own. */
  readonly ledgerOn:
    | { readonly folder: string; readonly floorBytes?: number | undefined }
    | { readonly database: Database };
}

export interface Fitness {
  /** Why a command may not be decided just now; null where it may. */
  closed(command: Pick<Command, "type">): Closed | null;
  /** Why nothing may be stamped with the clock just now; null where it may. */
  clockClosed(): Closed | null;
  /** Why the gateway is not ready, for the operator; null where it is. */
  unfit(): string | null;
  standing(): Standing;
  close(): void;
}

/** What stands beside the clock. */
interface Ground {
  closed(command: Pick<Command, "type">): Closed | null;
  clockClosed(): Closed | null;
  unfit(): string | null;
  /** By reason. */
  reasons(): Standing["closed"];
  freeBytes(): number | null;
  close(): void;
}

/** Begins to watch; resolves once it has looked at all. */
export async function watchFitness(options: FitnessOptions): Promise<Fitness> {
  const { clock, log, after, ledgerOn } = options;
  const guard = createClockGuard({ clock, log, after });
  const ground =
    "folder" in ledgerOn
      ? await standOnDisk(ledgerOn, options)
      : await standOnDatabase(ledgerOn.database, options);
  const clockClosed = () => guard.closed() ?? ground.clockClosed();
  return {
    closed: (command) => clockClosed() ?? ground.closed(command),
    clockClosed,
    unfit: () => clockClosed()?.detail ?? ground.unfit(),
    standing: () => ({
      closed: { clock: guard.closed() !== null, ...ground.reasons() },
      clockOffMs: guard.offMs(),
      diskFreeBytes: ground.freeBytes(),
    }),
    close() {
      guard.close();
      ground.close();
    },
  };
}

async function standOnDisk(
  { folder, floorBytes = DISK_FLOOR_BYTES }: { folder: string; floorBytes?: number | undefined },
  { after, log }: Pick<FitnessOptions, "after" | "log">,
): Promise<Ground> {
  const disk = watchDiskSpace({ folder, floorBytes, freeBytesOf, after, log });
  await disk.look();
  return {
    closed: disk.closed,
    clockClosed: () => null,
    unfit: () => (disk.isLow() ? "the ledger's disk is nearly full" : null),
    reasons: () => ({ disk: disk.isLow() }),
    freeBytes: disk.freeBytes,
    close: disk.close,
  };
}

/** A command is tried even while the database is silent: it may be there by then, and says best itself what becomes of it. */
async function standOnDatabase(
  database: Database,
  { clock, after, log }: Pick<FitnessOptions, "clock" | "after" | "log">,
): Promise<Ground> {
  const watch = watchDatabase({ database, clock, after, log });
  await watch.look();
  return {
    closed: () => null,
    clockClosed: watch.clockClosed,
    unfit: () =>
      (watch.isSilent() ? "the database does not answer" : watch.unfit()) ?? watch.stuck(),
    reasons: () => ({
      databaseClock: watch.clockClosed() !== null,
      database: watch.isSilent(),
      databaseServer: watch.unfit() !== null,
      commit: watch.stuck() !== null,
    }),
    freeBytes: () => null,
    close: watch.close,
  };
}

/** What is left for processes without privileges. */
async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
