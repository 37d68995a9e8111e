// A disk that can be filled and freed while a gateway writes to it: a small one of its own, or a limit on what it writes.

import { execFileSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface SmallDisk {
  /** Where the data folder is made. */
  readonly folder: string;
  /** Leaves a process no room: its writes fail from now on. */
  fill(gateway: { readonly pid: number; readonly dataFolder: string }): void;
  free(gateway: { readonly pid: number }): void;
  remove(): void;
}

const SIZE_MIB = 24;
const BLOCK = Buffer.alloc(4_096, 1);

/** Writes to a file until its system has no block left. */
function writeUntilFull(file: number): void {
  try {
    for (;;) writeSync(file, BLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}

/** A file system of its own, which only root may mount: writes to a full one fail with ENOSPC. */
export function mountedDisk(): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MIB}m`, "tmpfs", folder]);
  const filler = join(folder, "filler");
  return {
    folder,
    fill() {
      // Until it says so: a gateway at work takes blocks between any count of them and the write.
      const file = openSync(filler, "w");
      try {
        writeUntilFull(file);
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler),
    remove() {
      // Lazily: where a test failed, a process may still stand in it.
      execFileSync("umount", ["-l", folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** A limit on the size of the files that a process writes, which needs no rights: writes beyond it fail with EFBIG. */
export function limitedFiles(): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-disk-"));
  const limit = (pid: number, bytes: string) =>
    void execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:`]);
  return {
    folder,
    fill({ pid, dataFolder }) {
      limit(pid, String(statSync(join(dataFolder, "gateway.db-wal")).size));
    },
    free({ pid }) {
      // Where the process has ended, its limit has too.
      if (existsSync(`/proc/${pid}`)) limit(pid, "unlimited");
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Whether this process may mount a file system. */
export function mayMount(): boolean {
  try {
    mountedDisk().remove();
    return true;
  } catch {
    return false;
  }
}
