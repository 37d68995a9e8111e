// Changes a database file as somebody does who holds it, and whom no trigger holds up.

import { copyFileSync } from "node:fs";
import Database from "better-sqlite3";

/** Runs some SQL on the file of a stopped gateway, its guards taken away first. @returns how many rows it changed. */
export function tamper(path: string, sql: string): number {
  const database = new Database(path);
  database.pragma("foreign_keys = OFF");
  const guards = database
    .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    .pluck()
    .all();
  for (const guard of guards) database.exec(`DROP TRIGGER ${guard}`);
  const changes = database.prepare<[], number>("SELECT total_changes()").pluck();
  const before = changes.get() ?? 0;
  database.exec(sql);
  const rows = (changes.get() ?? 0) - before;
  database.close();
  return rows;
}

/** The same on a copy. */
export function tamperCopy(
  file: { readonly original: string; readonly copy: string },
  sql: string,
): number {
  copyFileSync(file.original, file.copy);
  return tamper(file.copy, sql);
}
