// What is paid to partners: each payment, what it was made of, and what the bank says of it.

import { assert } from "../../core/assert.js";
import type { Charge, Payment, PaymentKey } from "../../core/settlement/model.js";
import type { SettlementDriver } from "../settlement/driver.js";
import type { Sql } from "./sql.js";

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

type PaymentsOf = Pick<
  SettlementDriver,
  "findPayment" | "addPayment" | "payments" | "paymentsOf" | "charges" | "paymentSums"
>;

/** Prepares the reads and writes of payments. */
export function preparePayments(sql: Sql): PaymentsOf {
  const find = sql.prepare<PaymentSqlRow>(
    "SELECT * FROM payments WHERE settlement = ? AND partner_id = ?",
  );
  const insert = sql.prepare(
    `INSERT INTO payments (settlement, partner_id, no, holder, iban, bic, amount_cents, lines, state, reason)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const inSettlement = sql.prepare<PaymentSqlRow>(
    "SELECT * FROM payments WHERE settlement = ? ORDER BY no",
  );
  const ofPartner = sql.prepare<PaymentSqlRow>(
    `SELECT * FROM payments p WHERE partner_id = @partnerId AND EXISTS
       (SELECT 1 FROM payment_lines m JOIN settlement_lines l ON l.no = m.line_no
        WHERE m.settlement = p.settlement AND m.partner_id = p.partner_id AND l.at_ms >= @fromMs AND l.at_ms < @toMs)
     ORDER BY settlement`,
  );
  const charges = sql.prepare<ChargeSqlRow>(
    `SELECT l.avantage, CAST(sum(l.amount_cents) AS BIGINT) AS amount_cents
     FROM payment_lines m JOIN settlement_lines l ON l.no = m.line_no
     WHERE m.settlement = ? AND m.partner_id = ? GROUP BY 1 ORDER BY 1`,
  );
  const sums = sql.prepare<{ payments: number; cents: number }>(
    `SELECT count(*) AS payments,
       CAST(coalesce(sum(amount_cents) FILTER (WHERE state <> 'REJECTED'), 0) AS BIGINT) AS cents
     FROM payments WHERE settlement = ?`,
  );
  return {
    async findPayment({ settlement, partnerId }) {
      const row = await find.get(settlement, partnerId);
      return row ? paymentOf(row) : null;
    },
    async addPayment(it) {
      const { holder, iban, bic } = it.account;
      await insert.run(
        ...[it.settlement, it.partnerId, it.no, holder, iban, bic],
        ...[it.amountCents, it.lines, it.state, it.reason],
      );
    },
    payments: async (lastDay) => (await inSettlement.all(lastDay)).map(paymentOf),
    paymentsOf: async (query) => (await ofPartner.all({ ...query })).map(paymentOf),
    charges: async ({ settlement, partnerId }) =>
      (await charges.all(settlement, partnerId)).map(chargeOf),
    paymentSums: async (lastDay) => (await sums.get(lastDay)) ?? { payments: 0, cents: 0 },
  };
}

type ReturnsOf = Pick<
  SettlementDriver,
  | "returnsToBook"
  | "bookReturn"
  | "saidAt"
  | "noteSaid"
  | "unheardStates"
  | "canPutRight"
  | "closePayment"
>;

/** Prepares the reads and writes of what the bank says of payments, returns among it. */
export function prepareReturns(sql: Sql): ReturnsOf {
  const toBook = sql.prepare<PaymentSqlRow>(
    "SELECT * FROM payments WHERE state = 'REJECTED' AND return_booked_in IS NULL ORDER BY settlement, no",
  );
  const book = sql.prepare(
    `UPDATE payments SET return_booked_in = ?
     WHERE settlement = ? AND partner_id = ? AND state = 'REJECTED' AND return_booked_in IS NULL`,
  );
  const said = sql.prepare<{ readonly said_at_ms: number | null }>(
    "SELECT said_at_ms FROM payments WHERE settlement = ? AND partner_id = ?",
  );
  const note = sql.prepare(
    "UPDATE payments SET said_at_ms = ? WHERE settlement = ? AND partner_id = ?",
  );
  const unheard = sql.prepare<{ readonly state: Payment["state"] }>(
    `SELECT DISTINCT state FROM payments WHERE settlement = ? AND said_at_ms IS DISTINCT FROM ?
     ORDER BY state`,
  );
  const canBePaid = sql.prepare<{ readonly can: 0 | 1 }>(
    `SELECT CASE WHEN return_booked_in IS NULL AND NOT EXISTS
         (SELECT 1 FROM payment_lines m JOIN settlement_lines l ON l.no = m.line_no
          WHERE m.settlement = p.settlement AND m.partner_id = p.partner_id AND l.settlement IS NOT NULL)
       THEN 1 ELSE 0 END AS can
     FROM payments p WHERE settlement = ? AND partner_id = ?`,
  );
  return {
    returnsToBook: async () => (await toBook.all()).map(paymentOf),
    async bookReturn({ settlement, partnerId }, bookedIn) {
      const booked = await book.run(bookedIn, settlement, partnerId);
      assert(booked === 1, "a return is booked once");
    },
    saidAt: async ({ settlement, partnerId }) =>
      (await said.get(settlement, partnerId))?.said_at_ms ?? null,
    async noteSaid({ settlement, partnerId }, saidAtMs) {
      await note.run(saidAtMs, settlement, partnerId);
    },
    unheardStates: async (lastDay, saidAtMs) =>
      (await unheard.all(lastDay, saidAtMs)).map(({ state }) => state),
    canPutRight: async ({ settlement, partnerId }) =>
      (await canBePaid.get(settlement, partnerId))?.can === 1,
    closePayment: prepareClose(sql),
  };
}

function prepareClose(sql: Sql): SettlementDriver["closePayment"] {
  const close = sql.prepare(
    "UPDATE payments SET state = @state, reason = @reason WHERE settlement = @settlement AND partner_id = @partnerId",
  );
  // By what the payment was made of: the lines of a returned one are in no payment.
  const closeLines = sql.prepare(
    `UPDATE settlement_lines SET state = @state, holds = '[]', settlement = CAST(@linesSettlement AS TEXT)
     WHERE no IN (SELECT line_no FROM payment_lines WHERE settlement = @settlement AND partner_id = @partnerId)`,
  );
  return async ({ settlement, partnerId }: PaymentKey, { state, reason }) => {
    const key = { settlement, partnerId };
    const closed = await close.run({ ...key, state, reason });
    assert(closed === 1, "a payment that was read is there");
    const linesSettlement = state === "PAID" ? settlement : null;
    await closeLines.run({ ...key, state, linesSettlement });
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
