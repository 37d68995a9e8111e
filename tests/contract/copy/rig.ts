// Places that a ledger is copied between, and a look at every row of it that is none of the copy's own.

import type { CopyEnd } from "../../../gateway/src/store/copy/end.js";
import { moveLedger } from "../../../gateway/src/store/copy/move.js";
import { COPIED_TABLES } from "../../../gateway/src/store/copy/tables.js";
import type { Driver } from "../../../gateway/src/store/driver.js";
import { postgresCopyEnd } from "../../../gateway/src/store/postgres/copy-end.js";
import { openPostgres } from "../../../gateway/src/store/postgres/driver.js";
import { sqliteCopyEnd } from "../../../gateway/src/store/sqlite/copy-end.js";
import { sqliteDriver } from "../../../gateway/src/store/sqlite/driver.js";

const IN_TESTS = { allowsLossOfSalesInTests: true };

/** A file or a database. */
export interface Place {
  readonly kind: "SQLite" | "PostgreSQL";
  /** Path or URL. */
  readonly at: string;
}

export const MOVED_AT_MS = Date.UTC(2023, 5, 1);

export async function openEnd({ kind, at }: Place): Promise<CopyEnd> {
  return kind === "SQLite" ? sqliteCopyEnd(at) : postgresCopyEnd({ url: at, ...IN_TESTS });
}

export async function openDriver({ kind, at }: Place): Promise<Driver> {
  return kind === "SQLite" ? sqliteDriver(at) : openPostgres({ url: at, ...IN_TESTS });
}

/** Stands between a move and its ends. */
export interface Between {
  readonly source?: (end: CopyEnd) => CopyEnd;
  readonly target?: (end: CopyEnd) => CopyEnd;
  readonly takesBack?: boolean;
  /** Called with the table of each page. */
  readonly onTable?: (table: string) => void;
}

const asItIs = (end: CopyEnd) => end;

/** Moves a ledger, and closes both ends. */
export async function move(from: Place, to: Place, between: Between = {}) {
  const { source: spoilSource = asItIs, target: spoilTarget = asItIs, onTable } = between;
  const { takesBack = false } = between;
  const source = await openEnd(from);
  try {
    const target = await openEnd(to);
    try {
      return await moveLedger({
        source: spoilSource(source),
        target: spoilTarget(target),
        nowMs: () => MOVED_AT_MS,
        takesBack,
        tell: ({ table }) => onTable?.(table),
      });
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

export type Dump = Readonly<Record<string, readonly unknown[]>>;

/** Reads all tables with all columns, bytes as hex. */
export async function dump(place: Place): Promise<Dump> {
  const end = await openEnd(place);
  try {
    const tables = await end.tables();
    const all: Record<string, readonly unknown[]> = {};
    for (const { name, key } of COPIED_TABLES) {
      const columns = (tables.get(name) ?? []).map(
        (column) => `${end.column(name, column)} AS "${column}"`,
      );
      const rows = await end.sql
        .prepare<Record<string, unknown>>(
          `SELECT ${columns.join(", ")} FROM ${name} ORDER BY ${key.map((it) => end.column(name, it)).join(", ")}`,
        )
        .all();
      all[name] = rows.map(plain);
    }
    return all;
  } finally {
    await end.close();
  }
}

/** Engines have the columns in another order. */
function plain(row: Record<string, unknown>) {
  const fields = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? `bytes ${Buffer.from(value).toString("hex")}` : value,
  ]);
  return Object.fromEntries(fields.sort());
}

/** What a driver says of its mark. */
export async function markOf(place: Place) {
  const driver = await openDriver(place);
  try {
    return await driver.move();
  } finally {
    await driver.close();
  }
}
