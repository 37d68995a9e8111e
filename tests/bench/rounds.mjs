// @ts-check
// The parts of a bench, in turns: every round measures each of them once, so that a machine that slows down slows all.
import { join } from "node:path";
import { Figures } from "./figures.mjs";
import { preparePgbench, runPgbench } from "./pgbench.mjs";
import { startPostgres } from "./postgres.mjs";
import { openRig } from "./rig.mjs";
import { syncLoop } from "./sync-loop.mjs";

const CONNECTIONS = [1, 32, 128];
/** Where the variants of what is sold are compared. */
const VARIED_AT = 32;
const VARIANTS = /** @type {const} */ (["hot-merchant", "hot-card", "declines", "qr-pin"]);
const PGBENCH_CLIENTS = [1, 8, 32];
/** As many as may wait at once where the gateway stalls for a moment. */
const OPEN_CONNECTIONS = 256;
/** Of the rate just measured, what comes in the open loop. */
const OPEN_SHARE = 1 / 3;

/** @typedef {import("./rig.mjs").Part} Part */
/** @typedef {Awaited<ReturnType<typeof openRig>>} Rig */
/**
 * @typedef {object} Outcome
 * @property {Figures} figures
 * @property {import("./targets.mjs").Memory[]} memory
 * @property {{ totals: import("./rig.mjs").Totals, report: import("@pass-tpe/gateway").VerifyReport }[]} ledgers
 * @property {string[]} skipped what was not measured, and why
 */

/**
 * @param {string} folder empty
 * @param {import("./options.mjs").BenchOptions} options
 * @param {(line: string) => void} say
 * @returns {Promise<Outcome>}
 */
export async function runRounds(folder, options, say) {
  const { rounds, warmUpMs, sealedIdleMs } = options;
  say("making cards and terminals, starting gateways, echo and generators, warming up");
  const rig = await openRig(folder, { warmUpMs, say });
  const { answerBytes } = rig;
  say(`an answer has ${answerBytes.authorize} bytes, the echo's ${answerBytes.echo}`);
  const postgres = await startPostgres(join(folder, "postgres"));
  const isThere = !("missing" in postgres);
  if (isThere) {
    rig.watch(postgres.pids);
    await preparePgbench(postgres, { warmUpMs });
  }
  const skipped = isThere ? [] : [`pgbench: ${postgres.missing}`];
  for (const line of skipped) say(`skipped: ${line}`);
  const figures = new Figures();
  // The warm-up's sales are sealed by then, wherever they were made.
  await rig.settle(sealedIdleMs);
  for (let round = 1; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}`);
    const turn = { round, rig, figures, folder, options, say };
    await measureParts(turn);
    await measureDisk(turn);
    if (isThere) await measurePgbench(turn, postgres);
    await measureOpenLoop(turn);
  }
  const memory = rig.memory();
  if (isThere) await postgres.stop();
  say("checking the ledgers against the answers");
  return { figures, memory, skipped, ledgers: await rig.finish() };
}

/**
 * @typedef {object} Turn
 * @property {number} round
 * @property {Rig} rig
 * @property {Figures} figures
 * @property {string} folder
 * @property {import("./options.mjs").BenchOptions} options
 * @property {(line: string) => void} say
 */

/** @param {Turn} turn */
async function measureParts({ round, rig, figures, options }) {
  const { runMs, generator, sealedIdleMs } = options;
  const plain = plainParts({ runMs, generator });
  const tls = tlsParts({ runMs });
  // Who comes after whom changes from round to round.
  const isForth = round % 2 === 1;
  for (const parts of isForth ? [plain, tls] : [tls.reverse(), plain.reverse()]) {
    for (const part of parts) {
      const { name, connections } = part;
      figures.add({ name, connections, round }, await rig.measure(part));
    }
    // A gateway as an operator starts it seals when its time has come, some seconds later.
    if (parts === tls) await rig.settle(sealedIdleMs);
  }
}

/** @param {{ runMs: number, generator: "wrk" | "node" }} options @returns {Part[]} */
function plainParts({ runMs, generator }) {
  const common = { runMs, generator };
  const node = { runMs, generator: /** @type {const} */ ("node") };
  const fixed = CONNECTIONS.flatMap((connections) => {
    /** @type {Part[]} */
    const echoes = [{ name: "echo", server: "echo", connections, ...common }];
    if (generator === "wrk")
      echoes.push({ name: "echo-node", server: "echo", connections, ...node });
    /** @type {Part} */
    const sales = { name: "authorize-plain", server: "plain", connections, ...common };
    return [...echoes, sales];
  });
  const varied = VARIANTS.map((mix) => {
    const server = /** @type {const} */ ("plain");
    return { name: mix, server, connections: VARIED_AT, mix, ...common };
  });
  return [...fixed, ...varied];
}

/** By the generator's own connections: wrk has no client certificates. @param {{ runMs: number }} options @returns {Part[]} */
function tlsParts({ runMs }) {
  const common = { runMs, generator: /** @type {const} */ ("node") };
  return CONNECTIONS.flatMap((connections) => {
    /** @type {Part[]} */
    const parts = [
      { name: "echo-tls", server: "echo-tls", connections, ...common },
      { name: "authorize", server: "tls", connections, ...common },
    ];
    return parts;
  });
}

/** @param {Turn} turn */
async function measureDisk({ round, rig, figures, folder, options: { runMs } }) {
  for (const sync of /** @type {const} */ (["fdatasync", "fsync"])) {
    figures.add({ name: sync, connections: 1, round }, syncLoop({ folder, runMs, sync }));
    await rig.settle();
  }
}

/** @param {Turn} turn @param {import("./postgres.mjs").Postgres} postgres */
async function measurePgbench({ round, rig, figures, options }, postgres) {
  const { pgbenchMs: runMs } = options;
  for (const clients of PGBENCH_CLIENTS) {
    const sample = await runPgbench(postgres, { clients, runMs });
    figures.add({ name: "pgbench", connections: clients, round }, sample);
    await rig.settle();
  }
}

/** @param {Turn} turn */
async function measureOpenLoop({ round, rig, figures, options, say }) {
  const peak = { name: "authorize-plain", connections: VARIED_AT };
  const perSecond = Math.max(1, Math.round(figures.rateIn({ ...peak, round }) * OPEN_SHARE));
  const seed = options.seed + round;
  say(`open loop: ${perSecond} a second, arrivals from seed ${seed}`);
  const sample = await rig.measure({
    name: "open-loop",
    server: "plain",
    connections: OPEN_CONNECTIONS,
    runMs: options.openLoopMs,
    generator: "node",
    arrivals: { perSecond, seed },
  });
  figures.add({ name: "open-loop", connections: OPEN_CONNECTIONS, round }, sample);
}
