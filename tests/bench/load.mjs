// @ts-check
// The load generator, a process of its own: takes jobs from its parent and measures each in a closed loop.
import { Connection } from "./connection.mjs";
import { authorizationRequest } from "./requests.mjs";

/** Requests are made before the clock runs, for at most so many a second: a faster server ends its run early. */
const PREPARED_PER_SECOND = 8_000;
/** An echo does not mind a repeated request. */
const ECHO_REQUESTS = 1_000;

/**
 * @typedef {object} Job
 * @property {"echo" | "authorize"} kind
 * @property {string} url
 * @property {boolean} tls whether it is reached over mutual TLS
 * @property {number} connections
 * @property {number} runMs
 * @property {Supplies} [supplies] for this job alone, in place of those that were sent first
 * @property {import("./requests.mjs").Purchase} [purchase]
 */
/**
 * @typedef {object} Measured
 * @property {Float64Array} latenciesMs one for each answer
 * @property {number} elapsedMs from the first request to the last answer
 * @property {number} approved
 * @property {number} approvedCents
 * @property {{ head: string, body: string, bytes: number }} sample one answer
 */
/**
 * @typedef {object} Supplies
 * @property {import("./requests.mjs").BenchCard[]} cards
 * @property {import("./connection.mjs").Credentials[]} terminals
 */

/** @type {Supplies} */
let supplies = { cards: [], terminals: [] };

/** @param {Job} job @returns {string[][]} for each connection its requests; no card is on two connections */
function prepare({ kind, connections, runMs, purchase, supplies: own }) {
  const { cards } = own ?? supplies;
  const cardsEach = Math.floor(cards.length / connections);
  const count = kind === "echo" ? ECHO_REQUESTS : Math.ceil((PREPARED_PER_SECOND * runMs) / 1_000);
  return Array.from({ length: connections }, (_, index) => {
    const dealt = cards.slice(index * cardsEach, (index + 1) * cardsEach);
    return Array.from({ length: Math.ceil(count / connections) }, (_, made) => {
      const card = dealt[made % dealt.length];
      if (card === undefined) throw new Error("there are fewer cards than connections");
      return authorizationRequest(card, purchase);
    });
  });
}

/** @param {Job} job @returns {Promise<Connection[]>} */
function connectAll({ connections, url, tls, supplies: own }) {
  const { terminals } = own ?? supplies;
  return Promise.all(
    Array.from({ length: connections }, (_, index) =>
      Connection.open(url, tls ? terminals[index % terminals.length] : undefined),
    ),
  );
}

/** @param {Job} job @returns {Promise<Measured>} */
async function run(job) {
  const requests = prepare(job);
  const connections = await connectAll(job);
  /** @type {number[]} */
  const latencies = [];
  /** @type {import("./connection.mjs").Answer[]} */
  const answers = [];
  const startedMs = performance.now();

  /** @param {Connection} connection @param {string[]} own */
  async function keepAsking(connection, own) {
    for (let made = 0; job.kind === "echo" || made < own.length; made += 1) {
      const askedMs = performance.now();
      if (askedMs - startedMs >= job.runMs) return;
      answers.push(await connection.ask(own[made % own.length] ?? ""));
      latencies.push(performance.now() - askedMs);
    }
  }

  await Promise.all(connections.map((one, index) => keepAsking(one, requests[index] ?? [])));
  const elapsedMs = performance.now() - startedMs;
  for (const connection of connections) connection.close();
  return { latenciesMs: Float64Array.from(latencies), elapsedMs, ...tally(answers) };
}

/** @param {import("./connection.mjs").Answer[]} answers */
function tally(answers) {
  const [sample] = answers;
  if (sample === undefined) throw new Error("a run without an answer");
  let approved = 0;
  let approvedCents = 0;
  for (const { status, body } of answers) {
    if (status !== 200) throw new Error(`answered ${status}: ${body}`);
    const { outcome, amountCents } = JSON.parse(body);
    if (outcome !== "approved") continue;
    approved += 1;
    approvedCents += amountCents;
  }
  return { approved, approvedCents, sample };
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
