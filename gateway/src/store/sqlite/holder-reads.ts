// Reads what an account may still do and has done, as a case needs it.

import { RECENT_SALES_MAX, RECORD_CODES } from "../driver.js";
import type { Holder } from "../sql/case-holder.js";
import { type HoldSqlRow, holdOf } from "../sql/ledger-rows.js";
import { type SuspensionRow, suspensionOf } from "../sql/rows.js";
import { HOLDS_OF_ACCOUNT } from "../sql/sales.js";
import type { CaseCard } from "./cards.js";
import type { Sqlite } from "./database.js";
import { prepareGrants } from "./grants.js";

/** Prepares the reads of a card's holder. */
export function prepareHolderReads(db: Sqlite) {
  const grants = prepareGrants(db);
  const holds = db.prepare<[string], HoldSqlRow>(HOLDS_OF_ACCOUNT);
  const suspensions = db.prepare<[string], SuspensionRow>(
    `SELECT id, campaign, avantages FROM suspensions
     WHERE account_id = ? AND lifted_at_ms IS NULL ORDER BY id`,
  );
  const visits = db.prepare<[string, string], { avantage: string; atMs: number }>(
    `SELECT avantage, at_ms AS atMs FROM visits
     WHERE account_id = ? AND point_of_sale_id = ? ORDER BY avantage`,
  );
  const sales = db
    .prepare<[string, number], number>(
      `SELECT decided_at_ms FROM attempts
       WHERE account_id = ? AND decided_at_ms >= ? AND kind = 'authorization' AND state IN ('approved', 'held', 'expired')
         AND code NOT IN (${RECORD_CODES.map((code) => `'${code}'`).join(", ")})
       ORDER BY decided_at_ms DESC LIMIT ${RECENT_SALES_MAX}`,
    )
    .pluck();
  return (
    { account, has }: CaseCard,
    at: { readonly pointOfSaleId: string; readonly salesSinceMs: number | null },
  ): Holder => {
    const { id } = account;
    const { pointOfSaleId, salesSinceMs } = at;
    return {
      account,
      grants: grants(id),
      holds: has.holds ? holds.all(id).map(holdOf) : [],
      suspensions: has.suspensions ? suspensions.all(id).map(suspensionOf) : [],
      visits: has.visits ? visits.all(id, pointOfSaleId) : [],
      recentSalesMs: salesSinceMs === null ? [] : sales.all(id, salesSinceMs).reverse(),
    };
  };
}
