// A disk that can be filled and freed while a gateway writes to it: a small one of its own, or a limit on what it writes.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
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
const BLOCK_BYTES = 4_096;

/** A file system of its own, which only root may mount: writes to a full one fail with ENOSPC. */
export function mountedDisk(): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MIB}m`, "tmpfs", folder]);
  const filler = join(folder, "filler");
  return {
    folder,
    fill() {
      const { bavail, bsize } = statfsSync(folder);
      // One block is the file's own.
      writeFileSync(filler, Buffer.alloc(bavail * bsize - BLOCK_BYTES, 1));
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
