// @ts-check
// The disk's own pace: 4 KiB written and synced, again and again, in a file beside the database.
import { closeSync, fdatasyncSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

const BLOCK_BYTES = 4_096;
/** As long as a write-ahead log before its first checkpoint; it is then written over, and so is this file. */
const FILE_BLOCKS = 1_000;

/**
 * @param {{ folder: string, runMs: number, sync: "fdatasync" | "fsync" }} options
 * @returns {import("./figures.mjs").Sample}
 */
export function syncLoop({ folder, runMs, sync }) {
  const path = join(folder, "sync-loop");
  const file = openSync(path, "w");
  const syncNow = sync === "fsync" ? fsyncSync : fdatasyncSync;
  try {
    writeSync(file, Buffer.alloc(BLOCK_BYTES * FILE_BLOCKS));
    fsyncSync(file);
    return measure({
      runMs,
      step: (made) => {
        writeSync(
          file,
          Buffer.alloc(BLOCK_BYTES, made),
          0,
          BLOCK_BYTES,
          (made % FILE_BLOCKS) * BLOCK_BYTES,
        );
        syncNow(file);
      },
    });
  } finally {
    closeSync(file);
    rmSync(path);
  }
}

/** @param {{ runMs: number, step: (made: number) => void }} options */
function measure({ runMs, step }) {
  /** @type {number[]} */
  const latencies = [];
  const startedMs = performance.now();
  let nowMs = startedMs;
  while (nowMs - startedMs < runMs) {
    const beforeMs = nowMs;
    step(latencies.length);
    nowMs = performance.now();
    latencies.push(nowMs - beforeMs);
  }
  const latenciesMs = Float64Array.from(latencies);
  return {
    generator: "loop",
    answers: latencies.length,
    latenciesMs,
    elapsedMs: nowMs - startedMs,
  };
}
