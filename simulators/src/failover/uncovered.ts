// Asks the database, past its gateways, how much of what is committed no signed head stands for yet.

import { Client } from "pg";

const ANSWER_MS = 2_000;

/** Every committed row has one link, and the last head stands for all links before its own. */
const UNCOVERED = `SELECT (SELECT count(*) FROM attempts) + (SELECT count(*) FROM operations)
    + (SELECT count(*) FROM reversals) + (SELECT count(*) FROM entries) + (SELECT count(*) FROM events)
    - coalesce((SELECT max(no) FROM heads), 0) AS rows`;

/** How many rows; null where the database does not answer just now. */
export async function uncoveredRows(databaseUrl: string): Promise<number | null> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ readonly rows: string }>(UNCOVERED);
    return rows[0] === undefined ? null : Number(rows[0].rows);
  } catch {
    return null;
  } finally {
    // Whom it lost says no goodbye.
    void client.end().catch(() => undefined);
  }
}
