// Reads an account's grants as a case needs them: at the cost of one value each.

import type { Grant } from "../../core/model.js";
import { GRANT_COLUMNS, grantOfValues } from "../sql/rows.js";
import type { Sqlite } from "./database.js";

/**
 * Prepares the read of an account's grants. Each comes as one text: a value that better-sqlite3 hands over by itself costs
 * more than its place in a text, and a name beside it as much again.
 */
export function prepareGrants(db: Sqlite): (accountId: string) => readonly Grant[] {
  const grants = db
    .prepare<[string], string>(
      `SELECT json_array(${GRANT_COLUMNS}) FROM grants WHERE account_id = ? ORDER BY id`,
    )
    .pluck();
  return (accountId) => grants.all(accountId).map((json) => grantOfValues(JSON.parse(json)));
}
