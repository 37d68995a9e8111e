// @ts-check
// The load generator, a process of its own: takes jobs from its parent, prepares their requests and measures each.
import { closedLoop } from "./closed-loop.mjs";
import { requestMaker } from "./mixes.mjs";
import { openLoop } from "./open-loop.mjs";
import { runWrk } from "./wrk.mjs";

/** Requests are made before the clock runs, for at most so many a second: a faster server ends its run early. */
const PREPARED_PER_SECOND = 8_000;
/** An echo does not mind a repeated request. */
const ECHO_REQUESTS = 1_000;

/**
 * @typedef {object} Job
 * @property {"echo" | "authorize"} kind
 * @property {string} url
 * @property {boolean} tls whether it is reached over mutual TLS, and connections are terminals
 * @property {number} connections
 * @property {number} runMs
 * @property {import("./mixes.mjs").Mix} [mix] spread where it is left out
 * @property {Supplies} [supplies] for this job alone, in place of those that were sent first
 * @property {import("./requests.mjs").Purchase} [purchase]
 * @property {number} [preparedPerSecond]
 * @property {string} [wrkFolder] where requests are written for wrk, which sends them; this process sends them itself where it is left out
 * @property {import("./arrivals.mjs").Arrivals} [arrivals] an open loop: requests leave when they are due, and not when an answer came
 */
/**
 * @typedef {object} Measured
 * @property {Float64Array} latenciesMs one for each answer; wrk's are as its histogram has them
 * @property {number} elapsedMs from the first request to the last answer
 * @property {number} answers
 * @property {number} approved
 * @property {number} approvedCents
 * @property {Float64Array} [lateMs] of an open loop: by how much each request left after it was due
 * @property {{ head: string, body: string, bytes: number }} [sample] one answer, where this process read them
 */
/**
 * @typedef {object} Supplies
 * @property {import("./requests.mjs").BenchCard[]} cards
 * @property {import("./connection.mjs").Credentials[]} terminals of the bench's own kind where connections do not say which it is
 */

/** @type {Supplies} */
let supplies = { cards: [], terminals: [] };

/** @param {Job} job @returns {string[]} in the order in which they are sent */
function prepare({ kind, tls, connections, runMs, arrivals, purchase, ...job }) {
  const { mix = "spread", preparedPerSecond = PREPARED_PER_SECOND } = job;
  const own = /** @type {import("./mixes.mjs").MixSupplies} */ (job.supplies ?? supplies);
  if (mix !== "hot-card" && own.cards.length < connections)
    throw new Error("there are fewer cards than connections");
  const make = requestMaker({
    supplies: own,
    mix,
    namesTerminal: !tls,
    ...(purchase === undefined ? {} : { purchase }),
  });
  const perSecond = arrivals?.perSecond ?? preparedPerSecond;
  const count = kind === "echo" ? ECHO_REQUESTS : Math.ceil((perSecond * runMs) / 1_000);
  return Array.from({ length: count }, make);
}

/** @param {Job} job @returns {Promise<Measured>} */
async function run(job) {
  const { url, tls, connections, runMs, arrivals, wrkFolder, kind } = job;
  const requests = prepare(job);
  // A pause of this process would be told as one of the server.
  globalThis.gc?.();
  const isRepeated = kind === "echo";
  if (wrkFolder !== undefined)
    return runWrk({ url, connections, runMs, requests, isRepeated, folder: wrkFolder });
  const { terminals } = job.supplies ?? supplies;
  const to = { url, connections, ...(tls ? { terminals } : {}) };
  if (arrivals !== undefined) return openLoop({ to, requests, runMs, arrivals });
  return closedLoop({ to, requests, runMs, isRepeated });
}

process.on("message", (/** @type {Supplies | Job} */ message) => {
  if ("cards" in message) {
    supplies = message;
    return;
  }
  run(message).then(
    (measured) => process.send?.({ measured }),
    (error) => process.send?.({ failure: String(error?.stack ?? error) }),
  );
});
