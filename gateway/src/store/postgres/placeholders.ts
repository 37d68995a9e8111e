// Turns the shared SQL's `?` and `@name` into PostgreSQL's `$1`, `$2` …

import { createHash } from "node:crypto";
import { assert } from "../../core/assert.js";
import type { SqlValue, SqlValues } from "../sql/sql.js";

export interface Translated {
  /** Of its own for each text, so that a connection prepares it once. */
  readonly name: string;
  readonly text: string;
  /** A statement's values in the order of the text's numbers. @throws BugError where they do not fit the text. */
  valuesOf(values: SqlValues): SqlValue[];
}

/** What is skipped, for whatever stands in it: strings, quoted names, comments. Then what is replaced. */
const TOKENS = /'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?|@([A-Za-z]\w*)/g;

/** Characters of a digest that tell a handful of hundreds of texts apart, within PostgreSQL's 63. */
const NAME_CHARS = 32;

/** @throws BugError where a text has both kinds of placeholders. */
export function translate(text: string): Translated {
  let count = 0;
  const names: string[] = [];
  const numbered = text.replace(TOKENS, (token, name: string | undefined) => {
    if (token === "?") {
      count += 1;
      return `$${count}`;
    }
    if (name === undefined) return token;
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  assert(count === 0 || names.length === 0, "a statement's values are in their order, or by name");
  const name = createHash("sha256").update(text).digest("hex").slice(0, NAME_CHARS);
  const valuesOf = names.length > 0 ? valuesByName(names) : valuesInOrder(count);
  return { name, text: numbered, valuesOf };
}

function valuesInOrder(count: number): Translated["valuesOf"] {
  return (values) => {
    assert(values.length === count, `a statement with ${count} values was given ${values.length}`);
    return values.map((value) => {
      assert(!isNamed(value), "values in their order are no object");
      return fit(value);
    });
  };
}

function valuesByName(names: readonly string[]): Translated["valuesOf"] {
  return ([given]) => {
    assert(isNamed(given), "values by name are one object");
    return names.map((name) => {
      const value = given[name];
      assert(value !== undefined, `there is no value @${name}`);
      return fit(value);
    });
  };
}

type Given = SqlValues[number] | undefined;

function isNamed(value: Given): value is Readonly<Record<string, SqlValue>> {
  return typeof value === "object" && value !== null && !(value instanceof Uint8Array);
}

/** PostgreSQL keeps no NUL in a text: told here, it spoils one sale and not its transaction. @throws BugError */
export function fit(value: SqlValue): SqlValue {
  assert(typeof value !== "string" || !value.includes("\0"), "a text has no NUL in it");
  assert(typeof value !== "number" || Number.isSafeInteger(value), "a number is a safe integer");
  return value;
}
