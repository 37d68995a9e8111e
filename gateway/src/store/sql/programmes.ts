// Keeps every programme that was decided under, under its hash.

import type { StoredProgramme } from "../rows.js";
import type { Sql } from "./sql.js";

/** Prepares the write of a programme; one that is there stays as it is. */
export function prepareKeepProgramme(sql: Sql): (programme: StoredProgramme) => Promise<void> {
  const keep = sql.prepare(
    "INSERT INTO programmes (hash, json) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING",
  );
  return async ({ hash, json }) => {
    await keep.run(hash, json);
  };
}
