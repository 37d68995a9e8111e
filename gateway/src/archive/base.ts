// Copies the database into the archive while sales go on: between two checkpoints its file does not change.

import { createHash } from "node:crypto";
import { fstatSync, read } from "node:fs";
import { promisify } from "node:util";
import { createFile, moveDurably, writeWhole } from "./files.js";
import type { ArchivePaths, Base } from "./paths.js";

/** One read, one digest, one write: less than a millisecond of the process's time each. */
const CHUNK_BYTES = 256 * 1_024;

const readChunk = promisify(read);

/** How far a copy is. */
export interface Progress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** The copy was called off; the message says why. */
export class CopyStoppedError extends Error {
  override readonly name = "CopyStoppedError";
}

/**
 * Makes a base. The caller sees to it that no checkpoint comes before it settles, or says so by `stopped`.
 *
 * @param input.database a descriptor of the database's file.
 * @param input.stopped why the copy is no good any more; null while it is.
 * @param input.check asked before the base is put on record; throws where it must not be.
 * @throws CopyStoppedError where `stopped` says so; a base that is not whole has no record and is none.
 */
export async function copyBase(input: {
  readonly paths: ArchivePaths;
  readonly database: number;
  readonly base: Pick<Base, "no" | "filling" | "from" | "atMs">;
  readonly onProgress: (progress: Progress) => void;
  readonly stopped: () => string | null;
  readonly check: () => Promise<void>;
}): Promise<Base> {
  const { paths, base, check } = input;
  const path = paths.base(base.no);
  const copied = await copyTo(`${path}.new`, input);
  await check();
  await moveDurably(`${path}.new`, path);
  const made = { ...base, ...copied };
  // Its record comes last: only with it the copy is a base.
  await writeWhole(paths.baseRecord(base.no), JSON.stringify(made));
  return made;
}

async function copyTo(
  path: string,
  input: Pick<Parameters<typeof copyBase>[0], "database" | "onProgress" | "stopped">,
): Promise<Pick<Base, "bytes" | "sha256">> {
  const { database, onProgress } = input;
  const totalBytes = fstatSync(database).size;
  const hash = createHash("sha256");
  const file = await createFile(path);
  try {
    for (let doneBytes = 0; doneBytes < totalBytes; onProgress({ doneBytes, totalBytes })) {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, totalBytes - doneBytes));
      const { bytesRead } = await readChunk(database, chunk, 0, chunk.length, doneBytes);
      // After the read, also the last one: a checkpoint may have come before its end.
      const why = input.stopped();
      if (why !== null) throw new CopyStoppedError(`a base was given up: ${why}`);
      if (bytesRead === 0) throw new Error(`the database ended at ${doneBytes} of ${totalBytes}`);
      const bytes = chunk.subarray(0, bytesRead);
      hash.update(bytes);
      await file.writeFile(bytes);
      doneBytes += bytesRead;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes: totalBytes, sha256: hash.digest("hex") };
}
