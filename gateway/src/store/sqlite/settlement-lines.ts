// What is owed for each movement, line by line, and open lines in bundles that stand alike.

import type { Unit } from "@pass-tpe/protocol";
import type { LineState, Movement, NewLine, SettlementLine } from "../../core/settlement/model.js";
import type { LinesQuery } from "../../core/settlement/ports.js";
import type { Bundle, OpenQuery, SettlementDriver } from "../settlement/driver.js";
import type { Sqlite } from "./database.js";

interface LineSqlRow {
  no: number;
  kind: Movement["kind"];
  terminal_id: string;
  sale_id: string;
  refund_id: string | null;
  partner_id: string;
  avantage: string;
  unit: Unit;
  units: number;
  taken_at_ms: number;
  at_ms: number;
  amount_cents: number;
  held_for_papers: number;
  school_year: string;
  state: LineState;
  /** JSON. */
  holds: string;
  settlement: string | null;
}

interface BundleSqlRow {
  state: LineState;
  holds: string;
  school_year: string;
  held_for_papers: number;
  amount_cents: number;
  lines: number;
}

/** Only what is in no payment; `open_lines` is the index of these. */
const OPEN = "settlement IS NULL AND at_ms < @beforeMs";
const OF_BUNDLE = `partner_id = @partnerId AND ${OPEN} AND state = @state AND holds = @holds
  AND school_year = @schoolYear AND held_for_papers = @heldForPapers`;

type LinesOf = Pick<
  SettlementDriver,
  "addLine" | "saleLine" | "lines" | "openBundles" | "moveBundle" | "partnersWithOpenLines"
>;

/** Prepares the reads and writes of lines. */
export function prepareLines(db: Sqlite) {
  const insert = db.prepare(
    `INSERT INTO settlement_lines (kind, terminal_id, sale_id, refund_id, partner_id, avantage, unit, units,
       taken_at_ms, at_ms, amount_cents, held_for_papers, school_year, state, holds)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'ACCRUED', '[]')`,
  );
  const sale = db.prepare<[string, string], LineSqlRow>(
    "SELECT * FROM settlement_lines WHERE terminal_id = ? AND sale_id = ? AND kind = 'sale'",
  );
  const bundles = (where: string) =>
    db.prepare<[OpenQuery], BundleSqlRow>(
      `SELECT state, holds, school_year, held_for_papers, sum(amount_cents) AS amount_cents, count(*) AS lines
       FROM settlement_lines WHERE ${where} ${OPEN} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    );
  const allBundles = bundles("");
  const bundlesOfPartner = bundles("partner_id = @partnerId AND");
  const remember = db.prepare(
    `INSERT INTO payment_lines (settlement, partner_id, line_no)
     SELECT @toSettlement, partner_id, no FROM settlement_lines WHERE ${OF_BUNDLE}`,
  );
  const move = db.prepare(
    `UPDATE settlement_lines SET state = @toState, holds = @toHolds, settlement = @toSettlement
     WHERE ${OF_BUNDLE}`,
  );
  const partners = db
    .prepare<[{ settlement: string; beforeMs: number }], string>(
      `SELECT DISTINCT partner_id FROM settlement_lines l WHERE ${OPEN} AND NOT EXISTS
         (SELECT 1 FROM payments p WHERE p.settlement = @settlement AND p.partner_id = l.partner_id)
       ORDER BY partner_id`,
    )
    .pluck();

  return {
    addLine(line: NewLine) {
      insert.run(
        line.kind,
        line.terminalId,
        line.saleId,
        line.refundId,
        line.partnerId,
        line.avantage,
        line.unit,
        line.units,
        line.takenAtMs,
        line.atMs,
        line.amountCents,
        Number(line.heldForPapers),
        line.schoolYear,
      );
    },

    saleLine(terminalId, saleId) {
      const row = sale.get(terminalId, saleId);
      return row ? lineOf(row) : null;
    },

    lines(query) {
      const { where, values } = asked(query);
      return db
        .prepare<unknown[], LineSqlRow>(
          `SELECT * FROM settlement_lines WHERE ${where} ORDER BY no LIMIT ?`,
        )
        .all(...values, query.max)
        .map(lineOf);
    },

    openBundles(query) {
      const { partnerId } = query;
      return (partnerId === null ? allBundles : bundlesOfPartner).all(query).map(bundleOf);
    },

    moveBundle({ partnerId, beforeMs, bundle }, to) {
      const { state, holds, schoolYear, heldForPapers } = bundle;
      const values = {
        partnerId,
        beforeMs,
        state,
        holds: JSON.stringify(holds),
        schoolYear,
        heldForPapers: Number(heldForPapers),
        toSettlement: to.settlement,
      };
      if (to.settlement !== null) remember.run(values);
      return move.run({ ...values, toState: to.state, toHolds: JSON.stringify(to.holds) }).changes;
    },

    partnersWithOpenLines: (query) => partners.all(query),
  } satisfies LinesOf;
}

function asked(query: LinesQuery & { readonly afterNo: number }) {
  const { partnerId, settlement, states, fromMs, toMs, afterNo } = query;
  const conditions: readonly (readonly [string, readonly unknown[]])[] = [
    ["no > ?", [afterNo]],
    ...(partnerId === undefined ? [] : [["partner_id = ?", [partnerId]] as const]),
    ...(settlement === undefined ? [] : [["settlement = ?", [settlement]] as const]),
    ...(states === undefined
      ? []
      : [[`state IN (${states.map(() => "?").join(", ")})`, states] as const]),
    ...(fromMs === undefined ? [] : [["at_ms >= ?", [fromMs]] as const]),
    ...(toMs === undefined ? [] : [["at_ms < ?", [toMs]] as const]),
  ];
  return {
    where: conditions.map(([condition]) => condition).join(" AND "),
    values: conditions.flatMap(([, values]) => values),
  };
}

function lineOf(row: LineSqlRow): SettlementLine {
  const { settlement, partner_id: partnerId } = row;
  return {
    no: row.no,
    kind: row.kind,
    terminalId: row.terminal_id,
    saleId: row.sale_id,
    refundId: row.refund_id,
    partnerId,
    avantage: row.avantage,
    unit: row.unit,
    units: row.units,
    takenAtMs: row.taken_at_ms,
    atMs: row.at_ms,
    amountCents: row.amount_cents,
    heldForPapers: row.held_for_papers === 1,
    schoolYear: row.school_year,
    state: row.state,
    holds: JSON.parse(row.holds),
    payment: settlement === null ? null : { settlement, partnerId },
  };
}

function bundleOf(row: BundleSqlRow): Bundle {
  return {
    state: row.state,
    holds: JSON.parse(row.holds),
    schoolYear: row.school_year,
    heldForPapers: row.held_for_papers === 1,
    amountCents: row.amount_cents,
    lines: row.lines,
  };
}
