// @ts-check
// The open loop: each request leaves when it is due, whatever became of the others, and its time counts from then.
import { arrivalTimesMs } from "./arrivals.mjs";
import { openConnections } from "./connection.mjs";
import { tally } from "./tally.mjs";

/** As fine as timers are; what is due between two looks leaves late, and that counts. */
const LOOK_EVERY_MS = 1;

/**
 * @param {object} options
 * @param {import("./connection.mjs").Destination} options.to a request that finds all connections taken waits for one
 * @param {string[]} options.requests
 * @param {number} options.runMs
 * @param {import("./arrivals.mjs").Arrivals} options.arrivals
 * @returns {Promise<import("./load.mjs").Measured>}
 */
export async function openLoop({ to, requests, runMs, arrivals }) {
  const free = await openConnections(to);
  const opened = [...free];
  const dueMs = arrivalTimesMs({ ...arrivals, runMs, countMax: requests.length });
  const latenciesMs = new Float64Array(dueMs.length);
  const lateMs = new Float64Array(dueMs.length);
  /** @type {import("./connection.mjs").Answer[]} */
  const answers = [];
  const startedMs = performance.now();
  let sent = 0;

  /** @param {import("./connection.mjs").Connection} connection @param {number} index */
  async function ask(connection, index) {
    const scheduledMs = startedMs + (dueMs[index] ?? 0);
    lateMs[index] = performance.now() - scheduledMs;
    answers.push(await connection.ask(requests[index] ?? ""));
    latenciesMs[index] = performance.now() - scheduledMs;
    free.push(connection);
  }

  await new Promise((resolve, reject) => {
    const timer = setInterval(sendDue, LOOK_EVERY_MS);
    /** @param {unknown} error */
    function fail(error) {
      clearInterval(timer);
      reject(error);
    }
    function sendDue() {
      while (startedMs + (dueMs[sent] ?? Number.POSITIVE_INFINITY) <= performance.now()) {
        const connection = free.pop();
        if (connection === undefined) return;
        ask(connection, sent).then(sendDue).catch(fail);
        sent += 1;
      }
      if (answers.length < dueMs.length) return;
      clearInterval(timer);
      resolve(undefined);
    }
  });
  const elapsedMs = performance.now() - startedMs;
  for (const connection of opened) connection.close();
  return { latenciesMs, lateMs, elapsedMs, ...tally(answers) };
}
