// Reads the published vectors, and the fields of one vector with a clear error where one is missing.
import { readFileSync } from "node:fs";

const VECTOR_FILE = new URL("../../fixtures/vectors/card-and-pin.json", import.meta.url);

/** Named values of a vector: hex and other texts, numbers, lists. */
export type Fields = Readonly<Record<string, unknown>>;

/** One published vector: what goes into an operation and what must come out of it. */
export type Vector = { id: string; op: string; input: Fields; expected: Fields };

/** All vectors of the file, in its order. */
export function loadVectors(): Vector[] {
  const file: { vectors: Vector[] } = JSON.parse(readFileSync(VECTOR_FILE, "utf8"));
  return file.vectors;
}

/** A field that must be text. */
export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string") throw new TypeError(`vector field ${name} is no text`);
  return value;
}

/** A field that must be hex, as bytes. */
export function bytes(fields: Fields, name: string): Buffer {
  return Buffer.from(text(fields, name), "hex");
}

/** A field that must be a whole number. */
export function whole(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number") throw new TypeError(`vector field ${name} is no number`);
  return value;
}

/** A field that must be a list of texts. */
export function texts(fields: Fields, name: string): string[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw new TypeError(`vector field ${name} is no list`);
  return value.map(String);
}
