// What a copy asks of a PostgreSQL schema: its tables and their columns, and to go on drawing numbers after the copied ones.

import type { ClientBase } from "pg";
import type { TableColumns } from "../copy/end.js";
import { COPIED_TABLES } from "../copy/tables.js";

/** Of the engine, and not of the ledger: what limits count is forgotten by a move, as it is by a restart. */
const OWN_TABLES: readonly string[] = [
  "commit_tokens",
  "limit_buckets",
  "limit_notes",
  "schema_version",
];

const COLUMNS = {
  name: "columns",
  text: `SELECT c.table_name, c.column_name, CASE WHEN c.is_identity = 'YES' THEN 1 ELSE 0 END AS is_drawn
    FROM information_schema.columns c
    JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
    ORDER BY c.table_name, c.ordinal_position`,
};

interface ColumnRow {
  readonly table_name: string;
  readonly column_name: string;
  /** From a sequence of its own. */
  readonly is_drawn: 0 | 1;
}

const columnsIn = async (client: ClientBase) => (await client.query<ColumnRow>(COLUMNS)).rows;

/** The tables that are the ledger's. */
export async function tablesIn(client: ClientBase): Promise<TableColumns> {
  const tables = new Map<string, string[]>();
  for (const { table_name: table, column_name: column } of await columnsIn(client)) {
    if (OWN_TABLES.includes(table)) continue;
    tables.set(table, [...(tables.get(table) ?? []), column]);
  }
  return tables;
}

/** After rows that brought their own numbers. */
export async function settleIn(client: ClientBase): Promise<void> {
  for (const { table_name: table, column_name: column, is_drawn } of await columnsIn(client)) {
    if (is_drawn === 0) continue;
    // Of a table that is empty nothing was drawn, and setval leaves it so.
    await client.query(
      `SELECT setval(pg_get_serial_sequence('${table}', '${column}'), (SELECT max(${column}) FROM ${table}))`,
    );
  }
  // Gateways start on it at once: until the server looks by itself it would read whole tables.
  await client.query(`ANALYZE ${COPIED_TABLES.map(({ name }) => name).join(", ")}`);
}
