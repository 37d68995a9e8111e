// What every connection is told when it is made, and what its server must be like: none is used before both.

import type { ClientBase, QueryResultRow } from "pg";
import { DatabaseSetupError } from "../setup-error.js";
import { answeredWithin } from "./answered-within.js";
import type { PostgresSettings } from "./options.js";
import { SERVER_STATE, type ServerState, unfitness } from "./server-state.js";

/**
 * A gateway whose machine is gone is noticed in some ten seconds, and what it held is let go of: while nothing is under way,
 * while an answer is on its way to it, and while a statement of its runs or waits.
 */
const KEEPALIVE = {
  tcp_keepalives_idle: "5",
  tcp_keepalives_interval: "2",
  tcp_keepalives_count: "3",
  tcp_user_timeout: "10000",
  client_connection_check_interval: "2000",
};

interface SessionOptions {
  readonly settings: PostgresSettings;
  readonly statementTimeoutMs: number;
  /** Whether what is asked on it reads whole tables. */
  readonly readsWhole: boolean;
}

/**
 * Makes a new connection ready. Each is asked, and not the first alone: after a failover they lead to another server.
 *
 * @throws DatabaseSetupError when the server is one that must not be used.
 */
export async function prepareSession(
  client: ClientBase,
  { settings, statementTimeoutMs, readsWhole }: SessionOptions,
): Promise<void> {
  const wanted = Object.entries({
    ...KEEPALIVE,
    // No function or table of another schema stands in the way of ours.
    search_path: "public, pg_temp",
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: String(settings.lockTimeoutMs),
    idle_in_transaction_session_timeout: String(settings.idleTransactionTimeoutMs),
    default_transaction_isolation: "read committed",
    // A commit that nobody replicated comes with a warning.
    client_min_messages: "warning",
    jit: "off",
    // A plan outlives the statistics that it was made of: one that scans what was an empty table would go on to do so.
    enable_seqscan: readsWhole ? "on" : "off",
  });
  const sets = wanted.map((_, at) => `set_config($${2 * at + 1}, $${2 * at + 2}, false)`);
  const { connectTimeoutMs } = settings;
  const ask = <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
    client.query<Row>(answeredWithin(connectTimeoutMs, { text, values: [...values] }));
  await ask(`SELECT ${sets.join(", ")}`, wanted.flat());
  const { rows } = await ask<ServerState>(SERVER_STATE);
  const why = rows[0] ? unfitness(rows[0], settings) : "says nothing of itself";
  if (why !== null) throw new DatabaseSetupError(`the PostgreSQL server ${why}`);
  // What was looked at holds as long as the connection does, whatever becomes of the server's settings.
  await ask("SELECT set_config('synchronous_commit', $1, false)", [rows[0]?.synchronous_commit]);
}
