// Settlements with their files, and the payments that they are made of.

import { assert } from "../../core/assert.js";
import type { Payment, PaymentKey, Settlement } from "../../core/settlement/model.js";
import type { SettlementDriver } from "../settlement/driver.js";
import type { Sqlite } from "./database.js";

interface SettlementSqlRow {
  last_day: string;
  cutoff_ms: number;
  created_at_ms: number;
  state: Settlement["state"];
}

interface PaymentSqlRow {
  settlement: string;
  partner_id: string;
  no: number;
  holder: string;
  iban: string;
  bic: string | null;
  amount_cents: number;
  lines: number;
  state: Payment["state"];
  reason: string | null;
}

/** Without the file, which may be big. */
const SETTLEMENT =
  "SELECT last_day, cutoff_ms, created_at_ms, iif(file IS NULL, 'open', 'filed') AS state FROM settlements";

type PaymentsOf = Pick<
  SettlementDriver,
  | "findSettlement"
  | "settlements"
  | "addSettlement"
  | "keepFile"
  | "file"
  | "findPayment"
  | "addPayment"
  | "payments"
  | "paymentsOf"
  | "paymentSums"
  | "closePayment"
>;

/** Prepares the reads and writes of settlements and payments. */
export function preparePayments(db: Sqlite) {
  const settlement = db.prepare<[string], SettlementSqlRow>(`${SETTLEMENT} WHERE last_day = ?`);
  const settlements = db.prepare<[], SettlementSqlRow>(`${SETTLEMENT} ORDER BY last_day`);
  const insertSettlement = db.prepare(
    "INSERT INTO settlements (last_day, cutoff_ms, created_at_ms) VALUES (?, ?, ?)",
  );
  const keep = db.prepare("UPDATE settlements SET file = ? WHERE last_day = ? AND file IS NULL");
  const file = db
    .prepare<[string], Buffer | null>("SELECT file FROM settlements WHERE last_day = ?")
    .pluck();
  const payment = db.prepare<[string, string], PaymentSqlRow>(
    "SELECT * FROM payments WHERE settlement = ? AND partner_id = ?",
  );
  const insert = db.prepare("INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const inSettlement = db.prepare<[string], PaymentSqlRow>(
    "SELECT * FROM payments WHERE settlement = ? ORDER BY no",
  );
  const ofPartner = db.prepare<[string], PaymentSqlRow>(
    "SELECT * FROM payments WHERE partner_id = ? ORDER BY settlement",
  );
  const sums = db.prepare<[string], { payments: number; cents: number }>(
    `SELECT count(*) AS payments, coalesce(sum(amount_cents) FILTER (WHERE state <> 'REJECTED'), 0) AS cents
     FROM payments WHERE settlement = ?`,
  );
  const close = db.prepare(
    "UPDATE payments SET state = @state, reason = @reason WHERE settlement = @settlement AND partner_id = @partnerId",
  );
  const closeLines = db.prepare(
    `UPDATE settlement_lines SET state = @state, settlement = iif(@state = 'PAID', settlement, NULL)
     WHERE settlement = @settlement AND partner_id = @partnerId`,
  );

  return {
    findSettlement(lastDay) {
      const row = settlement.get(lastDay);
      return row ? settlementOf(row) : null;
    },
    settlements: () => settlements.all().map(settlementOf),
    addSettlement({ lastDay, cutoffMs, createdAtMs }) {
      insertSettlement.run(lastDay, cutoffMs, createdAtMs);
    },
    keepFile(lastDay, bytes) {
      assert(keep.run(bytes, lastDay).changes === 1, "a payment file is made once");
    },
    file(lastDay) {
      const bytes = file.get(lastDay);
      return bytes ? Uint8Array.from(bytes) : null;
    },

    findPayment(key: PaymentKey) {
      const row = payment.get(key.settlement, key.partnerId);
      return row ? paymentOf(row) : null;
    },
    addPayment(it) {
      const { holder, iban, bic } = it.account;
      insert.run(
        ...[it.settlement, it.partnerId, it.no, holder, iban, bic],
        ...[it.amountCents, it.lines, it.state, it.reason],
      );
    },
    payments: (lastDay) => inSettlement.all(lastDay).map(paymentOf),
    paymentsOf: (partnerId) => ofPartner.all(partnerId).map(paymentOf),
    paymentSums: (lastDay) => sums.get(lastDay) ?? { payments: 0, cents: 0 },
    closePayment({ settlement: lastDay, partnerId }, { state, reason }) {
      const key = { settlement: lastDay, partnerId };
      const closed = close.run({ ...key, state, reason });
      assert(closed.changes === 1, "a payment that was read is there");
      closeLines.run({ ...key, state });
    },
  } satisfies PaymentsOf;
}

function settlementOf(row: SettlementSqlRow): Settlement {
  return {
    lastDay: row.last_day,
    cutoffMs: row.cutoff_ms,
    createdAtMs: row.created_at_ms,
    state: row.state,
  };
}

function paymentOf(row: PaymentSqlRow): Payment {
  return {
    settlement: row.settlement,
    partnerId: row.partner_id,
    no: row.no,
    account: { holder: row.holder, iban: row.iban, bic: row.bic },
    amountCents: row.amount_cents,
    lines: row.lines,
    state: row.state,
    reason: row.reason,
  };
}
