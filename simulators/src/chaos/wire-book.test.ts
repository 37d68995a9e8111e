// A sale that left is open until each of its tries was refused, also in the till's next life.

import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WireBook } from "./wire-book.js";

const SALE = { path: "/v1/authorizations", id: "1" };
const REFUSAL = { ...SALE, status: 429, body: { code: "RATE_LIMITED" } };
const DECLINE = { ...SALE, status: 200, body: { outcome: "declined", code: "PIN_WRONG" } };
const FAILURE = { ...SALE, status: 500, body: { code: "INTERNAL" } };

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-wire-"));
  path = join(folder, "wire");
});

afterEach(() => rmSync(folder, { recursive: true }));

test("what never left is not open, and reversals are not the sale", () => {
  const book = new WireBook(path);
  book.left({ path: "/v1/authorizations/1/reversal", id: null });
  expect(book.mayBeDecided("1")).toBe(false);
});

test("one refusal closes one try", () => {
  const book = new WireBook(path);
  book.left(SALE);
  book.left(SALE);
  book.heard(REFUSAL);
  expect(book.mayBeDecided("1")).toBe(true);
  book.heard(REFUSAL);
  expect(book.mayBeDecided("1")).toBe(false);
});

test.each([DECLINE, FAILURE])("HTTP $status with $body.code leaves it open", (answer) => {
  const book = new WireBook(path);
  book.left(SALE);
  book.heard(answer);
  expect(book.mayBeDecided("1")).toBe(true);
});

test("the next life knows, and a line that was cut off spoils nothing", () => {
  new WireBook(path).left(SALE);
  appendFileSync(path, "left 2");
  new WireBook(path).left({ ...SALE, id: "3" });
  const book = new WireBook(path);
  expect(["1", "2", "3"].map((id) => book.mayBeDecided(id))).toEqual([true, false, true]);
});
