// @ts-check
// The closed loop of the generator's own: each connection asks again as soon as it is answered.
import { openConnections } from "./connection.mjs";
import { tally } from "./tally.mjs";

/**
 * @param {object} options
 * @param {import("./connection.mjs").Destination} options.to
 * @param {string[]} options.requests
 * @param {number} options.runMs
 * @param {boolean} options.isRepeated whether they are sent again and again, and not each once
 * @returns {Promise<import("./load.mjs").Measured>}
 */
export async function closedLoop({ to, requests, runMs, isRepeated }) {
  const connections = await openConnections(to);
  /** @type {number[]} */
  const latencies = [];
  /** @type {import("./connection.mjs").Answer[]} */
  const answers = [];
  let sent = 0;
  const startedMs = performance.now();

  /** @param {import("./connection.mjs").Connection} connection */
  async function keepAsking(connection) {
    while (isRepeated || sent < requests.length) {
      const askedMs = performance.now();
      if (askedMs - startedMs >= runMs) return;
      const request = requests[sent % requests.length] ?? "";
      sent += 1;
      answers.push(await connection.ask(request));
      latencies.push(performance.now() - askedMs);
    }
  }

  await Promise.all(connections.map(keepAsking));
  const elapsedMs = performance.now() - startedMs;
  for (const connection of connections) connection.close();
  return { latenciesMs: Float64Array.from(latencies), elapsedMs, ...tally(answers) };
}
