// A link's hash can be made again by hand from what is written about it, and depends on all that it stands for.

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ChainRow } from "./driver.js";
import { BEFORE_FIRST, headMessage, linkAfter, linkHash } from "./link.js";
import { rowShape } from "./row-shape.js";

const sha256 = (...parts: readonly (string | Uint8Array)[]) =>
  createHash("sha256")
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();

const ROW: ChainRow = {
  source: "entries",
  seq: 3,
  values: [-7, "é"],
  shape: rowShape(["units", "grantId"]),
};
const DIGEST = sha256('{"grantId":"é","units":-7}');

describe("a link's hash", () => {
  it("is over the hash before, number, seq, source and the row's digest", () => {
    const numbers = Buffer.from("00000000000000010000000000000003", "hex");
    const expected = sha256(sha256("pass-tpe chain 1"), numbers, "entries", DIGEST);
    expect(linkHash(BEFORE_FIRST.hash, 1, ROW)).toEqual(expected);
  });

  it("has numbers of eight bytes, also below zero", () => {
    const numbers = Buffer.from("001fffffffffffffffffffffffffffff", "hex");
    const expected = sha256(BEFORE_FIRST.hash, numbers, "entries", DIGEST);
    const row = { ...ROW, seq: -1 };
    expect(linkHash(BEFORE_FIRST.hash, Number.MAX_SAFE_INTEGER, row)).toEqual(expected);
  });

  it.each<[string, Partial<ChainRow>]>([
    ["another source", { source: "events" }],
    ["another place", { seq: 4 }],
    ["another value", { values: [7, "é"] }],
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
