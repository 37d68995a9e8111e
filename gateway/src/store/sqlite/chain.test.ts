// The chain of known rows is what it was when they were first sealed: links that were made once hold for ever.

import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { chainStepsOn } from "../../../../tests/support/chain-steps.js";
import { tempFiles } from "../../../../tests/support/temp-folder.js";
import { sqliteDriver } from "./driver.js";

const newFile = tempFiles();

type Row = Readonly<Record<string, string | number | Uint8Array | null>>;

/** Of one byte, two, three and four in UTF-8, and all that JSON escapes. */
const TEXT = 'Zoé "l’été" \\ \u{1f3ad} \u0000\u0001\b\t\n\f\r\u001f\u007f\u2028 </script>';
const JSON_TEXT = JSON.stringify({
  holder: TEXT,
  amountCents: 700,
  grants: [{ id: "g", left: 0 }],
});
const DIGEST = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 8));
const SALE_ID = "018c0d6f-0000-7000-8000-000000000001";

const ATTEMPT: Row = {
  terminal_id: "terminal-1",
  id: SALE_ID,
  kind: "authorization",
  state: "approved",
  fingerprint: DIGEST,
  code: "APPROVED",
  account_id: "account-1",
  partner_id: "partner-1",
  avantage: "SPECTACLE",
  decided_at_ms: 1_668_000_000_123,
  programme_hash: "hash",
  rules_version: 3,
  input: JSON_TEXT,
  effects_digest: Buffer.alloc(32),
  answer: JSON_TEXT,
};

const TOMBSTONE: Row = {
  terminal_id: "terminal-1",
  id: TEXT,
  kind: "tombstone",
  state: "reversed",
  code: "REVERSED",
  decided_at_ms: 1_668_000_000_124,
  programme_hash: "hash",
  rules_version: 3,
};

const OPERATION: Row = {
  kind: "capture",
  terminal_id: "terminal-1",
  attempt_id: SALE_ID,
  id: SALE_ID,
  asked_by: "terminal terminal-1",
  asked: null,
  units: 400,
  at_ms: 1_668_000_000_125,
  programme_hash: "hash",
  input: "{}",
  answer: JSON_TEXT,
};

const REVERSAL: Row = {
  terminal_id: "terminal-1",
  id: SALE_ID,
  reason: "automatic",
  asked_by: "terminal terminal-1",
  units: 700,
  at_ms: 1_668_000_000_126,
  answer: JSON_TEXT,
};

const ENTRY: Row = {
  account_id: "account-1",
  grant_id: "grant-1",
  terminal_id: "terminal-1",
  attempt_id: SALE_ID,
  units: -Number.MAX_SAFE_INTEGER,
  at_ms: 0,
};

const EVENT: Row = {
  id: "event-1",
  agent_id: "operator-1",
  role: "operator",
  type: "partner.saved",
  subject: "partner-1",
  at_ms: 1_668_000_000_127,
  fingerprint: DIGEST,
  outcome: "refused",
  refusal: TEXT,
  notes: JSON.stringify(["été", TEXT]),
};

/** By table and place; some places need more than four bytes. */
const ROWS: readonly (readonly [string, number, Row])[] = [
  ["attempts", 1, ATTEMPT],
  ["attempts", 2, TOMBSTONE],
  ["operations", 1, OPERATION],
  ["reversals", 1, REVERSAL],
  ["entries", 1, ENTRY],
  ["entries", 2 ** 32 + 5, ENTRY],
  ["events", 1, EVENT],
  ["events", Number.MAX_SAFE_INTEGER, { ...EVENT, id: "event-2" }],
];

/** A ledger's file with these rows in it. */
async function fileWithRows(): Promise<string> {
  const path = newFile();
  await sqliteDriver(path).close();
  const database = new Database(path);
  database.pragma("foreign_keys = OFF");
  for (const [table, seq, row] of ROWS) {
    const names = Object.keys(row);
    const marks = names.map(() => ", ?").join("");
    const sql = `INSERT INTO ${table} (seq, ${names.join(", ")}) VALUES (?${marks})`;
    database.prepare(sql).run(seq, ...Object.values(row));
  }
  database.close();
  return path;
}

test("rows of every source are sealed byte for byte as they always were", async () => {
  const driver = sqliteDriver(await fileWithRows());
  onTestFinished(() => driver.close());
  const steps = chainStepsOn(driver);
  await steps.seal();
  const links: string[] = [];
  for await (const { link } of driver.chain.links()) {
    links.push(`${link.source} ${link.rowSeq} ${Buffer.from(link.hash).toString("hex")}`);
  }
  // Written down once. Where one of them differs, no ledger that was ever sealed verifies any more.
  expect(links).toEqual([
    "attempts 1 7962a70921a09b86d739bd80ce73c3a8b3e22c1fc6e187e8a4bb2bc152263f96",
    "attempts 2 bb93f2db459724107532c2bfbd54876fe4536c089a644a1623a274481ab373bc",
    "operations 1 d8286b900e1ab7d8f444d81130a18a20debd8c861ef6d9ca0c928a4c0ddd4499",
    "reversals 1 abedc6d15054afa3ada53fed03014135b0b7b70d3990632916c741cb1da3e1dd",
    "entries 1 755176a02460ae651d04a6d66a96305b06321b2cca656fe26fbdda95e6c01306",
    "entries 4294967301 7c5c31ceec1cf68917ee9d4528688976e3947465b73e4bfd761ca38e08ff3f58",
    "events 1 673b316bffd8a5e19639394eade2c593cd915dfc542d618e4ddd72b41edf0215",
    "events 9007199254740991 5a7c2eee9dca0dc7904601148839477f6f016b58ce551b97da93ba8c2276cecc",
  ]);
});
