// What is owed for each movement, line by line, and open lines in bundles that stand alike.

import type { Unit } from "@pass-tpe/protocol";
import type { LineState, Movement, NewLine, SettlementLine } from "../../core/settlement/model.js";
import type { LinesQuery } from "../../core/settlement/ports.js";
import type { Bundle, SettlementDriver } from "../settlement/driver.js";
import type { Sql } from "./sql.js";

export interface LineSqlRow {
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
  of_paid_sale: number;
  returned_from: string | null;
}

interface BundleSqlRow {
  partner_id: string;
  state: LineState;
  holds: string;
  school_year: string;
  held_for_papers: number;
  of_paid_sale: number;
  amount_cents: number;
  lines: number;
}

/** Only what is in no payment; `open_lines` is the index of these. */
const OPEN = "settlement IS NULL AND at_ms < @beforeMs";
/** 1 where its sale is in a payment of another settlement than this one; of any, where this one is null. */
const ofPaidSale = (settlement: string) => `CASE WHEN l.kind <> 'sale' AND EXISTS
  (SELECT 1 FROM settlement_lines s WHERE s.terminal_id = l.terminal_id AND s.sale_id = l.sale_id AND s.kind = 'sale'
    AND s.settlement IS NOT NULL AND s.settlement IS DISTINCT FROM ${settlement}) THEN 1 ELSE 0 END`;
const OF_BUNDLE = `partner_id = @partnerId AND ${OPEN} AND state = @state AND holds = @holds
  AND school_year = @schoolYear AND held_for_papers = @heldForPapers
  AND ${ofPaidSale("@settlement")} = @ofPaidSale`;
/** Lines are paid in the order of settlements: the last payment of a line is that of the last day. */
export const LINE = `SELECT l.*, ${ofPaidSale("NULL")} AS of_paid_sale,
    CASE WHEN state = 'REJECTED' THEN (SELECT max(m.settlement) FROM payment_lines m WHERE m.line_no = l.no)
      END AS returned_from
  FROM settlement_lines l`;

type LinesOf = Pick<
  SettlementDriver,
  "addLine" | "saleLine" | "lines" | "openBundles" | "moveBundle" | "partnersWithOpenLines"
>;

/** Prepares the reads and writes of lines. */
export function prepareLines(sql: Sql): LinesOf {
  // Counted here, and by no sequence: a settlement that was given up leaves no number out.
  const insert = sql.prepare(
    `INSERT INTO settlement_lines (no, kind, terminal_id, sale_id, refund_id, partner_id, avantage, unit, units,
       taken_at_ms, at_ms, amount_cents, held_for_papers, school_year, state, holds)
     VALUES ((SELECT coalesce(max(no), 0) + 1 FROM settlement_lines), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'ACCRUED', '[]')`,
  );
  const sale = sql.prepare<LineSqlRow>(
    `${LINE} WHERE terminal_id = ? AND sale_id = ? AND kind = 'sale'`,
  );
  const partners = sql.prepare<{ readonly partner_id: string }>(
    `SELECT DISTINCT partner_id FROM settlement_lines l WHERE ${OPEN} AND NOT EXISTS
       (SELECT 1 FROM payments p WHERE p.settlement = @settlement AND p.partner_id = l.partner_id)
     ORDER BY partner_id`,
  );

  return {
    async addLine(line: NewLine) {
      await insert.run(
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

    async saleLine(terminalId, saleId) {
      const row = await sale.get(terminalId, saleId);
      return row ? lineOf(row) : null;
    },

    async lines(query) {
      const { where, values } = asked(query);
      const lines = sql.prepare<LineSqlRow>(`${LINE} WHERE ${where} ORDER BY no LIMIT ?`);
      return (await lines.all(...values, query.max)).map(lineOf);
    },

    ...prepareBundles(sql),

    partnersWithOpenLines: async ({ settlement, beforeMs }) =>
      (await partners.all({ settlement, beforeMs })).map(({ partner_id: id }) => id),
  };
}

/** Prepares the reads and moves of open lines that stand alike. */
function prepareBundles(sql: Sql): Pick<LinesOf, "openBundles" | "moveBundle"> {
  const bundles = (where: string) =>
    sql.prepare<BundleSqlRow>(
      `SELECT partner_id, state, holds, school_year, held_for_papers, of_paid_sale,
         CAST(sum(amount_cents) AS BIGINT) AS amount_cents, count(*) AS lines
       FROM (SELECT partner_id, state, holds, school_year, held_for_papers, amount_cents,
           ${ofPaidSale("@settlement")} AS of_paid_sale
         FROM settlement_lines l WHERE ${where} ${OPEN}) o
       GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`,
    );
  const all = bundles("");
  const ofPartner = bundles("partner_id = @partnerId AND");
  const remember = sql.prepare(
    `INSERT INTO payment_lines (settlement, partner_id, line_no)
     SELECT CAST(@toSettlement AS TEXT), partner_id, no FROM settlement_lines l WHERE ${OF_BUNDLE}`,
  );
  const move = sql.prepare(
    `UPDATE settlement_lines AS l SET state = @toState, holds = @toHolds, settlement = @toSettlement
     WHERE ${OF_BUNDLE}`,
  );
  return {
    async openBundles({ settlement, beforeMs, partnerId }) {
      const found =
        partnerId === null
          ? await all.all({ settlement, beforeMs })
          : await ofPartner.all({ settlement, beforeMs, partnerId });
      return found.map(bundleOf);
    },

    async moveBundle({ settlement, beforeMs, bundle }, to) {
      const values = {
        partnerId: bundle.partnerId,
        settlement,
        beforeMs,
        state: bundle.state,
        holds: JSON.stringify(bundle.holds),
        schoolYear: bundle.schoolYear,
        heldForPapers: Number(bundle.heldForPapers),
        ofPaidSale: Number(bundle.ofPaidSale),
        toSettlement: to.settlement,
      };
      if (to.settlement !== null) await remember.run(values);
      return move.run({ ...values, toState: to.state, toHolds: JSON.stringify(to.holds) });
    },
  };
}

function asked(query: LinesQuery & { readonly afterNo: number }) {
  const { partnerId, settlement, states, fromMs, toMs, afterNo } = query;
  const conditions: readonly (readonly [string, readonly (string | number)[]])[] = [
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

export function lineOf(row: LineSqlRow): SettlementLine {
  const { settlement, returned_from: returnedFrom, partner_id: partnerId } = row;
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
    ofPaidSale: row.of_paid_sale === 1,
    schoolYear: row.school_year,
    state: row.state,
    holds: JSON.parse(row.holds),
    payment: settlement === null ? null : { settlement, partnerId },
    returnedFrom: returnedFrom === null ? null : { settlement: returnedFrom, partnerId },
  };
}

function bundleOf(row: BundleSqlRow): Bundle {
  return {
    partnerId: row.partner_id,
    state: row.state,
    holds: JSON.parse(row.holds),
    schoolYear: row.school_year,
    heldForPapers: row.held_for_papers === 1,
    ofPaidSale: row.of_paid_sale === 1,
    amountCents: row.amount_cents,
    lines: row.lines,
  };
}
