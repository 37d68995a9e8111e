// A SQLite file as one end of a copy: whoever has it open has it alone.

import { resolve } from "node:path";
import type { CopyEnd } from "../copy/end.js";
import { openDatabase } from "./database.js";
import { createFailureOf, createGuard } from "./failures.js";
import { sqliteSql } from "./sql.js";
import { createTransaction } from "./transaction.js";

/** A card's number here is the one that SQLite itself gives a row. */
const NUMBERED_BY_ROWID = "cards";

/**
 * Opens a file; makes it where it is missing.
 *
 * @throws DatabaseSetupError where a gateway holds it, or it cannot be used.
 */
export function sqliteCopyEnd(path: string): CopyEnd {
  const db = openDatabase(path);
  const failureOf = createFailureOf(db);
  const guarded = createGuard(failureOf);
  const transaction = createTransaction(db);
  const names = db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .pluck();
  const columns = db.prepare<[string], string>("SELECT name FROM pragma_table_info(?)").pluck();

  return {
    place: resolve(path),
    sql: sqliteSql(db, { failureOf, transaction }),
    begin: () => guarded(transaction.begin),
    commit: () => guarded(transaction.commit),
    tables: () =>
      new Map(
        names.all().map((name) => {
          const own = columns.all(name);
          return [name, name === NUMBERED_BY_ROWID ? [...own, "seq"] : own] as const;
        }),
      ),
    column: (table, name) =>
      table === NUMBERED_BY_ROWID && name === "seq" ? "rowid" : `"${name}"`,
    withOwnNumbers: "",
    settleIn() {},
    shut() {},
    reopen() {},
    close: () => void db.close(),
  };
}
