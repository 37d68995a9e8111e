// The log as it goes into the archive: how much of it is held in memory, and who may still write.

import { expect, it } from "vitest";
import { archiveBenches } from "../../../tests/support/archive-bench.js";
import { openArchive } from "./folder.js";
import { createLogArchive, TAIL_MAX_BYTES } from "./log-archive.js";
import { READ_BYTES } from "./log-reader.js";

/** A log of a ledger, and how often a piece of it was asked for. */
async function logOf(bytes: number) {
  const { open } = archiveBenches();
  const { driver, paths, commit, archive } = await open("data");
  const { ledgerFiles: files } = driver;
  if (files === undefined) throw new Error("an archived driver has files");
  await openArchive({ folder: archive, ledger: "aa", writer: "w" });
  let reads = 0;
  const clock = {
    nowMs() {
      reads += 1;
      return reads;
    },
    monotonicMs: () => reads,
  };
  const log = createLogArchive({ paths, files, writer: "w", clock });
  for (let done = 0; done < bytes; done += READ_BYTES) await commit(READ_BYTES);
  return { log, archive, reads: () => reads };
}

it("reads no more at once than may be kept over a checkpoint; the log stays until that is enough", async () => {
  const { log, reads } = await logOf(2 * TAIL_MAX_BYTES);
  const folding = log.fold();
  expect(reads()).toBeLessThanOrEqual(TAIL_MAX_BYTES / READ_BYTES + 1);
  await folding;
  expect(log.size()).toBeGreaterThan(2 * TAIL_MAX_BYTES);
  await log.fold();
  expect(log.size()).toBe(0);
});

it("begins no filling in an archive that another gateway took over", async () => {
  const { log, archive } = await logOf(READ_BYTES);
  await openArchive({ folder: archive, ledger: "aa", writer: "another" });
  await expect(log.catchUp()).rejects.toThrow("was taken over by another gateway");
});
