// Watches the free space of the ledger's disk: sales stop before it is full, and go on once there is room again.

import type { After, Closed, Command } from "./core/ports.js";
import type { Logger } from "./http/observe.js";

/** Below this nothing new is decided: more than what the busiest gateway writes between two looks, and its log beside it. */
export const DISK_FLOOR_BYTES = 64 * 1024 * 1024;

/** So much more than the floor must be free before sales go on, so that the door does not swing. */
const REOPEN_FACTOR = 1.25;

const LOOK_EVERY_MS = 5_000;
const RETRY_AFTER_MS = 30_000;
const MIB = 1024 * 1024;

interface DiskOptions {
  /** The ledger's folder. */
  readonly folder: string;
  /** 0 for no floor. */
  readonly floorBytes: number;
  /** Reads how much of a folder's disk this process may still use. */
  readonly freeBytesOf: (folder: string) => Promise<number>;
  readonly after: After;
  readonly log: Pick<Logger, "error" | "warn">;
}

export interface DiskSpace {
  /** Looks now. Never throws: a disk that does not tell is taken to have room. */
  look(): Promise<void>;
  /** Why a command is not decided; null where it is. A reversal always is: it ends a doubt, and takes little room. */
  closed(command: Pick<Command, "type">): Closed | null;
  isLow(): boolean;
  /** As it was last seen; null where the disk does not tell. */
  freeBytes(): number | null;
  close(): void;
}

/** Begins to watch; the first look is the caller's. */
export function watchDiskSpace(options: DiskOptions): DiskSpace {
  const { folder, floorBytes, freeBytesOf, after, log } = options;
  let free: number | null = null;
  let isLow = false;
  let closed = false;
  let callOff = () => {};

  function judge(bytes: number): void {
    const wasLow = isLow;
    isLow = bytes < (wasLow ? floorBytes * REOPEN_FACTOR : floorBytes);
    const found = { folder, freeBytes: bytes, floorBytes };
    if (isLow && !wasLow) {
      log.error(found, "the disk is nearly full: nothing new is decided. Operator: free space");
    } else if (wasLow && !isLow) log.warn(found, "the disk has room again: sales go on");
  }

  async function look(): Promise<void> {
    try {
      free = await freeBytesOf(folder);
      judge(free);
    } catch (error) {
      free = null;
      isLow = false;
      log.warn({ err: error, folder }, "the disk does not say how much of it is free");
    }
  }

  function lookAgain(): void {
    if (closed) return;
    callOff = after(LOOK_EVERY_MS, () => void look().then(lookAgain));
  }

  lookAgain();
  return {
    look,
    closed({ type }) {
      if (!isLow || type === "reverse") return null;
      return {
        detail: `The disk of the gateway's ledger has less than ${Math.ceil(floorBytes / MIB)} MiB left. Operator: free space on it, and sales go on by themselves.`,
        retryAfterMs: RETRY_AFTER_MS,
      };
    },
    isLow: () => isLow,
    freeBytes: () => free,
    close() {
      closed = true;
      callOff();
    },
  };
}
