// The text of a row, which its digest is over: the same bytes whichever driver keeps the row, and however old it is.

import { createHash, type Hash } from "node:crypto";
import { sha256 } from "./sha256.js";

/** By the names of the driver's records. An event's notes are their JSON text. */
export type ChainFields = Readonly<Record<string, FieldValue>>;
export type FieldValue = string | number | Uint8Array | null;

/** Rows whose fields stand in the same places. */
export interface RowShape {
  /**
   * SHA-256 of a row's fields as JSON with sorted names, bytes as hex; a character for each byte. What is null is left
   * out, so that a column which is added later leaves the links of earlier rows as they are.
   */
  digestOf(values: readonly FieldValue[]): string;
  fieldsOf(values: readonly FieldValue[]): ChainFields;
}

/**
 * From here on a value is digested by itself. One character beyond Latin-1, such as the euro sign of an answer, would
 * else make the whole text one of wide characters, which costs more than the value.
 */
const LONG_TEXT_CHARS = 128;

/** @param names by place; null for what is not sealed. They are identifiers, as schemas and records have them. */
export function rowShape(names: readonly (string | null)[]): RowShape {
  const fields = names.flatMap((name, place) => (name === null ? [] : [{ name, place }]));
  const sorted = fields
    .map(({ name, place }) => ({ name, place, key: `"${name}":` }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));

  return {
    digestOf(values) {
      let long: Hash | null = null;
      let text = "";
      let before = "{";
      for (const { place, key } of sorted) {
        const value = values[place] ?? null;
        if (value === null) continue;
        text += before + key;
        before = ",";
        const told = valueText(value);
        if (told.length < LONG_TEXT_CHARS) {
          text += told;
        } else {
          long = (long ?? createHash("sha256")).update(text).update(told);
          text = "";
        }
      }
      text += before === "{" ? "{}" : "}";
      return long === null ? sha256(text) : long.update(text).digest("binary");
    },
    fieldsOf: (values) =>
      Object.fromEntries(fields.map(({ name, place }) => [name, values[place] ?? null])),
  };
}

function valueText(value: string | number | Uint8Array): string {
  if (!(value instanceof Uint8Array)) return JSON.stringify(value);
  const { buffer, byteOffset, byteLength } = value;
  return `"${Buffer.from(buffer, byteOffset, byteLength).toString("hex")}"`;
}
