// What an operation on an earlier sale and a till's day read: what the sale moved, and where it stands.

import type { OperationRow, SaleRows, StoredAttempt } from "../driver.js";
import type { prepareAttempts } from "./attempts.js";
import { type HoldSqlRow, holdOf, type OperationSqlRow, operationOf } from "./ledger-rows.js";
import { GRANT_COLUMNS, type GrantRow, grantOf } from "./rows.js";
import type { Sql } from "./sql.js";
import { prepareTillDay } from "./till-day.js";

interface MovedRow {
  readonly grant_id: string | null;
  readonly taken: number;
  readonly returned: number;
}

interface SaleKey {
  readonly terminal_id: string;
  readonly id: string;
}

/** An account's holds. */
export const HOLDS_OF_ACCOUNT =
  "SELECT * FROM holds WHERE account_id = ? ORDER BY terminal_id, attempt_id";

/** Prepares the reads of sales. */
export function prepareSales(sql: Sql, attempts: ReturnType<typeof prepareAttempts>) {
  const account = sql.prepare<{ id: string; holder: string; last_decision_at_ms: number }>(
    "SELECT id, holder, last_decision_at_ms FROM accounts WHERE id = ?",
  );
  const owner = sql.prepare<{ readonly account_id: string | null }>(
    "SELECT account_id FROM attempts WHERE terminal_id = ? AND id = ?",
  );
  const moved = sql.prepare<MovedRow>(
    `SELECT max(grant_id) AS grant_id,
       CAST(coalesce(sum(CASE WHEN units > 0 THEN units END), 0) AS BIGINT) AS taken,
       CAST(coalesce(sum(CASE WHEN units < 0 THEN -units END), 0) AS BIGINT) AS returned
     FROM entries WHERE terminal_id = ? AND attempt_id = ?`,
  );
  const grant = sql.prepare<GrantRow>(
    `SELECT ${GRANT_COLUMNS} FROM grants WHERE account_id = ? AND id = ?`,
  );
  const holdsOf = sql.prepare<HoldSqlRow>(HOLDS_OF_ACCOUNT);
  const heldGrant = sql.prepare<{ readonly grant_id: string }>(
    "SELECT grant_id FROM holds WHERE terminal_id = ? AND attempt_id = ?",
  );
  const ofPartner = sql.prepare<SaleKey>(
    "SELECT terminal_id, id FROM attempts WHERE id = ? AND partner_id = ? ORDER BY terminal_id",
  );
  const refund = sql.prepare<OperationSqlRow>(
    "SELECT * FROM operations WHERE asked_by = ? AND id = ? AND kind = 'refund'",
  );

  async function readSale(terminalId: string, id: string): Promise<SaleRows> {
    const accountId = (await owner.get(terminalId, id))?.account_id ?? "";
    const known = await account.get(accountId);
    const { grant_id = null, taken = 0, returned = 0 } = (await moved.get(terminalId, id)) ?? {};
    const grantId = grant_id ?? (await heldGrant.get(terminalId, id))?.grant_id ?? null;
    const drawn = grantId === null ? undefined : await grant.get(accountId, grantId);
    return {
      account: known
        ? { id: known.id, holder: known.holder, lastDecisionAtMs: known.last_decision_at_ms }
        : null,
      grant: drawn ? grantOf(drawn) : null,
      holds: (await holdsOf.all(accountId)).map(holdOf),
      taken,
      returned,
    };
  }

  return {
    readSale,

    async findSalesOfPartner(partnerId: string, id: string): Promise<readonly StoredAttempt[]> {
      const sales: StoredAttempt[] = [];
      for (const key of await ofPartner.all(id, partnerId)) {
        const stored = await attempts.find(key.terminal_id, key.id);
        if (stored) sales.push(stored);
      }
      return sales;
    },

    async findRefund(askedBy: string, id: string): Promise<OperationRow | null> {
      const row = await refund.get(askedBy, id);
      return row ? operationOf(row) : null;
    },

    tillDay: prepareTillDay(sql),
  };
}
