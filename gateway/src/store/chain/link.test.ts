// A link's hash can be made again by hand from what is written about it, and depends on all that it stands for.

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ChainRow } from "./driver.js";
import { BEFORE_FIRST, headMessage, linkAfter, linkHash } from "./link.js";

const ROW: ChainRow = {
  source: "entries",
  seq: 3,
  fields: { units: -7, grantId: "é", key: Buffer.from("0aff", "hex"), none: null },
};

const sha256 = (...parts: readonly (string | Uint8Array)[]) =>
  createHash("sha256")
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();

describe("a link's hash", () => {
  it("is over the hash before, number, seq, source and the digest of the row's JSON", () => {
    const numbers = Buffer.from("00000000000000010000000000000003", "hex");
    const digest = sha256('{"grantId":"é","key":"0aff","units":-7}');
    const expected = sha256(sha256("pass-tpe chain 1"), numbers, "entries", digest);
    expect(linkHash(BEFORE_FIRST.hash, 1, ROW)).toEqual(expected);
  });

  it("is the same where a later schema adds a column that this row has nothing in", () => {
    const later = { ...ROW, fields: { ...ROW.fields, added: null } };
    expect(linkAfter(BEFORE_FIRST, later)).toEqual(linkAfter(BEFORE_FIRST, ROW));
  });

  it.each<[string, Partial<ChainRow>]>([
    ["another source", { source: "events" }],
    ["another place", { seq: 4 }],
    ["another value", { fields: { ...ROW.fields, units: 7 } }],
    ["a value of another kind", { fields: { ...ROW.fields, units: "-7" } }],
    ["a value where there was none", { fields: { ...ROW.fields, none: "" } }],
  ])("is another for %s", (_what, change) => {
    const other = linkHash(BEFORE_FIRST.hash, 1, { ...ROW, ...change });
    expect(other).not.toEqual(linkHash(BEFORE_FIRST.hash, 1, ROW));
  });

  it("is another after another link", () => {
    const first = linkAfter(BEFORE_FIRST, ROW);
    expect(linkAfter(first, ROW).hash).not.toEqual(linkHash(BEFORE_FIRST.hash, 2, ROW));
  });
});

describe("what a head's signature is over", () => {
  it("is one line of ASCII", () => {
    const message = headMessage({ no: 12, hash: Buffer.from("0aff", "hex"), atMs: 1_700 });
    expect(Buffer.from(message).toString("ascii")).toBe("pass-tpe head 1 12 0aff 1700");
  });
});
