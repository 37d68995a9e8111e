// The accounts' view of one settlement: journal entries whose debits and credits are equal, to the cent.

import { assert } from "../../core/assert.js";
import type { Payment, SettlementLine } from "../../core/settlement/model.js";
import { type Cell, csvFile } from "./csv.js";
import { frenchDay } from "./french-words.js";
import { endToEndIdOf } from "./payment-ids.js";
import { sumCents } from "./statement.js";

/**
 * Journal: always the same, to import by. Date: the last day of the settlement. Pièce: the payment's reference, as on
 * the bank's statement. Partenaire: its id. Compte: an avantage's name, or the treasury's; the accounts give them their
 * numbers. Libellé: for people. Débit, Crédit: euros, one of them filled.
 */
const HEADING = ["Journal", "Date", "Pièce", "Partenaire", "Compte", "Libellé", "Débit", "Crédit"];

const JOURNAL = "PASSREGION";
const TREASURY = "Trésorerie";

/**
 * One entry for each payment: its avantages at the debit, the treasury at the credit. A payment that came back is
 * credited to the treasury and debited again: its lines are open, and belong to the payment that takes them next.
 *
 * @param settlement the payments of one settlement, and the lines that are in them.
 * @throws BugError where the lines of a payment are not what it comes to.
 */
export function accountsCsv({
  payments,
  lines,
  labels,
}: {
  readonly payments: readonly Payment[];
  readonly lines: readonly SettlementLine[];
  /** The French name of each avantage by its code; a code without one is shown itself. */
  readonly labels: ReadonlyMap<string, string>;
}): string {
  const linesOf = groupBy(lines, (line) => line.payment?.partnerId ?? "");
  const rows = payments.flatMap((payment) =>
    payment.state === "REJECTED"
      ? returnedEntry(payment)
      : paidEntry(payment, linesOf.get(payment.partnerId) ?? [], labels),
  );
  return csvFile(HEADING, rows);
}

function paidEntry(
  payment: Payment,
  lines: readonly SettlementLine[],
  labels: ReadonlyMap<string, string>,
): readonly (readonly Cell[])[] {
  assert(
    sumCents(lines) === payment.amountCents,
    `the lines of payment ${payment.no} of ${payment.settlement} are not what it comes to`,
  );
  const byAvantage = groupBy(lines, (line) => line.avantage);
  const debits = [...byAvantage].map(([avantage, its]) =>
    row(payment, labels.get(avantage) ?? avantage, sumCents(its)),
  );
  return [...debits, row(payment, TREASURY, -payment.amountCents)];
}

function returnedEntry(payment: Payment): readonly (readonly Cell[])[] {
  return [
    row(payment, TREASURY, -payment.amountCents),
    row(payment, `${TREASURY}, virement rejeté`, payment.amountCents),
  ];
}

/** One line of the journal. @param cents a debit above zero, a credit below. */
function row(payment: Payment, account: string, cents: number): readonly Cell[] {
  return [
    JOURNAL,
    frenchDay(payment.settlement),
    endToEndIdOf(payment),
    payment.partnerId,
    account,
    `Pass'Région, ${payment.account.holder}, ${payment.lines} ligne${payment.lines > 1 ? "s" : ""}`,
    cents >= 0 ? { cents } : null,
    cents < 0 ? { cents: -cents } : null,
  ];
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
