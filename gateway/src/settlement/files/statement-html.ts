// A partner's statement as one page to read or print: what is paid, what waits and why, and every line of it.

import type { Payment, SettlementLine } from "../../core/settlement/model.js";
import { escaped } from "./escape.js";
import {
  eurosWords,
  frenchDay,
  MOVEMENT_WORDS,
  parisMoment,
  paymentWords,
  quantityWords,
  STATE_WORDS,
} from "./french-words.js";
import { endToEndIdOf } from "./payment-ids.js";
import { type Statement, sumCents, totalsByState } from "./statement.js";
import { statementBar } from "./statement-bar.js";
import { STATEMENT_STYLE } from "./statement-style.js";

/** The statement as one HTML page: A4 when printed, no script, nothing loaded from elsewhere. */
export function statementHtml(statement: Statement): string {
  const { partner, lines, payments, firstDay, lastDay } = statement;
  const period = `du ${frenchDay(firstDay)} au ${frenchDay(lastDay)}`;
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`Relevé Pass'Région ${partner.partnerId} ${period}`)}</title>
<style>${STATEMENT_STYLE}</style>
</head>
<body>
<header>
<h1>Relevé des remboursements Pass'Région</h1>
<p><strong>${escaped(partner.name)}</strong>, partenaire ${escaped(partner.partnerId)}</p>
<p>Opérations ${period}, heure de Paris</p>
</header>
<main>
${statementBar(statement)}
${totalsTable(lines)}
${paymentsTable(payments)}
${linesTable(statement)}
</main>
</body>
</html>
`;
}

/** One column: its heading, and whether it holds figures. */
type Column = string | { readonly figure: string };

/** @param rows cells of HTML; the first of a row names the row. */
function table({
  title,
  caption,
  columns,
  rows,
}: {
  readonly title: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}): string {
  const kind = (index: number) => (typeof columns[index] === "object" ? ' class="figure"' : "");
  const heads = columns.map(
    (it, index) => `<th scope="col"${kind(index)}>${typeof it === "object" ? it.figure : it}</th>`,
  );
  const body = rows.map((row) => {
    const cells = row.map((cell, index) =>
      index === 0 ? `<th scope="row">${cell}</th>` : `<td${kind(index)}>${cell}</td>`,
    );
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<h2>${title}</h2>
<div class="scroll"><table>
<caption>${caption}</caption>
<thead><tr>${heads.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table></div>`;
}

function totalsTable(lines: readonly SettlementLine[]): string {
  const rows = totalsByState(lines).map(({ state, lines, amountCents }) => [
    STATE_WORDS[state],
    String(lines),
    eurosWords(amountCents),
  ]);
  return table({
    title: "En résumé",
    caption: "Ce que deviennent les montants des opérations de la période",
    columns: ["État", { figure: "Lignes" }, { figure: "Montant" }],
    rows: [...rows, ["Total", String(lines.length), eurosWords(sumCents(lines))]],
  });
}

function paymentsTable(payments: readonly Payment[]): string {
  if (payments.length === 0) return "";
  return table({
    title: "Virements",
    caption: "Les virements faits d'opérations de la période, ceux que la banque a rejetés compris",
    columns: ["Remboursement au", "Référence", "Compte", "État", { figure: "Montant" }],
    rows: payments.map((payment) => [
      frenchDay(payment.settlement),
      `<span class="reference">${endToEndIdOf(payment)}</span>`,
      escaped(`…${payment.account.iban.slice(-4)}`),
      escaped(paymentWords(payment)),
      eurosWords(payment.amountCents),
    ]),
  });
}

function linesTable({ lines, labels, wordsOf }: Statement): string {
  if (lines.length === 0) return "<p>Aucune opération dans cette période.</p>";
  return table({
    title: "Opérations",
    caption: "Chaque opération, son état, et ce qui la fait attendre",
    columns: ["Date", "Opération", "Avantage", "État", { figure: "Montant" }],
    rows: lines.map((line) => lineCells(line, labels, wordsOf)),
  });
}

function lineCells(
  line: SettlementLine,
  labels: Statement["labels"],
  wordsOf: Statement["wordsOf"],
): readonly string[] {
  const { day, time } = parisMoment(line.atMs);
  const why = wordsOf(line);
  const paidBy = line.payment ? `<br>au ${frenchDay(line.payment.settlement)}` : "";
  return [
    `${day}<br>${time}`,
    `${MOVEMENT_WORDS[line.kind]}<br><span class="reference">${escaped(line.terminalId)} ${escaped(line.refundId ?? line.saleId)}</span>`,
    `${escaped(labels.get(line.avantage) ?? line.avantage)}<br>${quantityWords(line)}`,
    `${STATE_WORDS[line.state]}${paidBy}${why === "" ? "" : `<br>${escaped(why)}`}`,
    eurosWords(line.amountCents),
  ];
}
