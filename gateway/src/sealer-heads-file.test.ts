// The file of exported heads: what is written is read back, and a line that was cut off spoils no other.

import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { collected } from "../../tests/support/ledger.js";
import { tempFiles } from "../../tests/support/temp-folder.js";
import { auditKeyOf } from "./crypto/audit-key.js";
import { DataFolderError } from "./data-folder.js";
import { checkHeadsPlace, createHeadsFile, readHeadsFile } from "./sealer-heads-file.js";
import type { HeadRow } from "./store/chain/driver.js";

const newFile = tempFiles();
const KEY = auditKeyOf("5e".repeat(32));

const headOf = (no: number): HeadRow => ({
  no,
  hash: Buffer.alloc(32, no),
  atMs: 1_700_000_000_000 + no,
  signature: Buffer.alloc(64, no),
});

test("heads are read as they were written, each from a line of its own", async () => {
  const path = newFile("heads.ndjson");
  const exportHead = createHeadsFile(path, KEY);
  await exportHead(headOf(1));
  await exportHead(headOf(2));
  expect(await collected(readHeadsFile(path))).toEqual([
    { line: 1, head: headOf(1) },
    { line: 2, head: headOf(2) },
  ]);
});

test("a line tells the key that signed, for other tools", async () => {
  const path = newFile("heads.ndjson");
  await createHeadsFile(path, KEY)(headOf(1));
  const line = JSON.parse(readFileSync(path, "utf8"));
  expect(line).toMatchObject({ no: 1, keyId: KEY.keyId, publicKey: KEY.publicKeyBase64 });
});

test("a line that was cut off stays by itself, and the next one is whole", async () => {
  const path = newFile("heads.ndjson");
  const exportHead = createHeadsFile(path, KEY);
  await exportHead(headOf(1));
  appendFileSync(path, '{"no":2,"ha');
  await exportHead(headOf(2));
  expect(await collected(readHeadsFile(path))).toEqual([
    { line: 1, head: headOf(1) },
    { line: 2, head: "torn" },
    { line: 3, head: headOf(2) },
  ]);
});

test("a line can be cut off anywhere", async () => {
  const path = newFile("heads.ndjson");
  await createHeadsFile(path, KEY)(headOf(12));
  const whole = readFileSync(path, "utf8").trimEnd();
  const cuts = Array.from({ length: whole.length - 1 }, (_, index) => whole.slice(0, index + 1));
  writeFileSync(path, cuts.join("\n"));
  const heads = (await collected(readHeadsFile(path))).map(({ head }) => head);
  expect(heads).toEqual(cuts.map(() => "torn"));
});

test.each(['{"no":0}', '{"no":1,"hash"}', '{"hash":"00', "no head", "\u0000\u0000"])(
  "what no crash leaves of a head is told from what was cut off: %j",
  async (text) => {
    const path = newFile("heads.ndjson");
    writeFileSync(path, `${text}\n\n`);
    expect(await collected(readHeadsFile(path))).toEqual([{ line: 1, head: "unreadable" }]);
  },
);

test("a place that can be written is made ready, and keeps what it has", async () => {
  const path = newFile("heads.ndjson");
  checkHeadsPlace(path);
  expect(existsSync(path)).toBe(true);
  await createHeadsFile(path, KEY)(headOf(1));
  checkHeadsPlace(path);
  expect(await collected(readHeadsFile(path))).toHaveLength(1);
});

test("a place that cannot be written is told with the place and what to do", () => {
  const check = () => checkHeadsPlace("/nowhere/heads.ndjson");
  expect(check).toThrow(DataFolderError);
  expect(check).toThrow(/\/nowhere\/heads\.ndjson.*ENOENT.*--heads/);
});

test("a file that was moved away is made anew", async () => {
  const path = newFile("heads.ndjson");
  const exportHead = createHeadsFile(path, KEY);
  await exportHead(headOf(1));
  renameSync(path, `${path}.old`);
  await exportHead(headOf(2));
  expect(await collected(readHeadsFile(path))).toEqual([{ line: 1, head: headOf(2) }]);
});

test("a place that cannot be written is an error", async () => {
  await expect(createHeadsFile("/nowhere/heads.ndjson", KEY)(headOf(1))).rejects.toThrow("ENOENT");
  await expect(collected(readHeadsFile("/nowhere/heads.ndjson"))).rejects.toThrow("ENOENT");
});
