// @ts-check
// The yardstick: a bare node:http server that parses the request body and gives a fixed answer, plain and over mutual TLS.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { readDataFolder } from "../../gateway/dist/data-folder.js";
import { systemRandom } from "../../gateway/dist/main.js";
import { withBench } from "./bench-listener.mjs";
import { STORE_KEY } from "./store-key.mjs";

/** As the gateway sets it, because it shows in a header of each answer. */
const KEEP_ALIVE_TIMEOUT_MS = 120_000;

/**
 * @typedef {object} EchoAnswer
 * @property {Record<string, string>} headers beside what node:http adds
 * @property {string} body
 */

const [, , dataFolder = "", answerFile = ""] = process.argv;
/** @type {EchoAnswer} */
const answer = JSON.parse(readFileSync(answerFile, "utf8"));
const headers = { ...answer.headers, "Content-Length": Buffer.byteLength(answer.body) };

/** @type {import("node:http").RequestListener} */
function echo(request, response) {
  /** @type {Buffer[]} */
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    JSON.parse(Buffer.concat(chunks).toString("utf8"));
    response.writeHead(200, headers).end(answer.body);
  });
}

const data = { path: dataFolder, storeKey: STORE_KEY, random: systemRandom };
const { authority, server: identity } = readDataFolder(data).file;
const { certificate: cert, privateKey: key } = identity;
const { certificate: ca } = authority;
const tls = { cert, key, ca, requestCert: true, rejectUnauthorized: false };

/** @param {import("node:http").Server} server @returns {Promise<number>} its port */
function listen(server) {
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("no port");
      resolve(address.port);
    });
  });
}

const { onConnection, onRequest } = withBench(echo);
const server = createServer({ noDelay: true }, onRequest).on("connection", onConnection);
const plain = await listen(server);
const secured = await listen(createTlsServer({ ...tls, noDelay: true }, echo));
process.stdout.write(
  `${JSON.stringify({ serving: `http://127.0.0.1:${plain}`, tls: `https://127.0.0.1:${secured}` })}\n`,
);
