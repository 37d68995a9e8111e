// What `pass-tpe verify` says of the chain: sealed to the end by a stop, held to heads that were exported anywhere.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataFolderError } from "@pass-tpe/gateway";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { virtualClock } from "../support/clock.js";
import { storeKeyFile } from "../support/store-key.js";
import { tamper } from "../support/tamper.js";
import { startOperatorsGateway } from "./agents.js";
import { run } from "./command-line.js";
import { aPupil, wholePupil } from "./events.js";

/** Many processes start here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS });

let folder: string;
let data: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-chain-"));
  data = join(folder, "data");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A gateway that was told of a pupil and is stopped; all that it committed are events. */
async function servedAndStopped(headsFile = join(data, "heads.ndjson")): Promise<void> {
  const running = await startOperatorsGateway({ dataFolder: data, headsFile });
  const operator = await running.as("operator");
  for (const event of wholePupil(aPupil())) await operator.send(event);
  await running.gateway.close();
}

const database = () => join(data, "gateway.db");

const verify = (...args: readonly string[]) =>
  run(["verify", "--data", data, "--store-key", storeKeyFile(folder), ...args]);

test("a gateway that stopped is sealed to the end, and guarded by its last exported head", async () => {
  await servedAndStopped();
  const { code, stdout, stderr } = await verify("--json");
  expect(code).toBe(0);
  const { chain, events } = JSON.parse(stdout);
  expect(chain).toMatchObject({
    links: events,
    unsealed: [],
    heads: { upTo: events },
    exportedHeads: { upTo: events },
  });
  expect(stderr).toMatch(/\d+ links, 1 heads, 1 exported heads: sound/);
  expect(stderr).not.toContain("note: ");
});

test("what was done on the stopped gateway is named as the unsealed tail, and is no fault", async () => {
  await servedAndStopped();
  const sealed = ["--data", data, "--store-key", storeKeyFile(folder)];
  const issue = ["agent", "issue", ...sealed, "--id", "op-2", "--role", "operator"];
  expect(await run([...issue, "--out", join(folder, "op-2.json")])).toMatchObject({ code: 0 });
  const { code, stderr } = await verify();
  expect(code).toBe(0);
  expect(stderr).toMatch(/note: unsealed: 1 events, the oldest of \d{4}-\d\d-\d\dT/);
});

test("heads that were exported elsewhere guard the chain where they are named", async () => {
  const heads = join(folder, "elsewhere.ndjson");
  await servedAndStopped(heads);
  const alone = await verify();
  expect(alone.code).toBe(1);
  expect(alone.stdout).toMatch(/^exported heads: .*heads\.ndjson is missing.*--heads/);
  const { code, stderr } = await verify("--heads", heads);
  expect(code).toBe(0);
  expect(stderr).toContain("1 exported heads: sound");
});

test("heads that were deleted are missed, as those that were emptied are", async () => {
  await servedAndStopped();
  const heads = join(data, "heads.ndjson");
  writeFileSync(heads, "");
  const emptied = await verify();
  expect(emptied).toMatchObject({ code: 1 });
  expect(emptied.stdout).toContain("exported heads: there is none");
  rmSync(heads);
  const deleted = await verify();
  expect(deleted).toMatchObject({ code: 1 });
  expect(deleted.stdout).toContain(`exported heads: ${heads} is missing`);
});

test("a gateway whose heads cannot leave it does not start, and leaves nothing open", async () => {
  const headsFile = join(folder, "nowhere", "heads.ndjson");
  const start = startOperatorsGateway({ dataFolder: data, headsFile });
  await expect(start).rejects.toThrow(DataFolderError);
  await expect(start).rejects.toThrow(/signed heads cannot be added to .*--heads/);
  await servedAndStopped();
});

test("metrics tell how long something has stood without an exported head", async () => {
  const headsFile = join(folder, "heads.ndjson");
  const clock = virtualClock(Date.now());
  const running = await startOperatorsGateway({
    ...{ dataFolder: data, headsFile, clock, sealEveryMs: 1 },
  });
  const waited = async () => {
    const metrics = await (await fetch(`${running.gateway.healthUrl}/metrics`)).text();
    return Number(/^pass_tpe_unexported_seconds (\S+)$/m.exec(metrics)?.[1]);
  };
  expect(await waited()).toBe(0);
  rmSync(headsFile);
  mkdirSync(headsFile);
  const operator = await running.as("operator");
  for (const event of wholePupil(aPupil())) await operator.send(event);
  await vi.waitFor(async () => {
    clock.advance(1_000);
    expect(await waited()).toBeGreaterThan(0);
  });
  rmSync(headsFile, { recursive: true });
  await vi.waitFor(async () => expect(await waited()).toBe(0));
  await running.gateway.close();
});

test("a chain that the gateway itself made anew over a changed past is found", async () => {
  await servedAndStopped();
  tamper(
    database(),
    "UPDATE events SET agent_id = 'nobody' WHERE seq = 1; DELETE FROM heads; DELETE FROM links",
  );
  await expect(startOperatorsGateway({ dataFolder: data })).rejects.toThrow(/damaged/);
  // Whoever has the old heads out of the way has the gateway make the chain anew, and is found by them all the same.
  const headsFile = join(folder, "other-heads.ndjson");
  const again = await startOperatorsGateway({ dataFolder: data, headsFile });
  await again.gateway.close();
  const { code, stdout } = await verify();
  expect(code).toBe(1);
  expect(stdout).toMatch(/^exported head \d+ \(line 1\): the chain was made anew/);
});

test("a changed event is named with its link", async () => {
  await servedAndStopped();
  tamper(database(), "UPDATE events SET agent_id = 'nobody' WHERE seq = 1");
  const { code, stdout } = await verify();
  expect(code).toBe(1);
  expect(stdout).toMatch(/^link 1, events 1: event \S+, \S+ of \S+ is not what was sealed$/m);
});

test("the public key may come from outside, and another one did not sign", async () => {
  await servedAndStopped();
  const [line = ""] = readFileSync(join(data, "heads.ndjson"), "utf8").split("\n");
  const key = join(folder, "audit-key.txt");
  writeFileSync(key, JSON.parse(line).publicKey);
  const verifyWithKey = () => run(["verify", "--data", data, "--heads-key", key]);
  expect((await verifyWithKey()).code).toBe(0);

  // RFC 8032, section 7.1, test 1.
  const foreign = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  writeFileSync(key, foreign);
  const { code, stdout } = await verifyWithKey();
  expect(code).toBe(1);
  expect(stdout).toContain("it is not signed with the gateway's audit key");
});

test("a key or heads that cannot be read are a wrong command", async () => {
  await servedAndStopped();
  const nonsense = join(folder, "nonsense.txt");
  writeFileSync(nonsense, "no key");
  const wrongKey = await verify("--heads-key", nonsense);
  expect(wrongKey.code).toBe(2);
  expect(wrongKey.stderr).toContain("no Ed25519 public key");
  const noHeads = await verify("--heads", join(folder, "nothing.ndjson"));
  expect(noHeads.code).toBe(2);
  expect(noHeads.stderr).toContain("--heads cannot be read");
});
