// `pass-tpe keys`: a store key that is never overwritten, and acts that stand in the audit trail, done or refused.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { uuidV7 } from "@pass-tpe/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { nfcEvidence } from "../../../tests/support/nfc-evidence.js";
import { agentFor, postJson } from "../../../tests/support/raw-client.js";
import {
  startTestGateway,
  type TestCard,
  type TestGateway,
} from "../../../tests/support/running-gateway.js";
import { storeKeyFile, TEST_STORE_KEY } from "../../../tests/support/store-key.js";
import { DataFolderError, readDataFolder } from "../data-folder.js";
import { systemRandom } from "../main.js";
import { DatabaseSetupError } from "../store/setup-error.js";
import { sqliteDriver } from "../store/sqlite/driver.js";
import { UsageError } from "./command.js";
import { keys } from "./keys.js";
import { storeKeyFrom } from "./store-key.js";

let folder: string;
let said: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-keys-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  said = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => said.push(String(text)) > 0);
  }
});

describe("keys init", () => {
  it("makes a store key for its owner's eyes, and never another in its place", async () => {
    const out = join(folder, "new.key");
    expect(await keys.run(["init", "--out", out])).toBe(0);
    expect(statSync(out).mode & 0o077).toBe(0);
    const text = readFileSync(out, "utf8");
    expect(storeKeyFrom(out)).toEqual(Buffer.from(text.trim(), "hex"));
    await expect(keys.run(["init", "--out", out])).rejects.toThrow(/no key was made/);
    expect(readFileSync(out, "utf8")).toBe(text);
    expect(said.join("")).not.toContain(text.trim());
  });
});

describe("a store key", () => {
  it("that other users can read is refused", () => {
    const path = join(folder, "open.key");
    writeFileSync(path, "00".repeat(32), { mode: 0o644 });
    expect(() => storeKeyFrom(path)).toThrow(/can be read by other users/);
  });

  it("that is none is refused, and its text is not told", () => {
    const path = join(folder, "other-secret");
    writeFileSync(path, "another secret", { mode: 0o600 });
    expect(() => storeKeyFrom(path)).toThrow(/64 hex digits/);
    expect(() => storeKeyFrom(path)).not.toThrow(/another secret/);
  });

  it("is needed", () => {
    expect(() => storeKeyFrom(undefined)).toThrow(UsageError);
  });
});

describe("on a data folder", () => {
  let running: TestGateway;
  let card: TestCard;
  const data = () => running.dataFolder;
  const run = (...words: readonly string[]) =>
    keys.run([...words, "--data", data(), "--store-key", storeKeyFile(folder)]);
  const file = () =>
    readDataFolder({ path: data(), storeKey: TEST_STORE_KEY, random: systemRandom }).file;

  beforeAll(async () => {
    running = await startTestGateway();
    card = await running.card();
    await running.terminal("T-1");
  });
  afterAll(() => running.stop());

  it("of a gateway that runs nothing is done", async () => {
    await expect(run("rotate", "qr")).rejects.toThrow(DatabaseSetupError);
    await running.gateway.close();
  });

  it("list shows each version with what is under it", async () => {
    expect(await run("list")).toBe(0);
    expect(said).toEqual([
      "cards 1 current\n",
      "pinBase 1 current 1 terminals\n",
      "pepper 1 current 1 PINs\n",
      "qr 1 current\n",
    ]);
  });

  it("rotate makes a new current version, and the row that asked for it comes first", async () => {
    expect(await run("rotate", "pepper")).toBe(0);
    expect(file().peppers.map(({ version, state }) => [version, state])).toEqual([
      [1, "accepted"],
      [2, "current"],
    ]);
    expect(await trail()).toEqual([
      ["keyRotation.asked", "pepper", "asked", null],
      ["keyRotation.answered", "pepper", "applied", null],
    ]);
  });

  it("a pepper with PINs under it is not retired, and the refusal stands in the trail", async () => {
    const before = readFileSync(join(data(), "keys.json"), "utf8");
    expect(await run("retire", "pepper", "1")).toBe(1);
    expect(said.join("")).toMatch(/IN_USE: 1 PINs are under pepper 1/);
    expect(readFileSync(join(data(), "keys.json"), "utf8")).toBe(before);
    expect((await trail()).slice(2)).toEqual([
      ["keyRetirement.asked", "pepper", "asked", null],
      ["keyRetirement.answered", "pepper", "refused", "IN_USE"],
    ]);
  });

  it("on a backup of before an act nothing is done, and a gateway does not start on it either", async () => {
    const path = join(data(), "keys.json");
    const backup = readFileSync(path);
    expect(await run("rotate", "qr")).toBe(0);
    const newest = readFileSync(path);
    writeFileSync(path, backup);
    await expect(run("rotate", "qr")).rejects.toThrow(/older than the database.*lacks qr 2/);
    await expect(running.restart()).rejects.toThrow(DataFolderError);
    expect(readFileSync(path)).toEqual(backup);
    writeFileSync(path, newest);
  });

  it("a base key is retired, and it is told how many terminals had it", async () => {
    expect(await run("rotate", "pinBase")).toBe(0);
    expect(await run("retire", "pinBase", "1")).toBe(0);
    expect(said.at(-1)).toMatch(/^pinBase 1 is retired; 1 terminals had it/);
    expect(file().pinBaseKeys.map(({ version }) => version)).toEqual([2]);
    expect((await trail()).slice(-1)).toEqual([
      ["keyRetirement.answered", "pinBase", "applied", null],
    ]);
  });

  it.each<[string, readonly string[]]>([
    ["another word", ["drop", "qr"]],
    ["another kind", ["rotate", "all"]],
    ["no version", ["retire", "qr"]],
    ["a version that is no number", ["retire", "qr", "one"]],
    ["a word too many", ["list", "qr"]],
  ])("%s is a wrong command, and nothing is done", async (_what, words) => {
    const before = await trail();
    await expect(run(...words)).rejects.toThrow(UsageError);
    expect(await trail()).toEqual(before);
  });

  it("a card of before a rotation pays at the gateway that is started after it", async () => {
    const evidence = nfcEvidence(running.gateway, card);
    expect(await run("rotate", "cards")).toBe(0);
    await running.restart();
    const agent = agentFor(await running.terminal("T-2"));
    const { url } = running.gateway;
    const sale = { id: uuidV7(Date.now(), systemRandom.bytes(10)), evidence };
    const body = { ...sale, avantage: "SPECTACLE", purchaseCents: 900 };
    const answer = await postJson({ agent, url: `${url}/v1/authorizations`, body });
    expect(answer.body).toMatchObject({ code: "APPROVED" });
    agent.destroy();
    await running.gateway.close();
  });

  /** The acts on keys in the audit trail. */
  async function trail() {
    const driver = sqliteDriver(join(data(), "gateway.db"));
    const rows = [];
    for await (const row of driver.events({ subject: null })) rows.push(row);
    await driver.close();
    return rows
      .filter(({ type }) => type.startsWith("key"))
      .map(({ type, subject, outcome, refusal }) => [type, subject, outcome, refusal]);
  }
});
