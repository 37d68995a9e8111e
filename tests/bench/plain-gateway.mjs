// @ts-check
// A gateway over plain HTTP, for the bench alone: all of the real one but TLS. A request names its terminal by number, or connections are terminals in turns.
import { X509Certificate } from "node:crypto";
import { createServer } from "node:http";
import { createLogger, terminalsApp } from "../../gateway/dist/parts.js";
import { openAssembly, readJson } from "./assembly.mjs";
import { TERMINAL_HEADER, withBench } from "./bench-listener.mjs";
import { fingerprintOf } from "./terminals.mjs";

const [, , path = "", programmeFile = "", certificatesFile = "", url] = process.argv;
const programme = readJson(programmeFile);
const { assembly, close } = await openAssembly({
  path,
  programme,
  log: createLogger({}),
  ...(url === undefined ? {} : { url }),
});

/** @type {{ fingerprint: string, organizationalUnit: null, endsAtMs: number }[]} */
const terminals = readJson(certificatesFile).map((/** @type {string} */ pem) => {
  const endsAtMs = Date.parse(new X509Certificate(pem).validTo);
  return { fingerprint: fingerprintOf(pem), organizationalUnit: null, endsAtMs };
});
/** @type {WeakMap<import("node:net").Socket, typeof terminals[number]>} */
const known = new WeakMap();
let connections = 0;

/** @param {import("node:http").IncomingMessage} request */
function terminalOf({ socket, headers }) {
  const named = headers[TERMINAL_HEADER];
  if (named !== undefined) return terminals[Number(named)] ?? null;
  const terminal = known.get(socket) ?? terminals[connections++ % terminals.length] ?? null;
  if (terminal !== null) known.set(socket, terminal);
  return terminal;
}

/** Seals all that was sold: one run of the sealer takes a part of a large backlog. */
async function sealAll() {
  do await assembly.sealer.run();
  while ((await assembly.store.chain.seal()).sealed > 0);
}

const { onConnection, onRequest } = withBench(terminalsApp(assembly, {}, terminalOf), sealAll);
const server = createServer({ noDelay: true }, onRequest).on("connection", onConnection);
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  process.stdout.write(`${JSON.stringify({ serving: `http://127.0.0.1:${address.port}` })}\n`);
});
process.once("SIGTERM", async () => {
  server.close();
  server.closeAllConnections();
  await close();
});
