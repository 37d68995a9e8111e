// Reads the books of reimbursement for verification: the lines of one sale, of one payment, and what belongs nowhere.

import type { LineState, PaymentKey, SettlementLine } from "../../core/settlement/model.js";
import type { LedgerBooks, LedgerLine, PaymentLine } from "../ledger-books.js";
import { inPages, PAGE_ROWS } from "./ledger-pages.js";
import type { AttemptSqlRow } from "./ledger-rows.js";
import { bySale, OF_PAGE } from "./of-page.js";
import { prepareSettlements } from "./settlement-files.js";
import { LINE, type LineSqlRow, lineOf } from "./settlement-lines.js";
import { preparePayments } from "./settlement-payments.js";
import type { Sql } from "./sql.js";

interface SaleLineSqlRow extends LineSqlRow {
  is_remembered: number;
}

interface PaymentLineSqlRow {
  line_no: number;
  settlement: string | null;
  /** Null where the line is gone. */
  partner_id: string | null;
  at_ms: number;
  amount_cents: number;
  state: LineState;
}

interface KeySqlRow {
  settlement: string;
  partner_id: string;
}

interface MadeOfSqlRow extends KeySqlRow {
  line_no: number;
}

/** Of a page's sales; each kind by the index that it has. */
const LINES_OF_PAGE = ["sale", "refund", "reversal"]
  .map((kind) => `${LINE} WHERE l.kind = '${kind}' AND ${OF_PAGE("l.terminal_id", "l.sale_id")}`)
  .join(" UNION ALL ");

/** Prepares the reads of a database's books. */
export function prepareBooks(sql: Sql): LedgerBooks {
  const { settlements, file } = prepareSettlements(sql);
  const { payments } = preparePayments(sql);
  const paymentLines = sql.prepare<PaymentLineSqlRow>(
    `SELECT m.line_no, l.settlement, l.partner_id, l.at_ms, l.amount_cents, l.state
     FROM payment_lines m LEFT JOIN settlement_lines l ON l.no = m.line_no
     WHERE m.settlement = ? AND m.partner_id = ? AND m.line_no > ? ORDER BY m.line_no LIMIT ${PAGE_ROWS}`,
  );
  return {
    settlements,
    file,
    payments,
    paymentLines: ({ settlement, partnerId }) =>
      inPages<PaymentLineSqlRow, PaymentLine>(
        (last) => paymentLines.all(settlement, partnerId, last?.line_no ?? Number.MIN_SAFE_INTEGER),
        paymentLineOf,
      ),
    ...prepareStrays(sql),
  };
}

/** Prepares the read of the lines of a page's sales. */
export function prepareLinesOfPage(sql: Sql) {
  const lines = sql.prepare<SaleLineSqlRow>(
    `SELECT b.*, CASE WHEN EXISTS (SELECT 1 FROM payment_lines m
        WHERE m.settlement = b.settlement AND m.partner_id = b.partner_id AND m.line_no = b.no)
        THEN 1 ELSE 0 END AS is_remembered
     FROM (${LINES_OF_PAGE}) b ORDER BY b.no`,
  );
  return async (range: { readonly from: number; readonly to: number }) => {
    const ofSale = bySale(await lines.all({ ...range }), (row) => [row.terminal_id, row.sale_id]);
    return (row: AttemptSqlRow): readonly LedgerLine[] =>
      ofSale(row).map((line) => ({ ...lineOf(line), isRemembered: line.is_remembered === 1 }));
  };
}

function prepareStrays(
  sql: Sql,
): Pick<LedgerBooks, "strayLines" | "strayPayments" | "strayPaymentLines"> {
  const lines = sql.prepare<LineSqlRow>(
    `${LINE} WHERE l.no > ? AND NOT EXISTS (SELECT 1 FROM attempts a
       WHERE a.terminal_id = l.terminal_id AND a.id = l.sale_id AND a.kind = 'authorization')
     ORDER BY l.no LIMIT ${PAGE_ROWS}`,
  );
  const payments = sql.prepare<KeySqlRow>(
    `SELECT settlement, partner_id FROM payments p WHERE (settlement, partner_id) > (?, ?) AND NOT EXISTS
       (SELECT 1 FROM settlements s WHERE s.last_day = p.settlement)
     ORDER BY settlement, partner_id LIMIT ${PAGE_ROWS}`,
  );
  const madeOf = sql.prepare<MadeOfSqlRow>(
    `SELECT settlement, partner_id, line_no FROM payment_lines m
     WHERE (settlement, partner_id, line_no) > (?, ?, ?) AND NOT EXISTS
       (SELECT 1 FROM payments p WHERE p.settlement = m.settlement AND p.partner_id = m.partner_id)
     ORDER BY settlement, partner_id, line_no LIMIT ${PAGE_ROWS}`,
  );
  return {
    strayLines: () =>
      inPages<LineSqlRow, SettlementLine>(
        (last) => lines.all(last?.no ?? Number.MIN_SAFE_INTEGER),
        lineOf,
      ),
    strayPayments: () =>
      inPages<KeySqlRow, PaymentKey>(
        (last) => payments.all(last?.settlement ?? "", last?.partner_id ?? ""),
        keyOf,
      ),
    strayPaymentLines: () =>
      inPages<MadeOfSqlRow, PaymentKey & { readonly no: number }>(
        (last) => madeOf.all(last?.settlement ?? "", last?.partner_id ?? "", last?.line_no ?? 0),
        (row) => ({ ...keyOf(row), no: row.line_no }),
      ),
  };
}

const keyOf = ({ settlement, partner_id: partnerId }: KeySqlRow): PaymentKey => ({
  settlement,
  partnerId,
});

function paymentLineOf(row: PaymentLineSqlRow): PaymentLine {
  const { line_no: no, settlement, partner_id: partnerId, state } = row;
  if (partnerId === null) return { no, line: null };
  const payment = settlement === null ? null : { settlement, partnerId };
  const { at_ms: atMs, amount_cents: amountCents } = row;
  return { no, line: { partnerId, atMs, amountCents, state, payment } };
}
