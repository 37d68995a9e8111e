// Tests of the gateway's folder: what is made once, what is made anew, and what must never be replaced.

import { X509Certificate } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TEST_STORE_KEY } from "../../tests/support/store-key.js";
import type { KeyFile } from "./crypto/key-file.js";
import {
  type DataFolder,
  DataFolderError,
  type LedgerState,
  openDataFolder,
  readDataFolder,
} from "./data-folder.js";
import { keyWords } from "./ledger-place.js";
import { systemRandom } from "./main.js";

const DAY_MS = 24 * 3_600_000;
const OTHER_STORE_KEY = new Uint8Array(32).fill(1);
let path: string;
let nowMs: number;
const clock = { nowMs: () => nowMs, monotonicMs: () => 0 };

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "pass-tpe-folder-"));
  nowMs = Date.parse("2026-11-22T12:00:00Z");
});

afterEach(() => rmSync(path, { recursive: true, force: true }));

const IN_USE: LedgerState = { isUsed: true, keys: null, words: keyWords() };

/** Opens the folder as a start does, which leaves a database there. */
function open(
  hosts: readonly string[] = ["localhost"],
  storeKey: Uint8Array = TEST_STORE_KEY,
  ledger?: LedgerState,
): DataFolder {
  const folder = openDataFolder({ path, hosts, clock, random: systemRandom, storeKey }, ledger);
  writeFileSync(join(path, "gateway.db"), "", { flag: "a" });
  return folder;
}
const read = (storeKey: Uint8Array = TEST_STORE_KEY) =>
  readDataFolder({ path, storeKey, random: systemRandom });
const keysPath = () => join(path, "keys.json");

test("a second start finds the same keys and certificates", () => {
  const first = open();
  const { file } = read();
  const second = open();
  expect(second.server).toEqual(first.server);
  expect(read().file).toEqual(file);
});

test("nothing in the folder but the sealed file holds a key, and that one shows none", () => {
  open();
  expect(readdirSync(path).sort()).toEqual(["gateway.db", "keys.json"]);
  const text = readFileSync(keysPath(), "utf8");
  for (const secret of secretsOf(read().file)) expect(text).not.toContain(secret);
  expect(statSync(keysPath()).mode & 0o077).toBe(0);
});

test("another store key opens nothing, and the message says what to do", () => {
  open();
  for (const attempt of [() => open(["localhost"], OTHER_STORE_KEY), () => read(OTHER_STORE_KEY)]) {
    expect(attempt).toThrow(DataFolderError);
    expect(attempt).toThrow(/keys\.json does not open under this store key: give the store key/);
  }
});

test("a store key of another length is refused before anything is made", () => {
  expect(() => open(["localhost"], new Uint8Array(16))).toThrow(/needs 32: make one with/);
  expect(readdirSync(path)).toEqual([]);
});

test("a database without its keys is refused, and no new keys take their place", () => {
  open();
  rmSync(keysPath());
  const start = () => open(["localhost"], TEST_STORE_KEY, IN_USE);
  expect(start).toThrow(DataFolderError);
  expect(start).toThrow(/Restore it from its backup/);
  expect(existsSync(keysPath())).toBe(false);
});

test("of two first starts that meet, one alone makes the keys, and the other is refused", () => {
  let kept = "";
  const meanwhile = {
    bytes(count: number) {
      if (!existsSync(keysPath())) {
        open();
        kept = readFileSync(keysPath(), "utf8");
      }
      return systemRandom.bytes(count);
    },
  };
  const options = { path, hosts: ["localhost"], clock, storeKey: TEST_STORE_KEY };
  const start = () => openDataFolder({ ...options, random: meanwhile });
  expect(start).toThrow(/was made by another gateway meanwhile/);
  expect(readFileSync(keysPath(), "utf8")).toBe(kept);
  expect(readdirSync(path).sort()).toEqual(["gateway.db", "keys.json"]);
});

test("other names make another server certificate, under the same authority", () => {
  const first = open();
  const renamed = open(["pass.example", "10.0.0.7"]);
  const { subjectAltName } = new X509Certificate(renamed.server.certificate);
  expect(subjectAltName).toBe("DNS:pass.example, IP Address:10.0.0.7");
  expect(renamed.keys.authority.certificate).toBe(first.keys.authority.certificate);
});

test("a server certificate that ends soon is made anew", () => {
  const first = open();
  nowMs += 2 * 365 * DAY_MS - 61 * DAY_MS;
  expect(open().server.certificate).toBe(first.server.certificate);
  nowMs += 2 * DAY_MS;
  expect(open().server.certificate).not.toBe(first.server.certificate);
});

