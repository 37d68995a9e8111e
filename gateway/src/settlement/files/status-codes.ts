// What a bank's codes (ISO 20022 external code sets) mean here: paid, rejected, not settled yet, or here twice.

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

/**
 * Reasons (ISO 20022 external code set) that say of something that the bank has it already. A file sent twice comes back
 * with them, while its first copy is carried out.
 */
const DUPLICATES: ReadonlySet<string> = new Set(["AM05", "DU01", "DU02", "DU03", "DU04", "DU05"]);

/** Whether a reason speaks of a second copy, and says nothing of the first. */
export function isDuplicate(reasonCode: string): boolean {
  return DUPLICATES.has(reasonCode);
}
