// @ts-check
// Everything that is measured, started: gateway, echo and load generator as processes on one fresh data folder.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startGenerator, startServer } from "./processes.mjs";
import { makeShop, verifyShop } from "./shop.mjs";
import { storeKeyFile } from "./store-key.mjs";

const GATEWAY = fileURLToPath(new URL("../../gateway/dist/cli.js", import.meta.url));
const ECHO = fileURLToPath(new URL("echo-server.mjs", import.meta.url));
const PORTS = ["--port", "0", "--health-port", "0"];
const WARM_UP = { connections: 32, runMs: 1_000 };

/** @typedef {{ connections: number, runMs: number }} Load */
/** @typedef {{ answers: number, approved: number, approvedCents: number }} Totals what the generator was answered */

/**
 * Opens a rig in an empty folder, and lets every path run until it is warm.
 *
 * @param {string} folder
 */
export async function openRig(folder) {
  const { programme, programmeFile, ...supplies } = await makeShop(folder);
  const generator = startGenerator(supplies);
  const data = ["--data", folder, "--store-key", storeKeyFile(folder)];
  const serve = ["serve", ...data, "--programme", programmeFile];
  const gateway = await startServer({
    // One terminal stands for a whole estate here: what is measured is the gateway, not the limits of one till.
    args: [GATEWAY, ...serve, ...["--terminal-rate", "0", "--card-rate", "0"], ...PORTS],
    logFile: join(folder, "gateway.log"),
  });
  /** @type {Totals} */
  const totals = { answers: 0, approved: 0, approvedCents: 0 };

  /** @param {Load} load */
  async function authorize(load) {
    const url = gateway.addresses["serving"] ?? "";
    const measured = await generator.run({ kind: "authorize", url, tls: true, ...load });
    totals.answers += measured.latenciesMs.length;
    totals.approved += measured.approved;
    totals.approvedCents += measured.approvedCents;
    return measured;
  }

  const { sample } = await authorize(WARM_UP);
  const echoServer = await startEcho(folder, sample);
  const { serving: plainUrl = "", tls: tlsUrl = "" } = echoServer.addresses;
  /** @param {Load} load */
  const echo = (load) => generator.run({ kind: "echo", url: plainUrl, tls: false, ...load });
  /** @param {Load} load */
  const echoTls = (load) => generator.run({ kind: "echo", url: tlsUrl, tls: true, ...load });
  await echoTls(WARM_UP);
  const { sample: echoed } = await echo(WARM_UP);

  return {
    authorize,
    echo,
    echoTls,
    answerBytes: { authorize: sample.bytes, echo: echoed.bytes },
    /** Ends the processes, and reads what the ledger holds now. */
    async finish() {
      generator.stop();
      await echoServer.stop();
      await gateway.stop();
      return { totals, report: await verifyShop({ folder, programme }) };
    },
  };
}

/** @param {string} folder @param {{ head: string, body: string }} sample an answer of the gateway */
function startEcho(folder, { head, body }) {
  const headers = Object.fromEntries(
    ["Content-Type", "Server-Timing"].map((name) => [name, headerOf(head, name)]),
  );
  const answerFile = join(folder, "echo.json");
  writeFileSync(answerFile, JSON.stringify({ headers, body }));
  return startServer({ args: [ECHO, folder, answerFile], logFile: join(folder, "echo.log") });
}

/** @param {string} head @param {string} name */
function headerOf(head, name) {
  const value = new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1];
  if (value === undefined) throw new Error(`the gateway's answer has no ${name}`);
  return value.trim();
}
