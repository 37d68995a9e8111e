// Where a gateway's ledger is: a SQLite file in its data folder, or a PostgreSQL database that several gateways share.

import { pathsIn } from "./data-folder-files.js";
import { checkLog } from "./log-damage.js";
import type { Driver } from "./store/driver.js";
import { databaseName } from "./store/postgres/database-name.js";
import type { PostgresOptions } from "./store/postgres/options.js";
import { DatabaseSetupError } from "./store/setup-error.js";
import { damaged } from "./store/sqlite/database.js";
import { sqliteDriver } from "./store/sqlite/driver.js";

export type LedgerPlace =
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "postgres"; readonly database: PostgresOptions };

/** @param database null for the file in the data folder. */
export function ledgerPlace(dataFolder: string, database: PostgresOptions | null): LedgerPlace {
  if (database !== null) return { kind: "postgres", database };
  return { kind: "sqlite", path: pathsIn(dataFolder).databasePath };
}

/** What it is called in messages. @throws DatabaseSetupError where its URL is none. */
export function nameOf(place: LedgerPlace): string {
  if (place.kind === "sqlite") return place.path;
  return `the PostgreSQL database ${databaseName(place.database.url)}`;
}

/** How refused keys are spoken of. */
export interface KeyWords {
  /** What they do not fit. */
  readonly ledger: string;
  /** From where the operator restores them. */
  readonly keysFrom: string;
}

const BESIDE: KeyWords = { ledger: "the database beside it", keysFrom: "its backup" };

/** How keys are spoken of that do not fit a ledger; of the file in their folder where no place is said. */
export function keyWords(place?: LedgerPlace): KeyWords {
  if (place === undefined || place.kind === "sqlite") return BESIDE;
  const keysFrom = "its backup, or from the folder of another gateway on this database";
  return { ledger: nameOf(place), keysFrom };
}

/**
 * Opens a ledger. Of a file nobody else may have it open; a database is others' too.
 *
 * @param makeDriver opens the file in its own way.
 * @throws DatabaseSetupError where it cannot be used; the message says who must act.
 */
export async function openLedger(
  place: LedgerPlace,
  makeDriver: (path: string) => Driver = sqliteDriver,
): Promise<Driver> {
  if (place.kind === "postgres") {
    // A gateway on a file starts without it.
    const { openPostgres } = await import("./store/postgres/driver.js");
    return openPostgres(place.database);
  }
  checkLog(place.path);
  return makeDriver(place.path);
}

/** What a ledger is refused with that does not have what was exported from it. */
export function lostItsEnd(place: LedgerPlace, why: string): DatabaseSetupError {
  if (place.kind === "sqlite") return damaged(place.path, new Error(why));
  return new DatabaseSetupError(
    `${nameOf(place)} is not as it was: ${why}. Operator: look whether DATABASE_URL leads to the right database. Where a standby took over that was not synchronous, or a backup was restored, stop every gateway and run \`pass-tpe gap open\`: what was lost is then on record, and nothing is sold before it is known`,
  );
}
