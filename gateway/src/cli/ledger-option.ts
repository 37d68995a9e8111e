// Which ledger a command works on: the file in its data folder, or the PostgreSQL database that it is told of.

import { databaseName } from "../store/postgres/database-name.js";
import type { PostgresOptions } from "../store/postgres/options.js";
import { UsageError } from "./command.js";

export const LEDGER_OPTION = { database: { type: "string" } } as const;

export const LEDGER_HELP = `  --database URL       a PostgreSQL database in the place of the file in the data folder, as postgres://user@host:5432/database.
                       Where it is left out, the environment's DATABASE_URL says so, and may hold a password as well`;

/**
 * The database that was named by option or environment; null for the file in the data folder.
 *
 * @throws UsageError where a password stands in the option; DatabaseSetupError where the URL is none.
 */
export function databaseFrom(
  option: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Pick<PostgresOptions, "url"> | null {
  const url = option ?? environment["DATABASE_URL"];
  if (url === undefined) return null;
  databaseName(url);
  if (option !== undefined && hasPassword(option)) {
    throw new UsageError(
      "--database holds a password, which whoever lists this machine's processes or reads the shell's history may have seen: put the URL into DATABASE_URL, or the password into PGPASSWORD",
    );
  }
  return { url };
}

/** In either place where a URL of a database has one. */
function hasPassword(url: string): boolean {
  return /^[^/]*\/\/[^/?#]*:[^/?#]*@/.test(url) || /[?&]password=/i.test(url);
}

/**
 * For commands that work on files alone.
 *
 * @throws UsageError where the environment says that the ledger is in a database.
 */
export function refuseDatabase(what: string, environment = process.env): void {
  if (environment["DATABASE_URL"] === undefined) return;
  throw new UsageError(`${what} ${POSTGRES_HAS_ITS_OWN}; unset DATABASE_URL where a file is meant`);
}

export const POSTGRES_HAS_ITS_OWN =
  "is for a ledger in a file. PostgreSQL has its own archive. Operator: use pgBackRest, Barman or the like";
