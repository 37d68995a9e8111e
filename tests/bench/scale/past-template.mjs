// @ts-check
// A real sale of a ledger as a pattern: its rows and the texts in them, with another's ids and another instant in their place.

/** @typedef {string | number | Buffer | null} Value what SQLite stores */
/** @typedef {Record<string, Value>} Row */
/** @typedef {{ attemptId: string, terminalId: string, accountId: string, atMs: number }} SaleIdentity */
/** @typedef {(sale: SaleIdentity) => Value[]} RowPattern the values of one row, in the order of its columns */

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * @param {Row} row of the real sale
 * @param {readonly string[]} columns those that are copied
 * @param {SaleIdentity} real whose row it is
 * @returns {RowPattern}
 */
export function rowPattern(row, columns, real) {
  const values = columns.map((column) => valuePattern(row[column] ?? null, real));
  return (sale) => values.map((value) => value(sale));
}

/** @param {Value} value @param {SaleIdentity} real @returns {(sale: SaleIdentity) => Value} */
function valuePattern(value, real) {
  if (typeof value === "string") return textPattern(value, real);
  return value === real.atMs ? ({ atMs }) => atMs : () => value;
}

/**
 * Cut once at whatever names the sale, so that a copy is a few strings put together.
 *
 * @param {string} text @param {SaleIdentity} real @returns {(sale: SaleIdentity) => string}
 */
function textPattern(text, real) {
  /** @type {Map<string, keyof SaleIdentity>} */
  const fields = new Map();
  for (const name of /** @type {const} */ (["attemptId", "terminalId", "accountId", "atMs"])) {
    fields.set(String(real[name]), name);
  }
  const names = [...fields.keys()].map(escaped).join("|");
  // "T-4" is no part of "T-40", and an instant none of a longer number.
  const pieces = text.split(new RegExp(`(?<![\\w-])(${names})(?![\\w-])`));
  const parts = pieces.map((piece, index) => ({ piece, field: index % 2 && fields.get(piece) }));
  return (sale) => {
    let copy = "";
    for (const { piece, field } of parts) copy += field ? sale[field] : piece;
    return copy;
  };
}