test("a server certificate that ends with its authority is left alone: none lasts longer", () => {
  open();
  nowMs += 10 * 365 * DAY_MS - 90 * DAY_MS;
  const last = open();
  const { validTo } = new X509Certificate(last.server.certificate);
  expect(validTo).toBe(new X509Certificate(last.keys.authority.certificate).validTo);
  nowMs += 60 * DAY_MS;
  expect(open().server.certificate).toBe(last.server.certificate);
});

test("a folder that others can read becomes its owner's alone", () => {
  chmodSync(path, 0o755);
  open();
  expect(statSync(path).mode & 0o077).toBe(0);
});

test("a damaged key file is named, and is not replaced", () => {
  open();
  const text = readFileSync(keysPath(), "utf8").slice(0, -10);
  writeFileSync(keysPath(), text);
  expect(() => open()).toThrow(`${keysPath()} is damaged: restore it from its backup`);
  expect(readFileSync(keysPath(), "utf8")).toBe(text);
});

/** Writes the keys of the folder as they lay there before they were sealed. */
function unsealed(change: Record<string, unknown> = {}): KeyFile {
  open();
  const { file } = read();
  const [cards, pinBase, pepper, qr] = [file.cards, file.pinBaseKeys, file.peppers, file.qr].map(
    ([first]) => first,
  );
  const before = {
    metaReadKey: cards && "metaReadKey" in cards ? cards.metaReadKey : "",
    cardMasterKey: cards && "masterKey" in cards ? cards.masterKey : "",
    pinBaseKey: pinBase && "key" in pinBase ? pinBase.key : "",
    pepper: pepper && "key" in pepper ? pepper.key : "",
    qrSeed: qr && "seed" in qr ? qr.seed : "",
    indexKey: file.indexKey,
    numberKey: file.numberKey,
    auditSeed: file.auditSeed,
    ...change,
  };
  for (const [name, content] of [
    ["keys.json", before],
    ["authority.json", file.authority],
    ["server.json", file.server],
  ] as const) {
    writeFileSync(join(path, name), JSON.stringify(content));
  }
  return file;
}

test("a folder whose keys lie open is sealed at its next start, with every key that it had", () => {
  const before = unsealed();
  writeFileSync(join(path, "server.json.new"), "left of a crash");
  expect(() => read()).toThrow(/lies open.*start the gateway on this folder once/);
  open();
  expect(read().file).toEqual(before);
  expect(readdirSync(path).sort()).toEqual(["gateway.db", "keys.json"]);
});

test("open files that a crash left beside the sealed one go at the next start", () => {
  const { authority } = unsealed();
  open();
  writeFileSync(join(path, "authority.json"), JSON.stringify(authority));
  open();
  expect(existsSync(join(path, "authority.json"))).toBe(false);
  expect(read().file.authority).toEqual(authority);
});

test("open keys beside a database in use, without the authority that terminals know, are refused", () => {
  unsealed();
  rmSync(join(path, "authority.json"));
  const start = () => open(["localhost"], TEST_STORE_KEY, IN_USE);
  expect(start).toThrow(DataFolderError);
  expect(start).toThrow(/authority\.json is missing.*Restore it/);
});

test.each(["authority.json", "server.json"])(
  "a damaged %s is named, and nothing of it is told",
  (name) => {
    unsealed();
    const secret = Buffer.alloc(40, "a key").toString("base64");
    for (const text of [`{"privateKey":"-----BEGIN PRIVATE KEY-----\n${secret}`, "{}"]) {
      writeFileSync(join(path, name), text);
      expect(() => open()).toThrow(`${join(path, name)} is damaged: restore it from its backup`);
    }
  },
);

test("a folder of before the chain gets an audit key when it is sealed", () => {
  const before = unsealed({ auditSeed: undefined });
  open();
  const { file } = read();
  expect(file.auditSeed).toMatch(/^[0-9a-f]{64}$/);
  expect(file).toEqual({ ...before, auditSeed: file.auditSeed });
});

test("an open key file that is damaged is named by its field, and no value of it is told", () => {
  const file = unsealed({ pepper: "zz" });
  expect(() => open()).toThrow("the key file is damaged (pepper)");
  for (const secret of secretsOf(file)) expect(() => open()).not.toThrow(secret);
});

/** Every key in a file. */
function secretsOf(file: KeyFile): readonly string[] {
  const { cards, pinBaseKeys, peppers, qr, indexKey, numberKey, auditSeed } = file;
  return [
    ...cards.flatMap(({ metaReadKey, masterKey }) => [metaReadKey, masterKey]),
    ...[...pinBaseKeys, ...peppers].map(({ key }) => key),
    ...qr.map(({ seed }) => seed),
    ...[indexKey, numberKey, auditSeed],
  ];
}
