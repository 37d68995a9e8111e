// What every connection is told when it is made, and what its server must be like: none is used before both.

import type { ClientBase, QueryResultRow } from "pg";
import { DatabaseSetupError } from "../setup-error.js";
import { answeredWithin } from "./answered-within.js";
import type { PostgresSettings } from "./options.js";

/** What the server says of itself. */
export interface ServerState {
  readonly version: number;
  readonly encoding: string;
  readonly synchronous_commit: string;
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_standby_names: string;
  readonly is_standby: 0 | 1;
}

const OLDEST_VERSION = 150_000;

/** A commit that is answered is on the disk of the server, and of a standby where it has one. */
const DURABLE_COMMITS: readonly string[] = ["on", "remote_apply"];

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

const STATE = `SELECT current_setting('server_version_num')::bigint AS version,
  current_setting('server_encoding') AS encoding, current_setting('synchronous_commit') AS synchronous_commit,
  current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
  current_setting('synchronous_standby_names') AS synchronous_standby_names, pg_is_in_recovery() AS is_standby`;

interface SessionOptions {
  readonly settings: PostgresSettings;
  readonly statementTimeoutMs: number;
}

/**
 * Makes a new connection ready. Each is asked, and not the first alone: after a failover they lead to another server.
 *
 * @throws DatabaseSetupError when the server is one that must not be used.
 */
export async function prepareSession(
  client: ClientBase,
  { settings, statementTimeoutMs }: SessionOptions,
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
  });
  const sets = wanted.map((_, at) => `set_config($${2 * at + 1}, $${2 * at + 2}, false)`);
  const { connectTimeoutMs } = settings;
  const ask = <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
    client.query<Row>(answeredWithin(connectTimeoutMs, { text, values: [...values] }));
  await ask(`SELECT ${sets.join(", ")}`, wanted.flat());
  const { rows } = await ask<ServerState>(STATE);
  const why = rows[0] ? unfitness(rows[0], settings) : "says nothing of itself";
  if (why !== null) throw new DatabaseSetupError(`the PostgreSQL server ${why}`);
  // What was looked at holds as long as the connection does, whatever becomes of the server's settings.
  await ask("SELECT set_config('synchronous_commit', $1, false)", [rows[0]?.synchronous_commit]);
}

/** Why a server must not be used, and who mends it; null where it may. */
export function unfitness(
  server: ServerState,
  settings: Pick<PostgresSettings, "requiresStandby" | "allowsLossOfSalesInTests">,
): string | null {
  if (server.version < OLDEST_VERSION) {
    return `is of version ${server.version}. Operator: use PostgreSQL 15 or a newer one`;
  }
  if (server.encoding !== "UTF8") {
    return `keeps this database in ${server.encoding}. Operator: make one with ENCODING 'UTF8'`;
  }
  if (server.is_standby === 1) {
    return "is a standby, which takes no sale. Operator: let DATABASE_URL lead to the primary";
  }
  const { synchronous_commit: commit } = server;
  if (!DURABLE_COMMITS.includes(commit)) {
    return `answers commits before they are durable (synchronous_commit = ${commit}). Operator: set it to on, for this role and database too`;
  }
  if (settings.requiresStandby && server.synchronous_standby_names === "") {
    return "replicates to no standby synchronously, which was asked for. Operator: set synchronous_standby_names, with Patroni synchronous_mode";
  }
  if (settings.allowsLossOfSalesInTests) return null;
  for (const setting of ["fsync", "full_page_writes"] as const) {
    if (server[setting] !== "on") {
      return `runs with ${setting} = ${server[setting]} and would lose sales. Operator: set it to on`;
    }
  }
  return null;
}
