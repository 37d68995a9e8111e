// CSV as French spreadsheets open it: RFC 4180 with semicolons, decimal commas, UTF-8 with its mark, and no formulas.

import { decimalOf } from "./decimal.js";

/** Text, a whole number, or an amount of euros. Null is an empty cell. */
export type Cell = string | number | { readonly cents: number } | null;

/** Without it, spreadsheets take the accents of UTF-8 for those of Windows. */
const BYTE_ORDER_MARK = "\ufeff";
/** What a spreadsheet takes for the beginning of a formula, in any of its dialects. */
const FORMULA_START = /^[=+\-@\t\r\n]/;

/** A whole file; every line ends with CRLF (RFC 4180). Rows are as long as the heading. */
export function csvFile(heading: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [heading, ...rows].map((row) => `${row.map(cellText).join(";")}\r\n`);
  return BYTE_ORDER_MARK + lines.join("");
}

function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  if (typeof cell === "object") return decimalOf(cell.cents, ",");
  // A leading apostrophe is how a spreadsheet marks text; numbers are ours and stay numbers.
  const text = FORMULA_START.test(cell) ? `'${cell}` : cell;
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
