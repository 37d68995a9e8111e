// The journal's records and their form on disk: one line each, checksum first, so that a torn line shows.

import { createHash } from "node:crypto";

/** What the journal knows. Never evidence, a card number or a PIN block. */
export type JournalRecord =
  /** A sale is about to be sent. */
  | {
      readonly type: "attempt";
      readonly id: string;
      readonly atMs: number;
      readonly avantage: string;
      readonly purchaseCents?: number;
      readonly quantity?: number;
    }
  /** Its result is known. */
  | {
      readonly type: "answer";
      readonly id: string;
      readonly atMs: number;
      readonly outcome: "approved" | "declined";
      readonly code: string;
      readonly amountCents?: number;
      readonly quantity?: number;
      readonly collectCents?: number;
    }
  /** The till has taken note of the approval. */
  | { readonly type: "acknowledged"; readonly id: string; readonly atMs: number }
  /** The sale must not stand; it is reversed until the gateway says so. */
  | { readonly type: "reversalOwed"; readonly id: string; readonly atMs: number }
  | { readonly type: "reversalDone"; readonly id: string; readonly atMs: number };

const TYPES: ReadonlySet<unknown> = new Set([
  "attempt",
  "answer",
  "acknowledged",
  "reversalOwed",
  "reversalDone",
]);

/** Hex digits of SHA-256 that a line carries: 64 bits tell any torn or altered line. */
const CHECKSUM_DIGITS = 16;

/** One record as a line, its end included. */
export function formatLine(record: JournalRecord): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

/** The record of one line without its end, or null when the line is damaged. */
export function parseLine(line: string): JournalRecord | null {
  const json = line.slice(CHECKSUM_DIGITS + 1);
  if (line !== `${checksum(json)} ${json}`) return null;
  // The checksum vouches that this is what a terminal wrote; the type says whether this version knows it.
  const record = JSON.parse(json) as JournalRecord;
  return TYPES.has(record.type) ? record : null;
}

/**
 * What a journal file says. A last line that is cut or damaged was never synced, so it is dropped.
 * A damaged line before a good one means that a disk or a person has changed what was durable.
 */
export function parseJournal(
  text: string,
):
  | { readonly ok: true; readonly records: readonly JournalRecord[]; readonly tornLine: boolean }
  | { readonly ok: false; readonly lineNumber: number } {
  const lines = text.split("\n");
  const unfinished = lines.pop();
  const parsed = lines.map(parseLine);
  const firstBad = parsed.indexOf(null);
  if (firstBad !== -1 && firstBad !== parsed.length - 1) {
    return { ok: false, lineNumber: firstBad + 1 };
  }
  const records = parsed.filter((record) => record !== null);
  return { ok: true, records, tornLine: unfinished !== "" || firstBad !== -1 };
}

function checksum(json: string): string {
  return createHash("sha256").update(json).digest("hex").slice(0, CHECKSUM_DIGITS);
}
