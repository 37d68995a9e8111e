// Checks the ledger against itself: every balance and every payment recomputed, every row owed to an answer, rule or event.

import type { Programme } from "../core/programme.js";
import { createSightings, sumEntries } from "./drawn-grants.js";
import type { Ledger, LedgerAttempt } from "./driver.js";
import { createFindings, type Findings } from "./findings.js";
import { createGrantRules, type MonthsCalendar } from "./grant-rules.js";
import { readKeptProgrammes } from "./kept-programmes.js";
import { nameOfAttempt, nameOfEntry, nameOfOperation, nameOfReversal } from "./row-names.js";
import { readTold } from "./told.js";
import { attemptFaults } from "./verify-attempts.js";
import {
  type BooksCheck,
  type BooksFigures,
  type BooksRules,
  createBooksCheck,
} from "./verify-books.js";
import { checkGrants } from "./verify-grants.js";
import { checkSuspensions } from "./verify-suspensions.js";

export interface VerifyReport extends BooksFigures {
  /** Each held to its entries, and to its reversal. */
  readonly attempts: number;
  readonly entries: number;
  /** Each held to its entries, to its rule, to what sales saw of it, and where it is revoked to the audit trail. */
  readonly grants: number;
  /** Of the grants, those that no rule of a kept programme gave: their amounts and windows have no rule to be held to. */
  readonly grantsWithoutRule: number;
  /** Each held to the audit trail. */
  readonly suspensions: number;
  /** In the audit trail. */
  readonly events: number;
  /** Kept programmes in a form that this program does not know: what they gave counts as given without a rule. */
  readonly programmesUnread: number;
  /** Approved sales that stand. */
  readonly approved: number;
  /** Authorizations that wait for their capture, or expired without being written as such. */
  readonly held: number;
  /** Each held to its sale. */
  readonly captures: number;
  readonly refunds: number;
  readonly reversed: number;
  /** Σ of all entries, by unit. */
  readonly debited: Readonly<Record<string, number>>;
  /** What does not hold, in words that name the row. Empty when all is well; the last line counts what is not listed. */
  readonly faults: readonly string[];
}

/** What verification needs from outside: what reads programmes and payment files, and the calendar. */
export interface VerifyOptions {
  /** Throws where this program cannot read a programme any more. */
  readonly readProgramme: (json: string) => Programme;
  readonly calendar: MonthsCalendar;
  readonly books: BooksRules;
}

/**
 * Checks a ledger, one row after the other. In memory stand only the grants that were ever moved, the accounts with a
 * suspension, a revocation or a commitment, and the payments of one settlement.
 */
export async function verifyLedger(
  ledger: Ledger,
  { readProgramme, calendar, books: booksRules }: VerifyOptions,
): Promise<VerifyReport> {
  const faults = createFindings();
  const { read, unread, changed } = await readKeptProgrammes(ledger, readProgramme);
  for (const hash of changed) {
    faults.add(`programme ${hash}: what is kept of it is not what its hash says`);
  }
  const told = await readTold(ledger);
  const { drawn, entries } = await sumEntries(ledger);
  const books = createBooksCheck({ ledger, faults, programmes: read, rules: booksRules });
  const counted = await checkAttempts({
    ledger,
    faults,
    books,
    note: createSightings({ drawn, faults }),
  });
  const rules = createGrantRules([...read.values()], calendar);
  const figures = await checkGrants({ ledger, drawn, rules, told, faults });
  const suspensions = await checkSuspensions({ ledger, told, faults });
  await checkStrays(ledger, faults);
  await checkStrayHolds({ ledger, faults, owned: counted.held });
  return {
    ...counted,
    entries,
    ...figures,
    ...(await books.finish()),
    suspensions,
    events: told.events,
    programmesUnread: unread.length,
    faults: faults.list(),
  };
}

async function checkAttempts(input: {
  readonly ledger: Ledger;
  readonly faults: Findings;
  readonly books: BooksCheck;
  readonly note: (row: LedgerAttempt) => void;
}) {
  const { ledger, faults, books, note } = input;
  const counted = { attempts: 0, approved: 0, held: 0, captures: 0, refunds: 0, reversed: 0 };
  for await (const sale of ledger.sales()) {
    const { row } = sale;
    const { kind, state } = row.attempt;
    counted.attempts += 1;
    counted.refunds += row.refunds.length;
    if (row.capture) counted.captures += 1;
    if (row.hold) counted.held += 1;
    if (kind === "authorization" && state === "approved") counted.approved += 1;
    if (state === "reversed") counted.reversed += 1;
    for (const fault of attemptFaults(row)) faults.add(`${nameOfAttempt(row.attempt)}: ${fault}`);
    books.sale(sale);
    note(row);
  }
  return counted;
}

async function checkStrays(ledger: Ledger, faults: Findings): Promise<void> {
  for await (const entry of ledger.strayEntries()) {
    faults.add(`${nameOfEntry(entry)} belongs to no attempt`);
  }
  for await (const reversal of ledger.strayReversals()) {
    faults.add(`${nameOfReversal(reversal)} belongs to no attempt`);
  }
  for await (const operation of ledger.strayOperations()) {
    faults.add(`${nameOfOperation(operation)} belongs to no attempt`);
  }
}

/** Every hold keeps something for an attempt: as many as attempts have, and no more. */
async function checkStrayHolds(input: {
  readonly ledger: Ledger;
  readonly faults: Findings;
  readonly owned: number;
}): Promise<void> {
  let holds = 0;
  for await (const _ of input.ledger.holds()) holds += 1;
  const strays = holds - input.owned;
  if (strays > 0) input.faults.add(`${strays} holds belong to no attempt`);
}
