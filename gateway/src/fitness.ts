// Whether this gateway may decide just now: its clock is where it should be, and its disk has room.

import { statfs } from "node:fs/promises";
import { createClockGuard } from "./clock-guard.js";
import type { After, Clock, Closed, Command } from "./core/ports.js";
import { DISK_FLOOR_BYTES, watchDiskSpace } from "./disk-space.js";
import type { Logger, Standing } from "./http/observe.js";

interface FitnessOptions {
  readonly clock: Clock;
  readonly log: Pick<Logger, "fatal" | "error" | "warn">;
  readonly after: After;
  /** The ledger's. */
  readonly folder: string;
  readonly floorBytes?: number | undefined;
}

export interface Fitness {
  /** Why a command may not be decided just now; null where it may. */
  closed(command: Pick<Command, "type">): Closed | null;
  /** Why nothing may be stamped with the clock just now; null where it may. */
  clockClosed(): Closed | null;
  isFit(): boolean;
  standing(): Standing;
  close(): void;
}

/** Begins to watch; resolves once it has looked at all. */
export async function watchFitness(options: FitnessOptions): Promise<Fitness> {
  const { clock, log, after, folder, floorBytes = DISK_FLOOR_BYTES } = options;
  const guard = createClockGuard({ clock, log, after });
  const disk = watchDiskSpace({ folder, floorBytes, freeBytesOf, after, log });
  await disk.look();
  return {
    closed: (command) => guard.closed() ?? disk.closed(command),
    clockClosed: guard.closed,
    isFit: () => guard.closed() === null && !disk.isLow(),
    standing: () => ({
      closed: { clock: guard.closed() !== null, disk: disk.isLow() },
      clockOffMs: guard.offMs(),
      diskFreeBytes: disk.freeBytes(),
    }),
    close() {
      guard.close();
      disk.close();
    },
  };
}

/** What is left for processes without privileges. */
async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
