// Holds a file against every other process of this machine, by SQLite's own lock: a process that dies lets go of it.

import Database from "better-sqlite3";
import { DatabaseSetupError } from "../setup-error.js";

/**
 * Takes a file, which is made where it is missing and stays empty.
 *
 * @returns what lets go of it.
 * @throws DatabaseSetupError where another process holds it, or it cannot be made.
 */
export function holdFile(path: string): () => void {
  const db = openToHold(path);
  try {
    db.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    db.close();
    throw new DatabaseSetupError(
      `${path} is held by another process: one gateway at a time may use its folder. Stop the other one, or give this one another --data folder`,
      { cause },
    );
  }
  return () => void db.close();
}

function openToHold(path: string): Database.Database {
  try {
    return new Database(path, { timeout: 0 });
  } catch (cause) {
    const why = `cannot open ${path}: check that its folder exists and is writable`;
    throw new DatabaseSetupError(why, { cause });
  }
}
