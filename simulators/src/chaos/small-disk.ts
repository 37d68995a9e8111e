// Where the gateway's data is: on a small disk in memory that can be full from one moment to the next, or elsewhere.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, statfsSync } from "node:fs";
import { join } from "node:path";
import type { ChaosOptions } from "./options.js";
import { unmount } from "./sweep.js";

const SIZE_BYTES = 2 * 1024 ** 3;
const PAGE_BYTES = 4096;
/** A disk cannot become smaller than what is on it, and that may have grown since it was looked at. */
const FILL_TRIES_MAX = 20;

export interface SmallDisk {
  /** Not a byte is left: its size becomes what is used. */
  fill(): void;
  free(): void;
  /** Gives the memory back, with everything on it. */
  remove(): void;
}

export interface Disk {
  readonly folder: string;
  /** What it is, or why it is none that can be filled; for the report. */
  readonly kind: string;
  /** Null where none can be filled. */
  readonly small: SmallDisk | null;
}

/** A fresh folder where it was asked for; otherwise a small disk, where this machine allows one. */
export function diskOf(
  { diskFolder, databaseUrl }: Pick<ChaosOptions, "diskFolder" | "databaseUrl">,
  folder: string,
): Disk {
  if (diskFolder !== null) {
    const made = mkdtempSync(join(diskFolder, "pass-tpe-chaos-"));
    return { folder: made, kind: `${made}, as asked for`, small: null };
  }
  if (databaseUrl !== null) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return { folder, kind: "the ledger is in a database", small: null };
  }
  const mounted = mountSmallDisk(folder);
  if ("refused" in mounted) return { folder, kind: mounted.refused, small: null };
  return { folder, kind: "a small disk in memory (tmpfs)", small: mounted };
}

/**
 * Mounts a tmpfs, which needs the rights of root.
 *
 * @returns the disk, or why there is none.
 */
function mountSmallDisk(folder: string): SmallDisk | { readonly refused: string } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const options = (bytes: number, more: readonly string[]) =>
    ["-o", [...more, `size=${bytes}`, "mode=0700"].join()] as const;
  try {
    run(["mount", "-t", "tmpfs", ...options(SIZE_BYTES, []), "tmpfs", folder]);
  } catch (error) {
    return { refused: error instanceof Error ? error.message.trim() : String(error) };
  }
  const resize = (bytes: number) => run(["mount", ...options(bytes, ["remount"]), folder]);
  return {
    fill() {
      for (let tried = 1; ; tried += 1) {
        const { blocks, bfree, bsize } = statfsSync(folder);
        try {
          return resize(Math.max((blocks - bfree) * bsize, PAGE_BYTES));
        } catch (error) {
          if (tried === FILL_TRIES_MAX) throw error;
        }
      }
    },
    free: () => resize(SIZE_BYTES),
    remove: () => unmount(folder),
  };
}

/** @throws with what the command said. */
function run([command = "", ...args]: readonly string[]): void {
  execFileSync(command, args, { stdio: ["ignore", "ignore", "pipe"] });
}
