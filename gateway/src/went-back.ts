// Remembers in the data folder that the ledger went back in time under a gateway, until the operator has opened a gap for it.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { removeDurably, writeDurably } from "./data-folder-files.js";
import { type LedgerPlace, lostItsEnd } from "./ledger-place.js";
import type { Driver } from "./store/driver.js";

const MarkSchema = z.object({ atMs: z.int(), why: z.string() });

const markPath = (folder: string): string => join(folder, "went-back.json");

/** Marks the folder: what was lost may be too little, or too late, for an exported head to tell. On disk when it returns. */
export function markWentBack(folder: string, mark: z.infer<typeof MarkSchema>): void {
  writeDurably(markPath(folder), `${JSON.stringify(mark)}\n`);
}

/**
 * Takes the mark away once a gap was opened after it.
 *
 * @throws DatabaseSetupError where none was: the ledger would be served as if nothing were lost.
 */
export async function checkWentBack(
  driver: Pick<Driver, "gaps">,
  folder: string,
  place: LedgerPlace,
): Promise<void> {
  const path = markPath(folder);
  if (!existsSync(path)) return;
  const { atMs, why } = readMark(path);
  const gaps = await driver.gaps.all();
  if (!gaps.some(({ toMs }) => toMs >= atMs)) {
    throw lostItsEnd(place, `${why} (${new Date(atMs).toISOString()}, ${path})`);
  }
  removeDurably([path]);
}

/** A mark that cannot be read is one all the same. */
function readMark(path: string): z.infer<typeof MarkSchema> {
  try {
    return MarkSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return { atMs: Number.MAX_SAFE_INTEGER, why: "it went back in time" };
  }
}
