// What a bank's payment status (ISO 20022 external code set) means here: paid, rejected, or not settled yet.

/** `PAID` and `REJECTED` are final here; null waits for a later report. */
export type StatusMeaning = "PAID" | "REJECTED" | null;

const MEANINGS: ReadonlyMap<string, StatusMeaning> = new Map<string, StatusMeaning>([
  // Settled on the creditor's or the debtor's account, or accepted and on its way: from here on only a return undoes it.
  ["ACCC", "PAID"],
  ["ACSC", "PAID"],
  ["ACSP", "PAID"],
  ["RJCT", "REJECTED"],
  ["CANC", "REJECTED"],
  ["RCVD", null],
  ["ACTC", null],
  ["ACCP", null],
  ["ACFC", null],
  ["ACWC", null],
  ["ACWP", null],
  ["ACPD", null],
  ["BLCK", null],
  ["PATC", null],
  ["PDNG", null],
  ["PRES", null],
  // Of groups alone: their payments say each for itself.
  ["PART", null],
]);

/** Undefined for a code that is in no list known here. */
export function meaningOf(code: string): StatusMeaning | undefined {
  return MEANINGS.get(code);
}
