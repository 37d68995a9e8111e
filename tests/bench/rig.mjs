// @ts-check
// Everything that is measured, started: gateway, echo and load generator as processes on one fresh data folder.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startGenerator, startServer } from "./processes.mjs";
import { makeShop, verifyShop } from "./shop.mjs";
import { storeKeyFile } from "./store-key.mjs";

const GATEWAY = fileURLToPath(new URL("../../gateway/dist/cli.js", import.meta.url));
const PLAIN_GATEWAY = fileURLToPath(new URL("plain-gateway.mjs", import.meta.url));
const ECHO = fileURLToPath(new URL("echo-server.mjs", import.meta.url));
const PORTS = ["--port", "0", "--health-port", "0"];
const WARM_UP = { connections: 32, runMs: 1_000 };

/** @typedef {{ connections: number, runMs: number }} Load */
/** @typedef {{ answers: number, approved: number, approvedCents: number }} Totals what the generator was answered */
/** @typedef {Awaited<ReturnType<typeof makeShop>>} Shop */

/**
 * Opens a rig in an empty folder, and lets every path run until it is warm.
 *
 * @param {string} folder
 */
export async function openRig(folder) {
  const secured = await openGateway(join(folder, "tls"), { tls: true, args: servedOverTls });
  const plain = await openGateway(join(folder, "plain"), { tls: false, args: servedPlain });
  const { sample } = await secured.authorize(WARM_UP);
  await plain.authorize(WARM_UP);
  const echoServer = await startEcho(secured.folder, sample);
  const { serving: plainUrl = "", tls: tlsUrl = "" } = echoServer.addresses;
  const { generator } = secured;
  /** @param {Load} load */
  const echo = (load) => generator.run({ kind: "echo", url: plainUrl, tls: false, ...load });
  /** @param {Load} load */
  const echoTls = (load) => generator.run({ kind: "echo", url: tlsUrl, tls: true, ...load });
  await echoTls(WARM_UP);
  const { sample: echoed } = await echo(WARM_UP);

  return {
    authorize: secured.authorize,
    authorizePlain: plain.authorize,
    echo,
    echoTls,
    answerBytes: { authorize: sample.bytes, echo: echoed.bytes },
    /** Ends the processes, and reads what the ledgers hold now. */
    async finish() {
      await echoServer.stop();
      return [await secured.finish(), await plain.finish()];
    },
  };
}

/**
 * A gateway process on a fresh data folder, and a generator that holds its cards.
 *
 * @param {string} folder
 * @param {{ tls: boolean, args: (folder: string, shop: Shop) => string[] }} options
 */
async function openGateway(folder, { tls, args }) {
  mkdirSync(folder);
  const shop = await makeShop(folder);
  const { programme, cards, terminals } = shop;
  const generator = startGenerator({ cards, terminals });
  const gateway = await startServer({
    args: args(folder, shop),
    logFile: join(folder, "gateway.log"),
  });
  /** @type {Totals} */
  const totals = { answers: 0, approved: 0, approvedCents: 0 };
  return {
    folder,
    generator,
    /** @param {Load} load */
    async authorize(load) {
      const url = gateway.addresses["serving"] ?? "";
      const measured = await generator.run({ kind: "authorize", url, tls, ...load });
      totals.answers += measured.latenciesMs.length;
      totals.approved += measured.approved;
      totals.approvedCents += measured.approvedCents;
      return measured;
    },
    async finish() {
      generator.stop();
      await gateway.stop();
      return { totals, report: await verifyShop({ folder, programme }) };
    },
  };
}

/** @param {string} folder @param {Shop} shop @returns {string[]} */
function servedOverTls(folder, { programmeFile }) {
  const data = ["--data", folder, "--store-key", storeKeyFile(folder)];
  // One terminal stands for a whole estate here: what is measured is the gateway, not the limits of one till.
  const unlimited = ["--terminal-rate", "0", "--card-rate", "0"];
  return [GATEWAY, "serve", ...data, "--programme", programmeFile, ...unlimited, ...PORTS];
}

/** @param {string} folder @param {Shop} shop @returns {string[]} */
function servedPlain(folder, { programmeFile, terminals }) {
  const certificatesFile = join(folder, "terminals.json");
  writeFileSync(certificatesFile, JSON.stringify(terminals.map(({ certificate }) => certificate)));
  return [PLAIN_GATEWAY, folder, programmeFile, certificatesFile];
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
