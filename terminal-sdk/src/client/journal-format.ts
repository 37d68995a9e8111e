// The form of the journal's records on disk: one line each, checksum first, so that a torn line shows.

import { createHash } from "node:crypto";
import { isRecordType, type JournalRecord } from "./journal-records.js";

/** Hex digits of SHA-256 that a line carries: 64 bits tell any torn or altered line. */
const CHECKSUM_DIGITS = 16;

/** One record as a line, its end included. */
export function formatLine(record: JournalRecord): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

type Line = JournalRecord | "damaged" | "unknownType" | "noRecord";

function parseLine(line: string): Line {
  const json = line.slice(CHECKSUM_DIGITS + 1);
  if (line !== `${checksum(json)} ${json}`) return "damaged";
  // The checksum vouches that this is what was written; the type says whether this version knows it.
  const record = parseRecord(json);
  if (record === null) return "noRecord";
  return isRecordType(record.type) ? (record as JournalRecord) : "unknownType";
}

/** What every record of every version has, or null. */
function parseRecord(json: string): { readonly type: string } | null {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    return null;
  }
  if (typeof data !== "object" || data === null) return null;
  const { type, id, atMs } = data as Readonly<Record<string, unknown>>;
  const isRecord = typeof type === "string" && typeof id === "string" && typeof atMs === "number";
  return isRecord ? { ...data, type } : null;
}

type ParsedJournal =
  | { readonly ok: true; readonly records: readonly JournalRecord[] }
  | { readonly ok: false; readonly lineNumber: number; readonly why: JournalFault };

/**
 * A durable line has changed; a later version wrote a line of its own; something else than a terminal wrote one; or this
 * never was a journal.
 */
export type JournalFault = "damaged" | "unknownType" | "noRecord" | "noJournal";

/**
 * What a journal file says. A last line that is cut or damaged was never synced, so it is dropped. A damaged line
 * before a good one means that a disk or a person has changed what was durable. A file without any good line must at
 * least begin like one: it could be anything, and opening a journal rewrites it.
 */
export function parseJournal(text: string): ParsedJournal {
  const lines = text.split("\n");
  const unfinished = lines.pop() ?? "";
  const parsed = lines.map(parseLine);
  const fault = (why: JournalFault, index: number): ParsedJournal => {
    return { ok: false, lineNumber: index + 1, why };
  };
  const unknown = parsed.indexOf("unknownType");
  if (unknown !== -1) return fault("unknownType", unknown);
  const noRecord = parsed.indexOf("noRecord");
  if (noRecord !== -1) return fault("noRecord", noRecord);
  const records = parsed.filter((line) => typeof line === "object");
  if (records.length === 0 && !beginsLikeALine(lines[0] ?? unfinished))
    return fault("noJournal", 0);
  const damaged = parsed.indexOf("damaged");
  if (damaged !== -1 && damaged !== parsed.length - 1) return fault("damaged", damaged);
  return { ok: true, records };
}

/**
 * Whether a text could be a line, or the beginning of one: the checksum, a space, an object. Where a power cut kept the
 * length of a file and not what was written, NULs stand for that.
 */
function beginsLikeALine(torn: string): boolean {
  const text = torn.replace(/\0+$/, "");
  const checksumPart = text.slice(0, CHECKSUM_DIGITS);
  return /^[0-9a-f]*$/.test(checksumPart) && /^(?: (?:\{.*)?)?$/.test(text.slice(CHECKSUM_DIGITS));
}

function checksum(json: string): string {
  return createHash("sha256").update(json).digest("hex").slice(0, CHECKSUM_DIGITS);
}
