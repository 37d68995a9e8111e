// What an operation on an earlier sale and a till's day read: what the sale moved, and where it stands.

import type { OperationRow, SaleRows, StoredAttempt, TillDay, TillDayQuery } from "../driver.js";
import { tillMoves } from "../till-moves.js";
import type { prepareAttempts } from "./attempts.js";
import type { Sqlite } from "./database.js";
import { type HoldSqlRow, holdOf, type OperationSqlRow, operationOf } from "./ledger-rows.js";
import { type GrantRow, grantOf } from "./rows.js";

interface MovedRow {
  readonly grant_id: string | null;
  readonly taken: number;
  readonly returned: number;
}

interface SaleKey {
  readonly terminal_id: string;
  readonly id: string;
}

/** Prepares the reads of an account's holds. */
export function prepareHolds(db: Sqlite) {
  const holds = db.prepare<[string], HoldSqlRow>(
    "SELECT * FROM holds WHERE account_id = ? ORDER BY terminal_id, attempt_id",
  );
  return (accountId: string) => holds.all(accountId).map(holdOf);
}

/** Prepares the reads of sales. */
export function prepareSales(db: Sqlite, attempts: ReturnType<typeof prepareAttempts>) {
  const account = db.prepare<[string], { id: string; holder: string; last_decision_at_ms: number }>(
    "SELECT id, holder, last_decision_at_ms FROM accounts WHERE id = ?",
  );
  const owner = db
    .prepare<[string, string], string | null>(
      "SELECT account_id FROM attempts WHERE terminal_id = ? AND id = ?",
    )
    .pluck();
  const moved = db.prepare<[string, string], MovedRow>(
    `SELECT max(grant_id) AS grant_id, coalesce(sum(max(units, 0)), 0) AS taken,
       coalesce(sum(max(-units, 0)), 0) AS returned
     FROM entries WHERE terminal_id = ? AND attempt_id = ?`,
  );
  const grant = db.prepare<[string, string], GrantRow>(
    "SELECT * FROM grants WHERE account_id = ? AND id = ?",
  );
  const holdsOf = prepareHolds(db);
  const heldGrant = db
    .prepare<[string, string], string>(
      "SELECT grant_id FROM holds WHERE terminal_id = ? AND attempt_id = ?",
    )
    .pluck();
  const ofPartner = db.prepare<[{ partnerId: string; id: string }], SaleKey>(
    `SELECT terminal_id, id FROM attempts WHERE id = @id AND partner_id = @partnerId
     ORDER BY terminal_id`,
  );
  const refund = db.prepare<[string, string], OperationSqlRow>(
    "SELECT * FROM operations WHERE asked_by = ? AND id = ? AND kind = 'refund'",
  );

  function readSale(terminalId: string, id: string): SaleRows {
    const accountId = owner.get(terminalId, id) ?? "";
    const known = account.get(accountId);
    const { grant_id = null, taken = 0, returned = 0 } = moved.get(terminalId, id) ?? {};
    const grantId = grant_id ?? heldGrant.get(terminalId, id) ?? null;
    const drawn = grantId === null ? undefined : grant.get(accountId, grantId);
    return {
      account: known
        ? { id: known.id, holder: known.holder, lastDecisionAtMs: known.last_decision_at_ms }
        : null,
      grant: drawn ? grantOf(drawn) : null,
      holds: holdsOf(accountId),
      taken,
      returned,
    };
  }

  return {
    readSale,

    findSalesOfPartner: (partnerId: string, id: string): readonly StoredAttempt[] =>
      ofPartner
        .all({ partnerId, id })
        .map((key) => attempts.find(key.terminal_id, key.id))
        .filter((stored) => stored !== null),

    findRefund(askedBy: string, id: string): OperationRow | null {
      const row = refund.get(askedBy, id);
      return row ? operationOf(row) : null;
    },

    tillDay: prepareTillDay(db, attempts, readSale),
  };
}

/** Prepares the read of a till's day: its sales that were made, captured or reversed then, and its refunds. */
function prepareTillDay(
  db: Sqlite,
  attempts: ReturnType<typeof prepareAttempts>,
  readSale: (terminalId: string, id: string) => SaleRows,
) {
  const touched = db.prepare<
    [{ terminalId: string; askedBy: string; fromMs: number; toMs: number }],
    SaleKey
  >(
    `SELECT terminal_id, id FROM attempts
       WHERE terminal_id = @terminalId AND decided_at_ms >= @fromMs AND decided_at_ms < @toMs
         AND kind = 'authorization'
     UNION SELECT terminal_id, attempt_id FROM operations
       WHERE kind = 'capture' AND terminal_id = @terminalId AND at_ms >= @fromMs AND at_ms < @toMs
     UNION SELECT terminal_id, attempt_id FROM operations
       WHERE kind = 'refund' AND asked_by = @askedBy AND at_ms >= @fromMs AND at_ms < @toMs
     UNION SELECT terminal_id, id FROM reversals
       WHERE terminal_id = @terminalId AND at_ms >= @fromMs AND at_ms < @toMs`,
  );
  const held = db
    .prepare<[string, number], number>(
      "SELECT count(*) FROM holds WHERE terminal_id = ? AND expires_at_ms > ?",
    )
    .pluck();
  return (query: TillDayQuery): TillDay => {
    const { terminalId } = query;
    const sales = touched
      .all({ ...query, askedBy: `terminal ${terminalId}` })
      .flatMap(({ terminal_id, id }) => {
        const stored = attempts.find(terminal_id, id);
        return stored ? [{ stored, sale: readSale(terminal_id, id) }] : [];
      });
    return { moves: tillMoves({ ...query, sales }), held: held.get(terminalId, query.nowMs) ?? 0 };
  };
}
