// @ts-check
// What the bench's own listeners understand beside a gateway's requests, and how they are told; no listener of a gateway knows any of it.

/** Which terminal a request comes from: its place in the bench's list. */
export const TERMINAL_HEADER = "x-bench-terminal";

const OWN_PATHS = "/bench/";
/** Never answered: how a generator that cannot stop ends, one connection after the other. wrk.lua asks for it. */
const HOLD_PATH = "/bench/hold";
const SEAL_PATH = "/bench/seal";
const EXPECT_PATH = "/bench/expect/";

/**
 * Puts what the bench asks for itself before an application.
 *
 * Node takes one new connection each time around its loop (libuv since 1.46), and a time around is a batch of sales: the last
 * of 128 connections would be taken a second after the first. So requests wait until as many connections as were
 * announced are there, while nothing else is done.
 *
 * @param {import("node:http").RequestListener} app
 * @param {() => Promise<void>} [sealAll] seals all that was sold
 * @returns {{ onConnection: () => void, onRequest: import("node:http").RequestListener }}
 */
export function withBench(app, sealAll = async () => {}) {
  let missing = 0;
  /** @type {(() => void)[]} */
  let waiting = [];

  /** @type {import("node:http").RequestListener} */
  function answerBench({ url = "" }, response) {
    if (url === HOLD_PATH) return;
    if (url.startsWith(EXPECT_PATH)) missing = Number(url.slice(EXPECT_PATH.length));
    const done = url === SEAL_PATH ? sealAll() : Promise.resolve();
    void done.then(() => response.writeHead(204).end());
  }

  return {
    onConnection() {
      missing = Math.max(0, missing - 1);
      if (missing > 0) return;
      for (const start of waiting) start();
      waiting = [];
    },
    onRequest(request, response) {
      if (request.url?.startsWith(OWN_PATHS)) answerBench(request, response);
      else if (missing > 0) waiting.push(() => app(request, response));
      else app(request, response);
    },
  };
}

/** Has all sealed that was sold at a listener. @param {string} url */
export async function askToSeal(url) {
  await ask(`${url}${SEAL_PATH}`);
}

/** Announces connections to a listener. @param {string} url @param {number} connections that nobody has opened yet */
export async function announce(url, connections) {
  await ask(`${url}${EXPECT_PATH}${connections}`);
}

/** @param {string} url on a connection that ends with it, so that the next one is counted for nobody else */
async function ask(url) {
  const { status } = await fetch(url, { headers: { connection: "close" } });
  if (status !== 204) throw new Error(`${url} was answered ${status}`);
}
