// Has the database itself say when rows that are remembered change, whoever writes them.

import type { Sqlite } from "./database.js";

/** Whose rows are remembered. A sale writes none of them, but for the count of its terminal's PIN blocks. */
export const WATCHED_TABLES = [
  "partners",
  "conventions",
  "agrements",
  "points_of_sale",
  "terminals",
] as const;

/** The one column that a sale writes. */
const COUNTER = "ksn_counter";

export interface Watcher {
  /** Any row of the watched tables may be another. */
  changed(): void;
  /** The count of one terminal's PIN blocks is another, and nothing else is. */
  counted(terminalId: string): void;
}

/**
 * Tells a watcher of every change, before the statement that makes it is over, committed or not. The triggers are
 * temporary: they belong to this connection, which holds the file alone, and nothing of them is stored. A row that is
 * replaced by INSERT OR REPLACE or an upsert is told by the row that comes.
 */
export function watchRows(db: Sqlite, watcher: Watcher): void {
  db.function("remembered_rows_changed", () => watcher.changed());
  db.function("terminal_counted", (terminalId: string) => watcher.counted(terminalId));
  for (const table of WATCHED_TABLES) {
    for (const kind of ["INSERT", "DELETE", updateOf(db, table)]) {
      watch({ db, table, on: kind, call: "remembered_rows_changed()" });
    }
  }
  watch({ db, table: "terminals", on: `UPDATE OF ${COUNTER}`, call: "terminal_counted(OLD.id)" });
}

/** A count that goes on is no other row. */
function updateOf(db: Sqlite, table: (typeof WATCHED_TABLES)[number]): string {
  if (table !== "terminals") return "UPDATE";
  const others = db
    .prepare<[string, string], string>("SELECT name FROM pragma_table_info(?) WHERE name <> ?")
    .pluck()
    .all(table, COUNTER);
  return `UPDATE OF ${others.join(", ")}`;
}

function watch({
  db,
  table,
  on,
  call,
}: {
  readonly db: Sqlite;
  readonly table: string;
  readonly on: string;
  readonly call: string;
}): void {
  const name = `watch_${table}_${on.replaceAll(/\W+/g, "_").toLowerCase()}`;
  db.exec(`CREATE TEMP TRIGGER ${name} AFTER ${on} ON main.${table} BEGIN SELECT ${call}; END`);
}
