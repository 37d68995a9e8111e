// Opens the database file as this gateway needs it: write-ahead log, full durability, nobody else inside.

import { readdirSync, readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { DatabaseSetupError } from "../setup-error.js";

export type Sqlite = Database.Database;

/** Numbered SQL files, applied in order, once each. The number is kept in `user_version`. */
const MIGRATIONS_FOLDER = new URL("../../../src/store/sqlite/migrations/", import.meta.url);

/**
 * Opens (and makes, where it is missing) the database file, and brings its schema up to date.
 *
 * @throws DatabaseSetupError when another process holds the file, when it is newer than this program, or when the
 * durability that was asked for is not in force.
 */
export function openDatabase(path: string): Sqlite {
  const db = open(path);
  try {
    setUp(db, path);
    return db;
  } catch (error) {
    db.close();
    throw isDamage(error) ? damaged(path, error) : error;
  }
}

function open(path: string): Sqlite {
  try {
    return new Database(path, { timeout: 0 });
  } catch (error) {
    throw new DatabaseSetupError(
      `cannot open ${path}: check that its folder exists and is writable`,
      {
        cause: error,
      },
    );
  }
}

/** Whether SQLite says that the file does not hold what was written into it. */
export function isDamage(error: unknown): boolean {
  return (
    error instanceof Database.SqliteError &&
    (error.code.startsWith("SQLITE_CORRUPT") || error.code === "SQLITE_NOTADB")
  );
}

/** What a damaged file is refused with. */
export function damaged(path: string, cause: unknown): DatabaseSetupError {
  return new DatabaseSetupError(
    `${path} is damaged, and starting again mends nothing. Restore the ledger from its backup (docs/OPERATORS.md, When something fails), and check the disk`,
    { cause },
  );
}

function setUp(db: Sqlite, path: string): void {
  try {
    // Before WAL: with the exclusive lock the wal-index lives in memory and no other process can look in.
    db.pragma("locking_mode = EXCLUSIVE");
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.pragma("foreign_keys = ON");
    // SQLite would move the log inside of commits, and before an archive has it.
    db.pragma("wal_autocheckpoint = 0");
    // Takes the exclusive lock now, not at the first sale.
    db.exec("BEGIN IMMEDIATE; COMMIT;");
  } catch (error) {
    if (isDamage(error)) throw error;
    const isHeld = error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
    throw new DatabaseSetupError(
      isHeld
        ? `${path} is held by another process: one gateway at a time may use it. Stop the other one, or give this one another --data folder`
        : `${path} cannot be used as a database: check its disk and rights, or restore it from its backup`,
      { cause: error },
    );
  }
  migrate(db, path);
  assertDurable(db, path);
  lookInside(db);
}

/** Reads the beginning of every table: damage that lies there is better found now than by a sale. */
function lookInside(db: Sqlite): void {
  const tables = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .pluck()
    .all();
  for (const name of tables) db.prepare(`SELECT * FROM "${name}" LIMIT 1`).get();
}

/**
 * better-sqlite3 sets NORMAL in WAL mode by default, which loses the last commits with the power.
 *
 * @throws DatabaseSetupError when the durability that was asked for is not in force.
 */
export function assertDurable(db: Sqlite, path: string): void {
  const journal = db.pragma("journal_mode", { simple: true });
  const synchronous = db.pragma("synchronous", { simple: true });
  const FULL = 2;
  if (journal !== "wal" || synchronous !== FULL) {
    throw new DatabaseSetupError(
      `${path}: journal_mode is ${journal} and synchronous ${synchronous}; wal and 2 (FULL) are needed. Use a local disk`,
    );
  }
}

function migrate(db: Sqlite, path: string): void {
  const files = readdirSync(MIGRATIONS_FOLDER)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  const version = Number(db.pragma("user_version", { simple: true }));
  if (version > files.length) {
    throw new DatabaseSetupError(
      `${path} has schema ${version}, this program knows ${files.length}: start a newer gateway`,
    );
  }
  sortingInFile(db, () => applyEach(db, files.slice(version), version));
}

function applyEach(db: Sqlite, files: readonly string[], version: number): void {
  // What a migration does to the schema's own text is refused otherwise, and afterwards again.
  db.unsafeMode(true);
  for (const [index, name] of files.entries()) {
    db.transaction(() => {
      db.exec(readFileSync(new URL(name, MIGRATIONS_FOLDER), "utf8"));
      db.pragma(`user_version = ${version + index + 1}`);
    })();
  }
  db.unsafeMode(false);
}

/** An index over a large table is sorted while it is made: in memory that would be 80 bytes a row and more. */
export function sortingInFile(db: Sqlite, work: () => void): void {
  db.pragma("temp_store = FILE");
  work();
  // What a transaction sets aside: in a file it would leave the data folder, and be as much again as the log.
  db.pragma("temp_store = MEMORY");
}
