// Settlements with their files, and the payments that they are made of.

import { assert } from "../../core/assert.js";
import type { Charge, Payment, PaymentKey, Settlement } from "../../core/settlement/model.js";
import type { PaymentsQuery } from "../../core/settlement/ports.js";
import type { SettlementDriver } from "../settlement/driver.js";
import type { Sqlite } from "./database.js";

interface SettlementSqlRow {
  last_day: string;
  cutoff_ms: number;
  created_at_ms: number;
  state: Settlement["state"];
}

interface ChargeSqlRow {
  avantage: string;
  amount_cents: number;
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

/** Without the files, which may be big. */
const SETTLEMENT =
  "SELECT last_day, cutoff_ms, created_at_ms, iif(file IS NULL, 'open', 'filed') AS state FROM settlements";

type PaymentsOf = Pick<
  SettlementDriver,
  | "findSettlement"
  | "settlements"
  | "addSettlement"
  | "keepFiles"
  | "file"
  | "accounts"
  | "findPayment"
  | "addPayment"
  | "payments"
  | "paymentsOf"
  | "charges"
  | "returnsToBook"
  | "bookReturn"
  | "paymentSums"
  | "saidAt"
  | "noteSaid"
  | "unheardStates"
  | "canPutRight"
  | "closePayment"
>;

/** Prepares the reads and writes of settlements and payments. */
export function preparePayments(db: Sqlite) {
  const settlement = db.prepare<[string], SettlementSqlRow>(`${SETTLEMENT} WHERE last_day = ?`);
  const settlements = db.prepare<[], SettlementSqlRow>(`${SETTLEMENT} ORDER BY last_day`);
  const insertSettlement = db.prepare(
    "INSERT INTO settlements (last_day, cutoff_ms, created_at_ms) VALUES (?, ?, ?)",
  );
  const keep = db.prepare(
    "UPDATE settlements SET file = ?, accounts = ? WHERE last_day = ? AND file IS NULL",
  );
  const file = db
    .prepare<[string], Buffer | null>("SELECT file FROM settlements WHERE last_day = ?")
    .pluck();
  const accounts = db
    .prepare<[string], string | null>("SELECT accounts FROM settlements WHERE last_day = ?")
    .pluck();
  const payment = db.prepare<[string, string], PaymentSqlRow>(
    "SELECT * FROM payments WHERE settlement = ? AND partner_id = ?",
  );
  const insert = db.prepare(
    "INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
  );
  const inSettlement = db.prepare<[string], PaymentSqlRow>(
    "SELECT * FROM payments WHERE settlement = ? ORDER BY no",
  );
  const ofPartner = db.prepare<[PaymentsQuery], PaymentSqlRow>(
    `SELECT * FROM payments p WHERE partner_id = @partnerId AND EXISTS
       (SELECT 1 FROM payment_lines m JOIN settlement_lines l ON l.no = m.line_no
        WHERE m.settlement = p.settlement AND m.partner_id = p.partner_id AND l.at_ms >= @fromMs AND l.at_ms < @toMs)
     ORDER BY settlement`,
  );
  const charges = db.prepare<[string, string], ChargeSqlRow>(
    `SELECT l.avantage, sum(l.amount_cents) AS amount_cents
     FROM payment_lines m JOIN settlement_lines l ON l.no = m.line_no
     WHERE m.settlement = ? AND m.partner_id = ? GROUP BY 1 ORDER BY 1`,
  );
  const toBook = db.prepare<[], PaymentSqlRow>(
    "SELECT * FROM payments WHERE state = 'REJECTED' AND return_booked_in IS NULL ORDER BY settlement, no",
  );
  const book = db.prepare(
    `UPDATE payments SET return_booked_in = ?
     WHERE settlement = ? AND partner_id = ? AND state = 'REJECTED' AND return_booked_in IS NULL`,
  );
  const sums = db.prepare<[string], { payments: number; cents: number }>(
    `SELECT count(*) AS payments, coalesce(sum(amount_cents) FILTER (WHERE state <> 'REJECTED'), 0) AS cents
     FROM payments WHERE settlement = ?`,
  );
  const close = db.prepare(
    "UPDATE payments SET state = @state, reason = @reason WHERE settlement = @settlement AND partner_id = @partnerId",
  );
  // By what the payment was made of: the lines of a returned one are in no payment.
  const closeLines = db.prepare(
    `UPDATE settlement_lines SET state = @state, holds = '[]', settlement = iif(@state = 'PAID', @settlement, NULL)
     WHERE no IN (SELECT line_no FROM payment_lines WHERE settlement = @settlement AND partner_id = @partnerId)`,
  );
  const said = db
    .prepare<[string, string], number | null>(
      "SELECT said_at_ms FROM payments WHERE settlement = ? AND partner_id = ?",
    )
    .pluck();
  const note = db.prepare(
    "UPDATE payments SET said_at_ms = ? WHERE settlement = ? AND partner_id = ?",
  );
  const unheard = db
    .prepare<[string, number], Payment["state"]>(
      "SELECT DISTINCT state FROM payments WHERE settlement = ? AND said_at_ms IS NOT ? ORDER BY 1",
    )
    .pluck();
  const canBePaid = db
    .prepare<[string, string], number>(
      `SELECT return_booked_in IS NULL AND NOT EXISTS
         (SELECT 1 FROM payment_lines m JOIN settlement_lines l ON l.no = m.line_no
          WHERE m.settlement = p.settlement AND m.partner_id = p.partner_id AND l.settlement IS NOT NULL)
       FROM payments p WHERE settlement = ? AND partner_id = ?`,
    )
    .pluck();

  return {
    findSettlement(lastDay) {
      const row = settlement.get(lastDay);
      return row ? settlementOf(row) : null;
    },
    settlements: () => settlements.all().map(settlementOf),
    addSettlement({ lastDay, cutoffMs, createdAtMs }) {
      insertSettlement.run(lastDay, cutoffMs, createdAtMs);
    },
    keepFiles(lastDay, made) {
      const kept = keep.run(made.file, made.accounts, lastDay);
      assert(kept.changes === 1, "a payment file is made once");
    },
    file(lastDay) {
      const bytes = file.get(lastDay);
      return bytes ? Uint8Array.from(bytes) : null;
    },
    accounts: (lastDay) => accounts.get(lastDay) ?? null,

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
    paymentsOf: (query) => ofPartner.all(query).map(paymentOf),
    charges: (key) => charges.all(key.settlement, key.partnerId).map(chargeOf),
    returnsToBook: () => toBook.all().map(paymentOf),
    bookReturn(key, bookedIn) {
      const booked = book.run(bookedIn, key.settlement, key.partnerId);
      assert(booked.changes === 1, "a return is booked once");
    },
    paymentSums: (lastDay) => sums.get(lastDay) ?? { payments: 0, cents: 0 },
    saidAt: (key) => said.get(key.settlement, key.partnerId) ?? null,
    noteSaid(key, saidAtMs) {
      note.run(saidAtMs, key.settlement, key.partnerId);
    },
    unheardStates: (lastDay, saidAtMs) => unheard.all(lastDay, saidAtMs),
    canPutRight: (key) => canBePaid.get(key.settlement, key.partnerId) === 1,
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

const chargeOf = ({ avantage, amount_cents: amountCents }: ChargeSqlRow): Charge => ({
  avantage,
  amountCents,
});

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
