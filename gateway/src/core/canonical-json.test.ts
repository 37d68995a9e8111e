import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.js";

/** What the digests of stored decisions were made with before. */
function sortedByReplacer(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== "object" || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** No names like "7", which objects put first: no effect and no request has one. */
const NAME = fc.string().filter((name) => !/^\d+$/.test(name));
const VALUE = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: "binary" }),
    fc.array(tie("value")),
    fc.dictionary(NAME, fc.option(tie("value"), { nil: undefined })),
  ),
})).value;

describe("canonical JSON", () => {
  it("is the same text as was ever digested", () => {
    fc.assert(
      fc.property(VALUE, (value) => {
        expect(canonicalJson(value)).toBe(sortedByReplacer(value));
      }),
    );
  });

  it("does not depend on the order in which fields were written", () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: "é" })).toBe('{"a":"é","b":[{"d":1}]}');
    expect(canonicalJson({ a: "é", b: [{ d: 1 }] })).toBe('{"a":"é","b":[{"d":1}]}');
  });

  it("has a place for what is not there in a list, and none in an object", () => {
    expect(canonicalJson([undefined, { a: undefined }])).toBe("[null,{}]");
  });
});
