// Holds the books of reimbursement to the ledger: what decides who is paid how much, from the sale to the bank's file.

import type { Programme } from "../core/programme.js";
import type { Ledger, LedgerSale } from "./driver.js";
import type { Findings } from "./findings.js";
import { nameOfAttempt } from "./row-names.js";
import { lineFaults } from "./verify-lines.js";
import { checkPayments, type ReadTransfers } from "./verify-payments.js";

/** What the books are checked by, from outside. */
export interface BooksRules {
  /** The school year of an instant, `2022/2023`. */
  readonly schoolYearOf: (instantMs: number) => string;
  readonly readTransfers: ReadTransfers;
}

export interface BooksFigures {
  /** What is owed for movements of sales: each held to its movement and made again from it. */
  readonly lines: number;
  /** Each held to the lines that it was made of. */
  readonly payments: number;
  /** Each held to its payment file, where that is made. */
  readonly settlements: number;
}

export interface BooksCheck {
  /** Checks the lines of one sale. */
  sale(sale: LedgerSale): void;
  /** Checks everything that belongs to no sale. @returns what was looked at, all sales included. */
  finish(): Promise<BooksFigures>;
}

/** Builds the check of a ledger's books. @param input.programmes those that can be read, by hash. */
export function createBooksCheck(input: {
  readonly ledger: Pick<Ledger, "books">;
  readonly faults: Findings;
  readonly programmes: ReadonlyMap<string, Programme>;
  readonly rules: BooksRules;
}): BooksCheck {
  const { ledger, faults, programmes } = input;
  const { schoolYearOf, readTransfers } = input.rules;
  const { books } = ledger;
  let lines = 0;
  return {
    sale({ row, books: own }) {
      if (row.attempt.kind !== "authorization") return;
      lines += own.lines.length;
      for (const fault of lineFaults(row, own, { programmes, schoolYearOf })) {
        faults.add(`${nameOfAttempt(row.attempt)}: ${fault}`);
      }
    },
    finish: async () => ({ lines, ...(await checkPayments({ books, faults, readTransfers })) }),
  };
}
