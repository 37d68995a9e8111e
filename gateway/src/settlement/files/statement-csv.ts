// A partner's statement for its spreadsheet: a row for each line, then for each payment, then for each state's total.

import type { Payment, SettlementLine } from "../../core/settlement/model.js";
import { type Cell, csvFile } from "./csv.js";
import {
  frenchDay,
  MOVEMENT_WORDS,
  parisMoment,
  paymentWords,
  STATE_WORDS,
  unitWord,
} from "./french-words.js";
import { endToEndIdOf } from "./payment-ids.js";
import { type Statement, totalsByState } from "./statement.js";

/** Payments and totals stand in columns of their own, so that a sum over « Montant (EUR) » counts nothing twice. */
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
  "Montant du virement (EUR)",
  "Total par état (EUR)",
];

/** The statement as CSV (see `csvFile`); times are Paris time. */
export function statementCsv(statement: Statement): string {
  const numbers = new Map(statement.payments.map((it) => [it.settlement, endToEndIdOf(it)]));
  const lines = statement.lines.map((line) => lineRow(line, statement, numbers));
  return csvFile(HEADING, [...lines, ...statement.payments.map(paymentRow), ...totals(statement)]);
}

/** Of everything a payment was made of, whether or not it is in this period. */
function paymentRow(payment: Payment): readonly Cell[] {
  return [
    payment.partnerId,
    `Remboursement au ${frenchDay(payment.settlement)}`,
    ...[null, null, null, null, null],
    ...countCells(payment.lines),
    null,
    paymentWords(payment),
    null,
    endToEndIdOf(payment),
    { cents: payment.amountCents },
    null,
  ];
}

function totals({
  partner,
  lines: all,
  firstDay,
  lastDay,
}: Statement): readonly (readonly Cell[])[] {
  return totalsByState(all).map(({ state, lines, amountCents }) => [
    partner.partnerId,
    `Total du ${frenchDay(firstDay)} au ${frenchDay(lastDay)}`,
    ...[null, null, null, null, null],
    ...countCells(lines),
    null,
    STATE_WORDS[state],
    ...[null, null, null],
    { cents: amountCents },
  ]);
}

const countCells = (lines: number): readonly Cell[] => [lines, lines > 1 ? "lignes" : "ligne"];

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
    null,
  ];
}
