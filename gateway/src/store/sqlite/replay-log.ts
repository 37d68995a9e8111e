// Applies a write-ahead log that was put beside a database which nobody has open, and checks what came of it.

import Database from "better-sqlite3";

/** The most findings of a check that are told. */
const FINDINGS_MAX = 10;

/** Lets SQLite recover the log beside a database and move it in. @returns how many frames it took for committed. */
export function replayLog(databasePath: string): number {
  const db = new Database(databasePath, { timeout: 0, fileMustExist: true });
  try {
    // The caller syncs the file when all is applied; until then nobody relies on it.
    db.pragma("synchronous = OFF");
    db.pragma("wal_autocheckpoint = 0");
    const [moved] = db.pragma("wal_checkpoint(PASSIVE)") as readonly { readonly log: number }[];
    return moved?.log ?? 0;
  } finally {
    db.close();
  }
}

/** SQLite's own check of every page and index. @returns what it found; nothing where the file is sound. */
export function checkIntegrity(databasePath: string): readonly string[] {
  const db = new Database(databasePath, { timeout: 0, fileMustExist: true });
  try {
    const found = db.prepare<[], string>(`PRAGMA integrity_check(${FINDINGS_MAX})`).pluck().all();
    return found.length === 1 && found[0] === "ok" ? [] : found;
  } finally {
    db.close();
  }
}
