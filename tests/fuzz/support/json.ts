// The text of JSON bodies that are almost right: a wrong type, a huge number, a second key, a prototype, a cut end.

import fc from "fast-check";
import { damaged } from "./damage.js";

const DEPTH = 4_000;
const LONG = 9_000;

/** Values that no field expects, as JSON text. */
const HOSTILE_VALUES: readonly string[] = [
  ...["null", "true", "[]", "{}", '""', "0", "-0", "-1", "0.1", "1e999", "-1e308", "1e-400"],
  ...["9007199254740993", "9223372036854775808", '"\\ud800"', '"\\u0000"', '"１２"', '"1e3"'],
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":null,"valueOf":1}',
  `${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}`,
  `${'{"a":'.repeat(DEPTH / 4)}1${"}".repeat(DEPTH / 4)}`,
  `"${"x".repeat(LONG)}"`,
  `[${"0,".repeat(LONG / 3)}0]`,
];

const hostileValue = fc.oneof(
  { arbitrary: fc.constantFrom(...HOSTILE_VALUES), weight: 3 },
  { arbitrary: fc.json(), weight: 1 },
);

type Change = (text: string) => string;

/** Changes of a whole object's text. */
const TEXT_CHANGES: Readonly<Record<string, Change>> = {
  none: (text) => text,
  "a prototype": (text) => text.replace("{", '{"__proto__":{"polluted":true},'),
  "the first key twice": (text) => text.replace(/^\{("[^"]*"):/, "{$1:null,$1:"),
  "an unknown key": (text) => text.replace("{", '{"surplus":1,'),
  "an end too many": (text) => `${text}}`,
  "a byte order mark": (text) => `\ufeff${text}`,
  "in an array": (text) => `[${text}]`,
  "single quotes": (text) => text.replaceAll('"', "'"),
  "a comma at the end": (text) => text.replace(/\}$/, ",}"),
};

/** Bodies made of a valid one. */
export function hostileBody(valid: unknown): fc.Arbitrary<Buffer> {
  const places = countOf(valid);
  const changed = fc
    .tuple(
      fc.nat(places - 1),
      fc.option(hostileValue),
      fc.constantFrom(...Object.keys(TEXT_CHANGES)),
    )
    .map(([place, value, change]) => {
      const text = value === null ? JSON.stringify(valid) : withValue(valid, place, value);
      return Buffer.from(TEXT_CHANGES[change]?.(text) ?? text);
    });
  return fc.oneof(
    { arbitrary: changed, weight: 6 },
    {
      arbitrary: damaged(fc.constant(Buffer.from(JSON.stringify(valid)))).map((it) =>
        Buffer.from(it),
      ),
      weight: 2,
    },
    { arbitrary: fc.json().map((text) => Buffer.from(text)), weight: 1 },
    { arbitrary: fc.uint8Array({ maxLength: 200 }).map((it) => Buffer.from(it)), weight: 1 },
  );
}

/** How many values there are in a value, itself included. */
function countOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((sum, one) => sum + countOf(one), 1);
}

/** The text of a value with other text in the place of one value in it, counted from the outside inwards. */
function withValue(value: unknown, place: number, text: string): string {
  if (place === 0) return text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  let left = place - 1;
  const parts = Object.entries(value).map(([name, one]) => {
    const isWithin = left >= 0 && left < countOf(one);
    const part = isWithin ? withValue(one, left, text) : JSON.stringify(one);
    left -= countOf(one);
    return Array.isArray(value) ? part : `${JSON.stringify(name)}:${part}`;
  });
  return Array.isArray(value) ? `[${parts.join()}]` : `{${parts.join()}}`;
}
