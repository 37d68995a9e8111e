// Runs the SQL that all engines share on SQLite, which gives every value at once.

import type { Sql, Statement } from "../sql/sql.js";
import type { Sqlite } from "./database.js";
import type { FailureOf } from "./failures.js";
import type { SqliteTransaction } from "./transaction.js";

interface SqliteSqlOptions {
  readonly failureOf: FailureOf;
  readonly transaction: Pick<SqliteTransaction, "assertThere">;
}

/** Builds the adapter of a database. Statements are compiled when they are prepared. */
export function sqliteSql(db: Sqlite, { failureOf, transaction }: SqliteSqlOptions): Sql {
  return {
    // A sale runs some ten statements: each tries by itself, since a function made for every call costs more.
    prepare<Row>(text: string): Statement<Row> {
      const made = db.prepare<unknown[], Row>(text);
      return {
        get(...values) {
          try {
            return made.get(...values);
          } catch (error) {
            throw failureOf(error);
          }
        },
        all(...values) {
          try {
            return made.all(...values);
          } catch (error) {
            throw failureOf(error);
          }
        },
        run(...values) {
          transaction.assertThere();
          try {
            return made.run(...values).changes;
          } catch (error) {
            throw failureOf(error);
          }
        },
      };
    },
  };
}
