// Copies every table of a ledger into an empty one, and reads it back: what is there afterwards is what was there before.

import { DatabaseSetupError } from "../setup-error.js";
import { createDigest, firstDifference, type TableDigest } from "./digest.js";
import type { CopyEnd } from "./end.js";
import { type Columned, pagesOf, prepareWriting } from "./pages.js";
import { COPIED_TABLES, NOT_COPIED } from "./tables.js";

/** How far one table has come. */
export interface CopyProgress {
  readonly table: string;
  readonly rows: number;
  readonly isDone: boolean;
}

export type TellProgress = (progress: CopyProgress) => void;

/**
 * The tables of both ends with their columns.
 *
 * @throws DatabaseSetupError where they are not the same, or not those that this program knows.
 */
export async function tablesOf(source: CopyEnd, target: CopyEnd): Promise<readonly Columned[]> {
  const [from, to] = [await source.tables(), await target.tables()];
  const known = [...COPIED_TABLES.map(({ name }) => name), ...NOT_COPIED];
  for (const { place, tables } of [
    { place: source.place, tables: from },
    { place: target.place, tables: to },
  ]) {
    const strange = [...tables.keys()].find((name) => !known.includes(name));
    const missing = known.find((name) => !tables.has(name));
    if (strange !== undefined) throw unlike(`${place} has a table ${strange}`);
    if (missing !== undefined) throw unlike(`${place} has no table ${missing}`);
  }
  return COPIED_TABLES.map((table) => {
    const columns = [...(from.get(table.name) ?? [])].sort();
    const others = [...(to.get(table.name) ?? [])].sort();
    if (columns.join() === others.join()) return { ...table, columns };
    throw unlike(`${table.name} has other columns in ${source.place} than in ${target.place}`);
  });
}

const unlike = (what: string) =>
  new DatabaseSetupError(
    `${what}, so that nothing was copied. Operator: take the release of pass-tpe that both are of, and no table of your own`,
  );

/** @throws DatabaseSetupError where anything is in it. */
export async function assertEmpty(end: CopyEnd, tables: readonly Columned[]): Promise<void> {
  for (const { name, isSeeded } of tables) {
    if (
      isSeeded ||
      (await end.sql.prepare(`SELECT 1 AS one FROM ${name} LIMIT 1`).get()) === undefined
    )
      continue;
    throw new DatabaseSetupError(
      `${end.place} is not empty (${name}), so that nothing was copied into it. Operator: make a new database, on which no gateway was ever started, or put the gateway.db that is there aside`,
    );
  }
}

/**
 * Copies all rows, and compares both ends row by row afterwards.
 *
 * @returns what each table is.
 * @throws Error where a table does not come out as it was: nothing may be committed then.
 */
export async function copyTables(options: {
  readonly source: CopyEnd;
  readonly target: CopyEnd;
  readonly tables: readonly Columned[];
  readonly tell: TellProgress;
}): Promise<readonly TableDigest[]> {
  const { source, target, tables, tell } = options;
  const read: TableDigest[] = [];
  for (const table of tables) {
    if (table.isSeeded) await target.sql.prepare(`DELETE FROM ${table.name}`).run();
    const write = prepareWriting(target, table);
    read.push(await digestOf(source, table, { tell, each: write }));
  }
  await target.settleIn();
  const differs = firstDifference(read, await digestsOf(target, tables));
  if (differs !== null) {
    throw new Error(
      `${differs} did not come out in ${target.place} as it is in ${source.place}: nothing was copied`,
    );
  }
  return read;
}

/** What each table is. */
export async function digestsOf(
  end: CopyEnd,
  tables: readonly Columned[],
): Promise<readonly TableDigest[]> {
  const digests: TableDigest[] = [];
  for (const table of tables) digests.push(await digestOf(end, table));
  return digests;
}

async function digestOf(
  end: CopyEnd,
  table: Columned,
  {
    tell,
    each,
  }: { readonly tell?: TellProgress; readonly each?: ReturnType<typeof prepareWriting> } = {},
): Promise<TableDigest> {
  const digest = createDigest(table.name);
  for await (const page of pagesOf(end, table)) {
    digest.add(page);
    await each?.(page);
    tell?.({ table: table.name, rows: digest.rows(), isDone: false });
  }
  const done = digest.end();
  tell?.({ table: table.name, rows: done.rows, isDone: true });
  return done;
}
