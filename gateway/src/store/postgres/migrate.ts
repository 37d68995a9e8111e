// Brings the schema up to date, one gateway at a time, while gateways of the version before go on serving.

import { readdirSync, readFileSync } from "node:fs";
import { type ClientBase, DatabaseError } from "pg";
import { DatabaseSetupError } from "../setup-error.js";
import { MIGRATED, TRY_MIGRATING } from "./advisory.js";
import { answeredWithin } from "./answered-within.js";

/**
 * Numbered SQL files, applied in order, once each, each in a transaction of its own. A gateway of the version before serves
 * meanwhile and after: a file adds what that one does not ask for (tables, columns that may be null, indexes), and only
 * the version after next takes away what nobody asks for any more.
 */
const MIGRATIONS_FOLDER = new URL("../../../src/store/postgres/migrations/", import.meta.url);

/** What a migration waits for holds up whatever comes after it: it gives way soon, and is tried again. */
const LOCK_TIMEOUT_MS = 1_000;
const TRIES_MAX = 30;
const PAUSE_MS = 500;

/** How long a gateway waits for another one that migrates: asked again and again, a server that has fallen silent is told from it. */
const TURNS_MAX = 1_200;

/** The longest that one file may take. */
const FILE_TIMEOUT_MS = 3_600_000;

const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Applies what the database has not got yet.
 *
 * @param client for nothing else meanwhile.
 * @throws DatabaseSetupError where the schema is newer than this program.
 */
export async function migrate(client: ClientBase, folder = MIGRATIONS_FOLDER): Promise<void> {
  await takeTurn(client);
  await client.query(
    `CREATE TABLE IF NOT EXISTS schema_version (
      version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())`,
  );
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  const { rows } = await client.query<{ version: number }>(
    "SELECT coalesce(max(version), 0) AS version FROM schema_version",
  );
  const version = rows[0]?.version ?? 0;
  if (version > files.length) {
    throw new DatabaseSetupError(
      `the database has schema ${version}, this program knows ${files.length}: start a newer gateway`,
    );
  }
  for (const [index, name] of files.entries()) {
    if (index < version) continue;
    const text = readFileSync(new URL(name, folder), "utf8");
    await applySoon(client, { version: index + 1, name, text });
  }
  await client.query(MIGRATED);
}

/** @throws DatabaseSetupError where another gateway does not come to its end. */
async function takeTurn(client: ClientBase): Promise<void> {
  for (let turns = 1; ; turns += 1) {
    const { rows } = await client.query<{ is_ours: boolean | 0 | 1 }>(TRY_MIGRATING);
    if (rows[0]?.is_ours) return;
    if (turns === TURNS_MAX) {
      throw new DatabaseSetupError(
        "another gateway brings the schema up to date and does not come to its end. Operator: look what its session waits for (pg_stat_activity)",
      );
    }
    await pause();
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (0.5 + Math.random())));

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly text: string;
}

async function applySoon(client: ClientBase, migration: Migration): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await apply(client, migration);
      return;
    } catch (error) {
      await client.query("ROLLBACK");
      const isInTheWay = error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE;
      if (!isInTheWay || tries === TRIES_MAX) throw error;
    }
    await pause();
  }
}

async function apply(client: ClientBase, { version, name, text }: Migration): Promise<void> {
  await client.query("BEGIN");
  await client.query("SELECT set_config('lock_timeout', $1, true)", [String(LOCK_TIMEOUT_MS)]);
  await client.query(answeredWithin(FILE_TIMEOUT_MS, { text }));
  await client.query("INSERT INTO schema_version (version, name) VALUES ($1, $2)", [version, name]);
  await client.query("COMMIT");
}
