// The shared SQL on PostgreSQL: each text is translated once, and prepared once on each connection.

import type { QueryConfig, QueryResult } from "pg";
import type { Sql, SqlValues, Statement } from "../sql/sql.js";
import { translate } from "./placeholders.js";

/** Runs one statement somewhere. @throws BugError or TransactionLostError. */
export type RunQuery = (query: QueryConfig, isWrite: boolean) => Promise<QueryResult>;

/** SQL that runs where `run` runs it. */
export function postgresSql(run: RunQuery): Sql {
  return {
    prepare<Row>(source: string): Statement<Row> {
      const { name, text, valuesOf } = translate(source);
      const ask = (values: SqlValues, isWrite: boolean) =>
        run({ name, text, values: valuesOf(values) }, isWrite);
      return {
        get: async (...values) => (await ask(values, false)).rows[0],
        all: async (...values) => (await ask(values, false)).rows,
        run: async (...values) => (await ask(values, true)).rowCount ?? 0,
      };
    },
  };
}
