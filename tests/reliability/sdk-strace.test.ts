// Watches the system calls of a till: no request leaves before the journal's record of it is synced.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { hex } from "@pass-tpe/protocol/standards";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { startTestGateway, type TestGateway } from "../support/running-gateway.js";
import { describeSystem } from "../support/suites.js";
import { type ClearProxy, startClearProxy } from "./clear-proxy.js";
import { durabilityOrder } from "./durability-order.js";
import { assertBuilt } from "./gateway-process.js";
import { traceIn } from "./traced.js";

const TILL = fileURLToPath(new URL("till.mjs", import.meta.url));
const BUILDS = ["terminal-sdk/dist/index.js", "simulators/dist/index.js"].map((path) =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url)),
);
const SALES = 8;

/** The start of a sale's record and of its request, as strace prints them. */
const RECORD = '{\\"type\\":\\"attempt\\"';
const REQUEST = '"POST /v1/authorizations HTTP/1.1';

let folder: string;
let running: TestGateway;
let proxy: ClearProxy;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-till-"));
  running = await startTestGateway();
  proxy = await startClearProxy(running.gateway, await running.terminal());
});

afterEach(async () => {
  proxy.close();
  await running.stop();
  rmSync(folder, { recursive: true });
});

/** Writes what the till needs to sell with a fresh card. */
async function configureTill(journal: string): Promise<string> {
  const { gateway } = running;
  const { uid } = await running.card({ grants: { SPECTACLE: 1_000_000 } });
  const { metaReadKey, fileReadKey } = gateway.operator.cardKeys(uid);
  const config = {
    gateway: proxy.url,
    journal,
    card: {
      uidHex: hex(uid),
      metaReadKeyHex: hex(metaReadKey),
      fileReadKeyHex: hex(fileReadKey),
    },
    sales: SALES,
  };
  const file = join(folder, "till.json");
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** Runs the till under strace; it ends by killing itself. */
async function runTill(under: readonly string[], configFile: string) {
  const [command = "", ...args] = [...under, process.execPath, TILL, configFile];
  // A group of its own, so that strace and the till below it can be ended together.
  const till = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], detached: true });
  const ended = once(till, "close");
  onTestFinished(() => {
    if (till.exitCode === null && till.signalCode === null)
      process.kill(-Number(till.pid), "SIGKILL");
  });
  const output = await text(till.stdout);
  await ended;
  return output.trimEnd().split("\n");
}

describeSystem("strace")("a till under strace", () => {
  test("each request leaves after the journal's record of its sale is synced", async () => {
    for (const build of BUILDS) assertBuilt(build);
    const journal = join(folder, "journal");
    const trace = traceIn(folder);

    const sold = await runTill(trace.under, await configureTill(journal));
    const { turns } = durabilityOrder(trace.read(), {
      isLog: (path) => path === journal,
      isRecord: (args) => args.includes(RECORD),
    });

    expect(sold).toEqual(Array(SALES).fill('{"outcome":"approved","code":"APPROVED"}'));
    const requests = turns.filter(({ args }) => args.includes(REQUEST));
    const ordinals = Array.from({ length: SALES }, (_, index) => index + 1);
    expect(requests.map(({ syncedRecords }) => syncedRecords)).toEqual(ordinals);
  });
});
