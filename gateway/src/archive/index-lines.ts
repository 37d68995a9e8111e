// The lines of a filling's index: each is sealed with a checksum over itself and the line before it.

import { createHash } from "node:crypto";
import { type Line, LineSchema } from "./paths.js";

const SUM_DIGITS = 64;

/** Before the first line. */
export const NO_SUM = "0".repeat(SUM_DIGITS);

const sumOf = (before: string, json: string): string =>
  createHash("sha256").update(before).update(json).digest("hex");

/** A line as it is written, and the checksum that the next one stands on. */
export function written(
  line: Line,
  before: string,
): { readonly text: string; readonly sum: string } {
  const json = JSON.stringify(line);
  const sum = sumOf(before, json);
  return { text: `${sum} ${json}\n`, sum };
}

export interface ReadLines {
  readonly lines: readonly Line[];
  /** Of the last good line. */
  readonly sum: string;
  /** Where the last good line ends, in bytes. */
  readonly bytes: number;
  /** Why reading stopped before the end; null where everything holds. A crash may leave the last line `cut off`. */
  readonly stopped: "cut off" | "damaged" | null;
}

/** Reads an index as far as it holds. */
export function readLines(text: string): ReadLines {
  const lines: Line[] = [];
  let [sum, bytes] = [NO_SUM, 0];
  for (const one of text.split("\n")) {
    const end = bytes + Buffer.byteLength(one) + 1;
    const isLast = end > Buffer.byteLength(text);
    if (isLast) return { lines, sum, bytes, stopped: one === "" ? null : "cut off" };
    const line = lineIn(one, sum);
    if (line === null || line.no !== lines.length + 1 || line.from !== (lines.at(-1)?.to ?? 0)) {
      return { lines, sum, bytes, stopped: "damaged" };
    }
    lines.push(line);
    sum = one.slice(0, SUM_DIGITS);
    bytes = end;
  }
  return { lines, sum, bytes, stopped: null };
}

function lineIn(text: string, before: string): Line | null {
  const json = text.slice(SUM_DIGITS + 1);
  if (text.slice(0, SUM_DIGITS) !== sumOf(before, json)) return null;
  const parsed = LineSchema.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : null;
}
