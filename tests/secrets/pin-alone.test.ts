// Two whole runs that differ in the PINs alone: what they leave is equal, byte for byte, but for what is named here.

import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  type Beginning,
  makeBeginning,
  playTwin,
  type Row,
  type Traces,
  type Typed,
} from "./twin.js";

/** Keys, slow hashes, two gateways: on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const ONE: Typed = { first: "7294", changed: "8163", wrong: "5083", weak: "0000" };
const OTHER: Typed = { first: "6038", changed: "2795", wrong: "9471", weak: "7777" };

/**
 * The columns that may differ, and why:
 * - a PIN's verification value is HMAC-SHA-256(pepper, card ‖ salt ‖ PIN), under a key that is not in the folder;
 * - a request's fingerprint is an HMAC over the request, PIN block included, under a sealed key;
 * - links, heads and their signatures are hashes over rows, fingerprints included.
 */
const MAY_DIFFER: readonly (readonly [table: string, column: string])[] = [
  ["cards", "pin_verifier"],
  ["attempts", "fingerprint"],
  ["links", "hash"],
  ["heads", "hash"],
  ["heads", "signature"],
];

let beginning: Beginning;
let one: Traces;
let other: Traces;

beforeAll(async () => {
  // One instant for everything that reads the machine's clock: the log, and what is made of it.
  vi.useFakeTimers({ toFake: ["Date"] });
  beginning = await makeBeginning();
  one = await playTwin(beginning, ONE);
  other = await playTwin(beginning, OTHER);
});
afterAll(() => {
  beginning.remove();
  vi.useRealTimers();
});

test("what was typed came to the same in both runs, and was looked at", () => {
  const codes = one.results.flatMap((it) => /"code":"([A-Z_]+)"/.exec(it)?.[1] ?? []);
  expect(codes).toEqual([
    "APPROVED",
    "PIN_INCORRECT",
    "APPROVED",
    "PIN_INCORRECT",
    "PIN_INCORRECT_LAST",
    "PIN_LOCKED",
    "PIN_LOCKED",
    "APPROVED",
    "PIN_INCORRECT",
  ]);
  expect(one.log).toContain('"code":"PIN_REFUSED"');
});

test.each(["log", "metrics", "journal", "pinKeyFile", "events", "results"] as const)(
  "%s are equal, byte for byte",
  (what) => {
    expect(one[what].length).toBeGreaterThan(0);
    expect(other[what]).toEqual(one[what]);
  },
);

test("every HTTP answer is equal, with its headers", () => {
  expect(one.answers.length).toBeGreaterThan(12);
  expect(other.answers).toEqual(one.answers);
});

test("every row of every table is equal in every column but those that are named", () => {
  expect([...one.rows.keys()]).toEqual([...other.rows.keys()]);
  for (const [table, rows] of one.rows) {
    expect(blanked(table, other.rows.get(table) ?? [])).toEqual(blanked(table, rows));
  }
});

test("the named columns do differ: the runs were not one", () => {
  for (const [table, column] of MAY_DIFFER) {
    const [mine, its] = [one, other].map(({ rows }) => valuesOf(rows, table, column));
    expect(mine?.length).toBeGreaterThan(0);
    expect(its).not.toEqual(mine);
  }
});

test("exported heads are equal but for hash and signature", () => {
  const headsOf = ({ heads }: Traces) =>
    heads
      .split("\n")
      .filter(Boolean)
      .map((line) => ({ ...JSON.parse(line), hash: "", signature: "" }));
  expect(headsOf(one).length).toBeGreaterThan(0);
  expect(headsOf(other)).toEqual(headsOf(one));
});

test("database and write-ahead log are equal in every byte of every page but for those values", () => {
  expect([...one.files.keys()]).toEqual([...other.files.keys()]);
  expect([...one.files.keys()]).toContain("gateway.db-wal running");
  for (const [name, bytes] of one.files) {
    const its = other.files.get(name) ?? Buffer.of();
    expect([
      name,
      pagesOf(name, masked(bytes, one)).equals(pagesOf(name, masked(its, other))),
    ]).toEqual([name, true]);
  }
});

const columnsOf = (table: string) =>
  MAY_DIFFER.flatMap(([of, column]) => (table.endsWith(of) ? [column] : []));

/** Rows without what may differ; whether it is there at all must not. */
function blanked(table: string, rows: readonly Row[]): readonly Row[] {
  const columns = columnsOf(table);
  return rows.map((row) => {
    const values = columns.map((column) => [column, row[column] === null ? null : "(blanked)"]);
    return { ...row, ...Object.fromEntries(values) };
  });
}

function valuesOf(rows: Traces["rows"], table: string, column: string): readonly Buffer[] {
  return [...rows].flatMap(([name, found]) =>
    name.endsWith(table)
      ? found.flatMap((row) => {
          const value = row[column];
          return Buffer.isBuffer(value) ? [value] : [];
        })
      : [],
  );
}

/** A file with zeros in the place of every value that may differ, wherever it stands. */
function masked(bytes: Buffer, { rows }: Traces): Buffer {
  const result = Buffer.from(bytes);
  for (const value of MAY_DIFFER.flatMap(([table, column]) => valuesOf(rows, table, column))) {
    for (let at = result.indexOf(value); at >= 0; at = result.indexOf(value, at + value.length)) {
      result.fill(0, at, at + value.length);
    }
  }
  return result;
}

const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/** Of a write-ahead log, page numbers and pages: its salts are random and its checksums made with them. */
function pagesOf(name: string, bytes: Buffer): Buffer {
  if (!name.startsWith("gateway.db-wal")) return bytes;
  const frameBytes = FRAME_HEADER_BYTES + bytes.readUInt32BE(8);
  const parts = [];
  for (let at = WAL_HEADER_BYTES; at + frameBytes <= bytes.length; at += frameBytes) {
    parts.push(
      bytes.subarray(at, at + 8),
      bytes.subarray(at + FRAME_HEADER_BYTES, at + frameBytes),
    );
  }
  return Buffer.concat(parts);
}
