// What the command line does on the folder of a stopped gateway: the first operator, verify, replay, a programme checked.

import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { uuidV7 } from "@pass-tpe/protocol";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startGatewayProcess } from "../reliability/gateway-process.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { catalogueData } from "../support/programme.js";
import { agentFor, postJson } from "../support/raw-client.js";
import { storeKeyFile } from "../support/store-key.js";
import { tamper } from "../support/tamper.js";
import { clientOf, connectionOf, operatorsProgramme, startOperatorsGateway } from "./agents.js";
import { run } from "./command-line.js";
import { aPupil, wholePupil } from "./events.js";

/** Many processes start here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS });

let folder: string;
let data: string;
let programmeFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-stopped-"));
  data = join(folder, "data");
  programmeFile = join(folder, "programme.json");
  writeFileSync(programmeFile, JSON.stringify(operatorsProgramme(), null, 2));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A gateway that has sold a book of 9 € and is stopped. */
async function soldAndStopped(): Promise<void> {
  const running = await startOperatorsGateway({ dataFolder: data });
  const operator = await running.as("operator");
  const pupil = aPupil();
  for (const event of wholePupil(pupil)) await operator.send(event);
  const till = agentFor(await running.terminal());
  const body = {
    id: uuidV7(Date.now(), randomBytes(10)),
    evidence: nfcEvidence(running.gateway, pupil),
    avantage: "LIVRES_LOISIR",
    purchaseCents: 900,
  };
  const sale = await postJson({
    agent: till,
    url: `${running.gateway.url}/v1/authorizations`,
    body,
  });
  expect(sale.body).toMatchObject({ code: "APPROVED" });
  till.destroy();
  await running.gateway.close();
}

const database = () => join(data, "gateway.db");
const storeKey = () => ["--store-key", storeKeyFile(folder)];

test("verify and replay find a sound ledger sound, without the programme's file", async () => {
  await soldAndStopped();
  const verified = await run(["verify", "--data", data, ...storeKey(), "--json"]);
  expect(verified).toMatchObject({ code: 0 });
  expect(JSON.parse(verified.stdout)).toMatchObject({ attempts: 1, entries: 1, faults: [] });
  const replayed = await run(["replay", "--data", data, "--json"]);
  expect(replayed).toMatchObject({ code: 0 });
  expect(JSON.parse(replayed.stdout)).toMatchObject({ decidedAgain: 1, differences: [] });
});

test("verify names the grant whose balance was tampered with", async () => {
  await soldAndStopped();
  expect(tamper(database(), "UPDATE grants SET spent = 100 WHERE spent = 900")).toBe(1);
  const { code, stdout } = await run(["verify", "--data", data, ...storeKey()]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^grant D-[0-9A-F]+ .*LIVRES_LOISIR/);
});

test("replay names the attempt whose code was tampered with", async () => {
  await soldAndStopped();
  const sql = "UPDATE attempts SET code = 'APPROVED_PARTIAL' WHERE code = 'APPROVED'";
  expect(tamper(database(), sql)).toBe(1);
  const { code, stdout } = await run(["replay", "--data", data]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^attempt T-.*decided APPROVED_PARTIAL, now APPROVED/);
});

test("the first operator is issued on a stopped gateway, and calls the next one", async () => {
  const first = await startGatewayProcess({ dataFolder: data, programmeFile });
  const out = join(folder, "operator.json");
  const issue = [
    "agent",
    "issue",
    "--data",
    data,
    ...storeKey(),
    "--id",
    "op",
    "--role",
    "operator",
    "--out",
    out,
  ];
  const busy = await run(issue);
  expect(busy.code).toBe(1);
  expect(busy.stderr).toContain("held by another process");
  await first.terminate();
  expect(await run(issue)).toMatchObject({ code: 0 });
  expect(statSync(out).mode & 0o077).toBe(0);
  const again = await run(issue);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain("nothing was issued");

  const database = new Database(join(data, "gateway.db"));
  expect(database.prepare("SELECT agent_id, type, subject FROM events").all()).toEqual([
    { agent_id: "(command line)", type: "agent.issued", subject: "op" },
  ]);
  database.close();

  const credentials = JSON.parse(readFileSync(out, "utf8"));
  const running = await startOperatorsGateway({ dataFolder: data });
  const connection = connectionOf(credentials);
  const client = clientOf({ url: running.gateway.operatorUrl, credentials, connection });
  expect((await client.get("/v1/beneficiaries/D-NOBODY")).body).toMatchObject({
    code: "UNKNOWN_SUBJECT",
  });
  connection.destroy();
  await running.stop();
});

test.each([
  ["replay"],
  ["verify", "--store-key"],
  ["keys", "list", "--store-key"],
  ["agent", "issue", "--id", "op", "--role", "region", "--out", "/nowhere", "--store-key"],
])("%s on a folder that is no gateway's makes nothing and says what to do", async (...words) => {
  const key = words.includes("--store-key") ? [storeKeyFile(folder)] : [];
  const { code, stderr } = await run([...words, ...key, "--data", "/nowhere"]);
  expect(code).toBe(1);
  expect(stderr).toContain("a gateway that has served at least once");
  expect(stderr).not.toContain("    at ");
});

test("a sound programme passes, and each fault of a wrong one is told with its line", async () => {
  expect(await run(["check-programme", programmeFile])).toMatchObject({ code: 0, stdout: "" });
  const { settings, ...rest } = catalogueData();
  const wrong = { ...rest, settings: { ...settings, pinTriesMax: 0 } };
  writeFileSync(programmeFile, JSON.stringify(wrong, null, 2));
  const { code, stdout } = await run(["check-programme", programmeFile]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/programme\.json:\d+: settings\.pinTriesMax: /);
  const served = await run(["serve", "--data", data, ...storeKey(), "--programme", programmeFile]);
  expect(served.code).toBe(1);
  expect(served.stderr).toContain("settings.pinTriesMax");
  expect(served.stderr).not.toContain("    at ");
});

const COMMANDS = [
  "serve",
  "check-programme",
  "agent",
  "keys",
  "account",
  "qr",
  "load",
  "settle",
  "settlement",
  "statement",
  "alerts",
  "terminal",
  "backup",
  "restore",
  "copy",
  "gap",
  "verify",
  "replay",
];

test("every command tells what it takes", async () => {
  const { stdout } = await run(["--help"]);
  const names = [...stdout.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name ?? "");
  expect(names).toEqual(COMMANDS);
  for (const name of names) {
    expect(await run([name, "--help"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Usage: pass-tpe ${name}`),
    });
  }
  expect((await run(["sell"])).code).toBe(2);
});
