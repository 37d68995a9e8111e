// What a PostgreSQL server must be like for sales: looked at when a connection is made, and again and again while a gateway serves.

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
  /** By its own clock, in Unix milliseconds. */
  readonly now_ms: number;
}

const OLDEST_VERSION = 150_000;

/** A commit that is answered is on the disk of the server, and of a standby where it has one. */
const DURABLE_COMMITS: readonly string[] = ["on", "remote_apply"];

/** The commits' durability as it would be by itself: connections of ours keep what they were made with. */
const DURABILITY = "(SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit')";

export const SERVER_STATE = `SELECT current_setting('server_version_num')::bigint AS version,
  current_setting('server_encoding') AS encoding, ${DURABILITY} AS synchronous_commit,
  current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
  current_setting('synchronous_standby_names') AS synchronous_standby_names, pg_is_in_recovery() AS is_standby,
  (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms`;

/** What is said of a server that answers a commit although no standby has it. */
export const NO_STANDBY =
  "replicates to no standby synchronously, which was asked for. Operator: set synchronous_standby_names, with Patroni synchronous_mode";

type Settings = Pick<PostgresSettings, "requiresStandby" | "allowsLossOfSalesInTests">;

/** Why a server must not be used, and who mends it; null where it may. */
export function unfitness(server: ServerState, settings: Settings): string | null {
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
    return NO_STANDBY;
  }
  if (settings.allowsLossOfSalesInTests) return null;
  for (const setting of ["fsync", "full_page_writes"] as const) {
    if (server[setting] !== "on") {
      return `runs with ${setting} = ${server[setting]} and would lose sales. Operator: set it to on`;
    }
  }
  return null;
}
