// What `serve` is told of its ledger: a file with an archive and a floor below its disk, or a database with its connections.

import { DEFAULT_BASE_HOURS, DEFAULT_KEEP_DAYS } from "../archive/archiver.js";
import { DISK_FLOOR_BYTES } from "../disk-space.js";
import { POOL_MIN, type PostgresOptions } from "../store/postgres/options.js";
import { UsageError, wholeOf } from "./command.js";
import { databaseFrom, POSTGRES_HAS_ITS_OWN } from "./ledger-option.js";

const MIB = 1024 * 1024;
export const DISK_FLOOR_MIB = DISK_FLOOR_BYTES / MIB;

/** As `parseArgs` takes them. */
export const SERVE_LEDGER_OPTIONS = {
  archive: { type: "string" },
  "archive-hours": { type: "string" },
  "archive-days": { type: "string" },
  "disk-floor": { type: "string" },
  pool: { type: "string" },
  "require-sync": { type: "boolean" },
  "new-ledger": { type: "boolean" },
} as const;

/** What is said of the ledger, as it was typed. */
interface LedgerValues {
  readonly database?: string | undefined;
  readonly pool?: string | undefined;
  readonly "require-sync"?: boolean | undefined;
  readonly "new-ledger"?: boolean | undefined;
  readonly archive?: string | undefined;
  readonly "archive-hours"?: string | undefined;
  readonly "archive-days"?: string | undefined;
  readonly "disk-floor"?: string | undefined;
}

const OF_A_FILE = ["archive", "archive-hours", "archive-days", "disk-floor"] as const;
const OF_A_DATABASE = ["pool", "require-sync", "new-ledger"] as const;

/** @throws UsageError where an option is wrong, or of the other kind of ledger. */
export function ledgerFrom(values: LedgerValues) {
  const found = databaseFrom(values.database);
  for (const option of found === null ? OF_A_DATABASE : OF_A_FILE) {
    if (values[option] === undefined) continue;
    const why =
      found === null
        ? "is for PostgreSQL: name a database with --database or DATABASE_URL"
        : POSTGRES_HAS_ITS_OWN;
    throw new UsageError(`--${option} ${why}`);
  }
  if (found !== null) {
    const { "new-ledger": beginsLedger = false } = values;
    return { database: { ...found, ...databaseOptions(values) }, beginsLedger };
  }
  const { archive, "disk-floor": floor = String(DISK_FLOOR_MIB) } = values;
  return {
    diskFloorBytes: wholeOf(floor, { option: "--disk-floor", min: 0 }) * MIB,
    ...(archive === undefined ? {} : { archive: archiveFrom(archive, values) }),
  };
}

function databaseOptions(values: LedgerValues): Omit<PostgresOptions, "url"> {
  const { pool, "require-sync": requiresStandby = false } = values;
  if (pool === undefined) return { requiresStandby };
  return { requiresStandby, poolMax: wholeOf(pool, { option: "--pool", min: POOL_MIN }) };
}

function archiveFrom(folder: string, values: LedgerValues) {
  const { "archive-hours": hours = String(DEFAULT_BASE_HOURS) } = values;
  const { "archive-days": days = String(DEFAULT_KEEP_DAYS) } = values;
  const baseEveryHours = wholeOf(hours, { option: "--archive-hours", min: 1 });
  const keepDays = wholeOf(days, { option: "--archive-days", min: 1 });
  return { folder, baseEveryHours, keepDays };
}
