// A partner's statement for its spreadsheet: one row for each line, then one for each state's total.

import type { SettlementLine } from "../../core/settlement/model.js";
import { type Cell, csvFile } from "./csv.js";
import { frenchDay, MOVEMENT_WORDS, parisMoment, STATE_WORDS, unitWord } from "./french-words.js";
import { endToEndIdOf } from "./payment-ids.js";
import { type Statement, totalsByState } from "./statement.js";

/** Totals stand in a column of their own, so that a sum over « Montant (EUR) » counts nothing twice. */
const HEADING = [
  "Partenaire",
  "Date",
  "Heure",
  "Opération",
  "Caisse",
  "Référence",
  "Avantage",
  "Quantité",
  "Unité",
  "Montant (EUR)",
  "État",
  "Motif de l'attente",
  "Virement",
  "Total par état (EUR)",
];

/** The statement as CSV (see `csvFile`); times are Paris time. */
export function statementCsv(statement: Statement): string {
  const numbers = new Map(statement.payments.map((it) => [it.settlement, endToEndIdOf(it)]));
  const { partnerId } = statement.partner;
  const totals = totalsByState(statement.lines).map(({ state, lines, amountCents }): Cell[] => [
    partnerId,
    `Total du ${frenchDay(statement.firstDay)} au ${frenchDay(statement.lastDay)}`,
    ...[null, null, null, null, null],
    lines,
    lines > 1 ? "lignes" : "ligne",
    null,
    STATE_WORDS[state],
    ...[null, null],
    { cents: amountCents },
  ]);
  const lines = statement.lines.map((line) => lineRow(line, statement, numbers));
  return csvFile(HEADING, [...lines, ...totals]);
}

function lineRow(
  line: SettlementLine,
  statement: Statement,
  paymentNames: ReadonlyMap<string, string>,
): readonly Cell[] {
  const { day, time } = parisMoment(line.atMs);
  return [
    statement.partner.partnerId,
    day,
    time,
    MOVEMENT_WORDS[line.kind],
    line.terminalId,
    line.refundId ?? line.saleId,
    statement.labels.get(line.avantage) ?? line.avantage,
    line.unit === "EUR_CENT" ? { cents: line.units } : line.units,
    unitWord(line),
    { cents: line.amountCents },
    STATE_WORDS[line.state],
    statement.wordsOf(line),
    line.payment && (paymentNames.get(line.payment.settlement) ?? null),
    null,
  ];
}
