// A row's digest is over the JSON of its fields in the order of their names, to the byte, whatever the fields hold.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printedSeed } from "../../../../tests/support/random.js";
import { type ChainFields, rowShape } from "./row-shape.js";

const digestOf = (fields: ChainFields) =>
  rowShape(Object.keys(fields)).digestOf(Object.values(fields));

const sha256 = (text: string) => createHash("sha256").update(text).digest("binary");

/** As the first sealer made it: an object for each row, its names sorted. */
function asAnObject(fields: ChainFields): string {
  const told: Record<string, string | number> = {};
  for (const name of Object.keys(fields).sort()) {
    const value = fields[name] ?? null;
    if (value === null) continue;
    told[name] = value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
  }
  return JSON.stringify(told);
}

describe("a row's digest", () => {
  it("is over JSON with sorted names, bytes as hex", () => {
    const fields = { units: -7, grantId: "é", key: Buffer.from("0aff", "hex") };
    expect(digestOf(fields)).toBe(sha256('{"grantId":"é","key":"0aff","units":-7}'));
  });

  it("is the same where a later schema adds a column that this row has nothing in", () => {
    expect(digestOf({ units: 1, added: null })).toBe(digestOf({ units: 1 }));
    expect(digestOf({ added: null })).toBe(sha256("{}"));
  });

  it("has nothing of what is not sealed, wherever that stands", () => {
    const shape = rowShape(["b", null, "a", null]);
    expect(shape.digestOf([1, 2, 3, 4])).toBe(sha256('{"a":3,"b":1}'));
    expect(shape.fieldsOf([1, 2, 3, 4])).toEqual({ a: 3, b: 1 });
  });

  it.each<[string, string | number]>([
    ["a value of another kind", "-7"],
    ["an empty text", ""],
    ["another value", 7],
  ])("is another for %s", (_what, units) => {
    expect(digestOf({ units })).not.toBe(digestOf({ units: -7 }));
    expect(digestOf({ units })).not.toBe(digestOf({ units: null }));
  });

  it("is what it always was, whatever the fields hold and however long they are", () => {
    const options = printedSeed("rows of the chain", 500);
    const name = fc.stringMatching(/^[a-z][a-zA-Z]{0,12}$/);
    const maxLength = 300;
    const value = fc.oneof(
      fc.string({ unit: "binary", maxLength, size: "max" }),
      fc.string({ maxLength, size: "max" }),
      // Halves of characters too.
      fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes)),
      fc.maxSafeInteger(),
      fc.uint8Array({ maxLength, size: "max" }),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (fields) => {
        expect(digestOf(fields)).toBe(sha256(asAnObject(fields)));
      }),
      options,
    );
  });
});
