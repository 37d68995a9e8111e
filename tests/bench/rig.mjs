// @ts-check
// Everything that is measured, started: gateways, echo and load generators as processes on fresh data folders.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { announce } from "./bench-listener.mjs";
import { NODE_FLAGS, PASS_TPE } from "./gateway-command.mjs";
import { openGateway } from "./gateway-side.mjs";
import { waitUntilIdle } from "./idle.mjs";
import { startServer } from "./processes.mjs";
import { cpuMsOf } from "./scale/process-figures.mjs";
import { storeKeyFile } from "./store-key.mjs";

const PLAIN_GATEWAY = fileURLToPath(new URL("plain-gateway.mjs", import.meta.url));
const ECHO = fileURLToPath(new URL("echo-server.mjs", import.meta.url));
const PORTS = ["--port", "0", "--health-port", "0"];
const WARM_UP_CONNECTIONS = 32;
/** How long nothing has run before something is measured. */
const IDLE_MS = 300;
const IDLE_LIMIT_MS = 20_000;

/** @typedef {import("./gateway-side.mjs").Shop} Shop */
/** @typedef {import("./gateway-side.mjs").Totals} Totals */
/** @typedef {import("./figures.mjs").Sample} Sample */
/**
 * @typedef {object} Part
 * @property {string} name
 * @property {"echo" | "echo-tls" | "plain" | "tls"} server
 * @property {number} connections
 * @property {number} runMs
 * @property {"wrk" | "node"} generator
 * @property {import("./mixes.mjs").Mix} [mix]
 * @property {import("./arrivals.mjs").Arrivals} [arrivals]
 */

/**
 * Opens a rig in an empty folder, and lets every path run until it is warm.
 *
 * @param {string} folder
 * @param {{ warmUpMs: number, say: (line: string) => void }} options
 */
export async function openRig(folder, { warmUpMs, say }) {
  const [atTls, atPlain] = [join(folder, "tls"), join(folder, "plain")];
  const secured = await openGateway({ name: "tls", folder: atTls, tls: true, args: servedOverTls });
  const plain = await openGateway({
    name: "plain",
    folder: atPlain,
    tls: false,
    args: servedPlain,
  });
  const mix = /** @type {const} */ ("spread");
  const warmUp = { mix, connections: WARM_UP_CONNECTIONS, runMs: warmUpMs };
  const { sample } = await secured.authorize(warmUp);
  await plain.authorize(warmUp);
  if (sample === undefined) throw new Error("the generator kept no answer");
  const echo = await startEcho(secured.folder, sample);
  const { serving: plainUrl = "", tls: tlsUrl = "" } = echo.addresses;
  /** @type {() => number[]} */
  let others = () => [];
  const pids = () => [secured.pid, plain.pid, echo.pid, ...others()];

  /** @param {Part} part @returns {Promise<import("./load.mjs").Measured>} */
  async function send({ name: _name, server, generator, ...load }) {
    const job = { mix, ...load };
    const asked = generator === "wrk" ? { ...job, wrkFolder: folder } : job;
    if (server === "tls") return secured.authorize(asked);
    if (server === "plain") return plain.authorize(asked);
    const tls = server === "echo-tls";
    if (!tls) await announce(plainUrl, load.connections);
    const side = tls ? secured : plain;
    return side.generator.run({ kind: "echo", url: tls ? tlsUrl : plainUrl, tls, ...asked });
  }

  /** @param {number} [idleMs] */
  async function settle(idleMs = IDLE_MS) {
    if (!(await waitUntilIdle({ pids, idleMs, limitMs: IDLE_LIMIT_MS + idleMs })))
      say("something still runs that should be idle: the next figure holds a part of it");
  }

  const echoed = [];
  for (const server of /** @type {const} */ (["echo", "echo-tls"]))
    echoed.push(await send({ name: server, server, generator: "node", ...warmUp }));
  await plain.seal();

  return {
    answerBytes: { authorize: sample.bytes, echo: echoed[0]?.sample?.bytes },
    settle,
    /** What else must be idle before something is measured. @param {() => number[]} theirs */
    watch(theirs) {
      others = theirs;
    },
    /** Measures a part, and settles what it left. @param {Part} part @returns {Promise<Sample>} */
    async measure(part) {
      const { latenciesMs, lateMs, elapsedMs, answers, approved } = await send(part);
      const fromMs = cpuMsOf(plain.pid);
      const { generator, mix, server, arrivals } = part;
      if (server === "plain") await plain.seal();
      await settle();
      const behindMs = cpuMsOf(plain.pid) - fromMs;
      const late = lateMs === undefined ? {} : { lateMs };
      const sample = { generator, latenciesMs, elapsedMs, answers, ...late };
      if (server === "echo" || server === "echo-tls") return sample;
      const counted = { answers: mix === "hot-card" ? approved : answers };
      const sold = { ...sample, ...counted, approvedShare: approved / answers };
      // Over TLS it is some seconds later, and at a fixed rate it is no share of a peak.
      return server === "tls" || arrivals !== undefined ? sold : { ...sold, behindMs };
    },
    memory: () => [secured.memory(), plain.memory()],
    /** Ends the processes, and reads what the ledgers hold now. */
    async finish() {
      await echo.stop();
      return [await secured.finish(), await plain.finish()];
    },
  };
}

/** @param {string} folder @param {Shop} shop @returns {string[]} */
function servedOverTls(folder, { programmeFile }) {
  const data = ["--data", folder, "--store-key", storeKeyFile(folder)];
  // One terminal stands for a whole estate here: what is measured is the gateway, not the limits of one till.
  const unlimited = ["--terminal-rate", "0", "--card-rate", "0"];
  return [...PASS_TPE, "serve", ...data, "--programme", programmeFile, ...unlimited, ...PORTS];
}

/** @param {string} folder @param {Shop} shop @param {string} [url] of its database @returns {string[]} */
export function servedPlain(folder, { programmeFile, terminals }, url) {
  const certificatesFile = join(folder, "terminals.json");
  writeFileSync(certificatesFile, JSON.stringify(terminals.map(({ certificate }) => certificate)));
  return [
    ...NODE_FLAGS,
    PLAIN_GATEWAY,
    folder,
    programmeFile,
    certificatesFile,
    ...(url === undefined ? [] : [url]),
  ];
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
