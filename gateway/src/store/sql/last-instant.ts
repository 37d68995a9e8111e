// Reads the latest instant that anything was stamped with.

import type { Sql } from "./sql.js";

/** Of each table that is only added to, the last row: nothing is read but the end of its tree. */
export function prepareLastInstant(sql: Sql): () => Promise<number | null> {
  const lastOf = (table: string, column: string) =>
    `SELECT * FROM (SELECT ${column} AS at_ms FROM ${table} ORDER BY seq DESC LIMIT 1) last_${table}`;
  const last = [
    lastOf("attempts", "decided_at_ms"),
    lastOf("reversals", "at_ms"),
    lastOf("operations", "at_ms"),
    lastOf("events", "at_ms"),
  ];
  const instant = sql.prepare<{ readonly at_ms: number | null }>(
    `SELECT max(at_ms) AS at_ms FROM (${last.join(" UNION ALL ")}) l`,
  );
  return async () => (await instant.get())?.at_ms ?? null;
}
