// Which files of exported heads a command reads: those that were named, or the one in the data folder.

import { accessSync, constants, existsSync } from "node:fs";
import type { FoundLedger } from "../data-folder.js";
import { readHeadsFile } from "../sealer-heads-file.js";
import type { ExportedHead } from "../store/chain/verify-heads.js";
import { reasonOf, UsageError } from "./command.js";

/** None where nothing was exported. @throws UsageError when a file that was named cannot be read. */
export function headsPathsOf(
  { headsPath }: FoundLedger,
  paths: readonly string[] | undefined,
): readonly string[] {
  if (paths === undefined) return existsSync(headsPath) ? [headsPath] : [];
  try {
    for (const path of paths) accessSync(path, constants.R_OK);
    return paths;
  } catch (error) {
    throw new UsageError(`--heads cannot be read: ${reasonOf(error)}`);
  }
}

/** The heads of all these files, file by file. */
export async function* readHeadsFiles(paths: readonly string[]): AsyncGenerator<ExportedHead> {
  for (const path of paths) yield* readHeadsFile(path);
}
