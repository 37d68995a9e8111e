// Reads files of vectors, and the fields of one vector with a clear error where one is missing.
import { readdirSync, readFileSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { fromHex } from "@pass-tpe/protocol/standards";

const FOLDER = fileURLToPath(new URL("../../fixtures/vectors/", import.meta.url));

/** Named values of a vector: hex and other texts, numbers, lists. */
export type Fields = Readonly<Record<string, unknown>>;

/** One vector: what goes into an operation and what must come out of it. */
export type Vector = { id: string; op: string; input: Fields; expected: Fields };

/** Gives what the product makes of a vector's input. What is expected is looked at for missing random bytes alone. */
export type Runner = (input: Fields, expected: Fields) => Fields;

/** Every file of the published vectors. */
export function publishedPaths(): string[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  return names.toSorted().map((name) => FOLDER + name);
}

/** Every file that the environment variable `VECTORS` names, with the platform's delimiter between two. */
export function namedPaths(): string[] {
  return (process.env["VECTORS"] ?? "").split(delimiter).filter((path) => path !== "");
}

/**
 * All vectors of a file, in its order.
 *
 * @throws Error that names the file and what is wrong with it.
 */
export function readVectors(path: string): Vector[] {
  const fault = (what: string, cause?: unknown) =>
    new Error(`vector file ${path} ${what}; write it as fixtures/vectors/card-and-pin.json is`, {
      cause,
    });
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw fault(`cannot be read: ${error instanceof Error ? error.message : error}`, error);
  }
  const vectors = isFields(content) ? content["vectors"] : undefined;
  if (!Array.isArray(vectors)) throw fault("has no list named vectors");
  if (vectors.length === 0) throw fault("has no vector in it");
  return vectors.map((vector: unknown, index) => {
    if (isVector(vector)) return vector;
    throw fault(`has no id, op, input and expected in vector ${index + 1}`);
  });
}

function isVector(value: unknown): value is Vector {
  if (!isFields(value)) return false;
  const { id, op, input, expected } = value;
  return typeof id === "string" && typeof op === "string" && isFields(input) && isFields(expected);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field that must be text. */
export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string") throw new TypeError(`vector field ${name} is no text`);
  return value;
}

/** A field that must be hex, as bytes. */
export function bytes(fields: Fields, name: string): Buffer {
  return fromHex(text(fields, name));
}

/** A field that must be a whole number. */
export function whole(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new TypeError(`vector field ${name} is no whole number`);
  }
  return value;
}

/** A field that must be a list of texts. */
export function texts(fields: Fields, name: string): string[] {
  return listOf(fields, name).map(String);
}

/** A field that must be a list of named values. */
export function list(fields: Fields, name: string): Fields[] {
  return listOf(fields, name).map((value) => {
    if (isFields(value)) return value;
    throw new TypeError(`vector field ${name} holds something without fields`);
  });
}

function listOf(fields: Fields, name: string): unknown[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw new TypeError(`vector field ${name} is no list`);
  return value;
}
