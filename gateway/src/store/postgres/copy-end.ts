// A PostgreSQL database as one end of a copy: one connection, which keeps every gateway out while its transaction is open.

import type { PoolClient } from "pg";
import type { CopyEnd } from "../copy/end.js";
import { COPIED_TABLES } from "../copy/tables.js";
import { DatabaseSetupError } from "../setup-error.js";
import { WORK_ALONE } from "./advisory.js";
import { commit } from "./commit-tokens.js";
import { createConnections } from "./connection.js";
import { settleIn, tablesIn } from "./copy-schema.js";
import { databaseName } from "./database-name.js";
import { meaningOf, setupError } from "./failures.js";
import { type PostgresOptions, READ_TIMEOUT_MS, settingsOf } from "./options.js";
import { setUp } from "./set-up.js";
import { postgresSql } from "./sql.js";

/** Tells a copy's own connection from a gateway's. */
const APPLICATION_NAME = "pass-tpe copy";

/** A gateway that was stopped just now: the server takes a moment to see it. */
const GATEWAYS_GONE_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 100;

const GATEWAYS = {
  name: "gateways",
  text: `SELECT count(*) AS connections FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'pass-tpe%'
      AND application_name <> '${APPLICATION_NAME}'`,
};

/** Also who writes one statement by itself waits until the copy is over. */
const LOCK_ROWS = `LOCK TABLE ${[...COPIED_TABLES.map(({ name }) => name), "ledger_move"].join(", ")}
  IN SHARE ROW EXCLUSIVE MODE`;

/**
 * Reaches a database, and brings its schema up to date.
 *
 * @throws DatabaseSetupError where it cannot be used.
 */
export async function postgresCopyEnd(options: PostgresOptions): Promise<CopyEnd> {
  const settings = settingsOf({
    ...options,
    applicationName: APPLICATION_NAME,
    // The other end may take its time.
    idleTransactionTimeoutMs: READ_TIMEOUT_MS,
  });
  await setUp(settings);
  const connections = createConnections({
    settings,
    max: 1,
    statementTimeoutMs: READ_TIMEOUT_MS,
    readsWhole: true,
    ready: () => Promise.resolve(),
  });
  let client: PoolClient;
  try {
    client = await connections.take();
  } catch (error) {
    throw setupError(error);
  }
  const sql = postgresSql(async (query) => {
    try {
      return await client.query(query);
    } catch (error) {
      throw meaningOf(error, true);
    }
  });
  const guardWrites = async (how: "ENABLE" | "DISABLE") =>
    void (await client.query(
      `ALTER TABLE commit_tokens ${how} TRIGGER what_has_left_is_never_changed`,
    ));
  const place = `the PostgreSQL database ${databaseName(options.url)}`;
  return {
    place,
    sql,
    async begin() {
      await assertNoGateway(client, place);
      try {
        await client.query("BEGIN");
        await client.query(WORK_ALONE);
        await client.query(LOCK_ROWS);
      } catch (error) {
        throw setupError(error);
      }
    },
    async commit() {
      const outcome = await commit(client).catch(() => "unknown" as const);
      if (outcome === "made") return;
      throw new DatabaseSetupError(
        `whether ${place} has taken its commit is not known. Operator: check PostgreSQL, and run the same command again: it finds out and goes on from there`,
      );
    },
    tables: () => tablesIn(client),
    column: (_table, name) => `"${name}"`,
    withOwnNumbers: "OVERRIDING SYSTEM VALUE",
    settleIn: () => settleIn(client),
    shut: () => guardWrites("ENABLE"),
    reopen: () => guardWrites("DISABLE"),
    async close() {
      // What is open on it is taken back.
      client.release(true);
      await connections.close();
    },
  };
}

/** @throws DatabaseSetupError where one is connected. */
async function assertNoGateway(client: PoolClient, place: string): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const { rows } = await client.query<{ readonly connections: number }>(GATEWAYS);
    const count = rows[0]?.connections ?? 0;
    if (count === 0) return;
    if (waitedMs >= GATEWAYS_GONE_WITHIN_MS) {
      throw new DatabaseSetupError(
        `${place} is in use (${count} connections of gateways or commands). Operator: stop every gateway on it, then copy`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
