// Tests of the gateway's folder: what is made once, what is made anew, and what must never be replaced.

import { X509Certificate } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataFolderError, openDataFolder, readDataFolder } from "./data-folder.js";
import { systemRandom } from "./main.js";

const DAY_MS = 24 * 3_600_000;
let path: string;
let nowMs: number;
const clock = { nowMs: () => nowMs, monotonicMs: () => 0 };

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "pass-tpe-folder-"));
  nowMs = Date.parse("2026-11-22T12:00:00Z");
});

afterEach(() => rmSync(path, { recursive: true, force: true }));

const open = (hosts: readonly string[] = ["localhost"]) =>
  openDataFolder({ path, hosts, clock, random: systemRandom });

test("a second start finds the same keys and certificates", () => {
  const first = open();
  const second = open();
  expect(second.keys.pepper).toEqual(first.keys.pepper);
  expect(second.server).toMatchObject({ certificate: first.server.certificate });
});

test("a database without its keys is refused, and no new keys take their place", () => {
  open();
  writeFileSync(join(path, "gateway.db"), "");
  rmSync(join(path, "keys.json"));
  expect(() => open()).toThrow(DataFolderError);
  expect(() => open()).toThrow(/Restore it from its backup/);
});

test("other names make another server certificate, under the same authority", () => {
  const first = open();
  const renamed = open(["pass.example", "10.0.0.7"]);
  const { subjectAltName } = new X509Certificate(renamed.server.certificate);
  expect(subjectAltName).toBe("DNS:pass.example, IP Address:10.0.0.7");
  expect(renamed.authority.certificate).toBe(first.authority.certificate);
});

test("a server certificate that ends soon is made anew", () => {
  const first = open();
  nowMs += 2 * 365 * DAY_MS - 61 * DAY_MS;
  expect(open().server.certificate).toBe(first.server.certificate);
  nowMs += 2 * DAY_MS;
  expect(open().server.certificate).not.toBe(first.server.certificate);
});

test("a folder that others can read becomes its owner's alone", () => {
  chmodSync(path, 0o755);
  open();
  expect(statSync(path).mode & 0o077).toBe(0);
});

test("a damaged key file is named, and no value of it is told", () => {
  open();
  const file = join(path, "keys.json");
  writeFileSync(file, readFileSync(file, "utf8").replace(/"pepper": "../, '"pepper": "zz'));
  expect(() => open()).toThrow("the key file is damaged (pepper)");
});

test("a folder of before the chain gets an audit key at its next start, and keeps every other key", () => {
  const first = open();
  writeFileSync(join(path, "gateway.db"), "");
  const file = join(path, "keys.json");
  const { auditSeed, ...before } = JSON.parse(readFileSync(file, "utf8"));
  expect(auditSeed).toMatch(/^[0-9a-f]{64}$/);
  writeFileSync(file, JSON.stringify(before));
  expect(readDataFolder(path).auditKey).toBeNull();
  const second = open();
  expect(second.auditKey.keyId).not.toBe(first.auditKey.keyId);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject(before);
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(open().auditKey.keyId).toBe(second.auditKey.keyId);
  expect(readDataFolder(path).auditKey?.keyId).toBe(second.auditKey.keyId);
});
