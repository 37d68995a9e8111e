// The accounts' entries of one settlement: a journal whose debits and credits are equal, to the cent.

import { assert } from "../../core/assert.js";
import type { Charge, Payment } from "../../core/settlement/model.js";
import { type Cell, csvFile } from "./csv.js";
import { frenchDay } from "./french-words.js";
import { endToEndIdOf } from "./payment-ids.js";
import { sumCents } from "./statement.js";

/** A payment with what it was made of, by avantage. */
export interface ChargedPayment {
  readonly payment: Payment;
  readonly charges: readonly Charge[];
}

/**
 * Journal: always the same, to import by. Date: the last day of the settlement that books. Pièce: the payment's
 * reference, as on the bank's statement. Partenaire: its id. Compte: an avantage's name, or the treasury's; the accounts
 * give them their numbers. Libellé: for people. Débit, Crédit: euros, one of them filled.
 */
const HEADING = ["Journal", "Date", "Pièce", "Partenaire", "Compte", "Libellé", "Débit", "Crédit"];

const JOURNAL = "PASSREGION";
const TREASURY = "Trésorerie";

/** What a settlement books: its own payments, and those of earlier ones that came back since. */
export interface AccountsInput {
  /** Of the settlement that books, Paris civil date. */
  readonly lastDay: string;
  readonly payments: readonly ChargedPayment[];
  readonly returns: readonly ChargedPayment[];
  /** The French name of each avantage by its code; a code without one is shown itself. */
  readonly labels: ReadonlyMap<string, string>;
}

/**
 * One entry for each payment: its avantages at the debit, the treasury at the credit. A payment that came back is the
 * same entry with its sides exchanged: its lines are charged once more by the payment that takes them next.
 *
 * @throws BugError where the charges of a payment are not what it comes to.
 */
export function accountsCsv({ lastDay, payments, returns, labels }: AccountsInput): string {
  const rows = [
    ...payments.flatMap((paid) => entry(paid, { lastDay, labels, isReturn: false })),
    ...returns.flatMap((returned) => entry(returned, { lastDay, labels, isReturn: true })),
  ];
  return csvFile(HEADING, rows);
}

function entry(
  { payment, charges }: ChargedPayment,
  booked: Pick<AccountsInput, "lastDay" | "labels"> & { readonly isReturn: boolean },
): readonly (readonly Cell[])[] {
  const { settlement, no, amountCents } = payment;
  assert(
    sumCents(charges) === amountCents,
    `the charges of payment ${no} of ${settlement} are not what it comes to`,
  );
  const sums = charges.map(
    ({ avantage, amountCents: cents }) => [booked.labels.get(avantage) ?? avantage, cents] as const,
  );
  return [...sums, [TREASURY, -amountCents] as const].map(([account, cents]) => {
    const debit = booked.isReturn ? -cents : cents;
    return [
      JOURNAL,
      frenchDay(booked.lastDay),
      endToEndIdOf(payment),
      payment.partnerId,
      account,
      wordsOf(payment, booked.isReturn),
      debit >= 0 ? { cents: debit } : null,
      debit < 0 ? { cents: -debit } : null,
    ];
  });
}

function wordsOf({ account, lines, reason }: Payment, isReturn: boolean): string {
  const paid = `Pass'Région, ${account.holder}, ${lines} ligne${lines > 1 ? "s" : ""}`;
  if (!isReturn) return paid;
  return `${paid}, virement rejeté${reason === null ? "" : ` (${reason})`}`;
}
