// @ts-check
// A gateway over plain HTTP, for the bench alone: all of the real one but TLS, and connections are terminals in turns.
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { systemClock, systemRandom } from "../../gateway/dist/main.js";
import { openFolder } from "../../gateway/dist/open-folder.js";
import {
  assembleGateway,
  createLogger,
  loadProgramme,
  sqliteDriver,
  terminalsApp,
} from "../../gateway/dist/parts.js";
import { createHeadsFile } from "../../gateway/dist/sealer-heads-file.js";
import { STORE_KEY } from "./store-key.mjs";

const [, , path = "", programmeFile = "", certificatesFile = ""] = process.argv;
const [clock, random] = [systemClock, systemRandom];
const { folder, driver, headsPath } = await openFolder({
  path,
  storeKey: STORE_KEY,
  hosts: ["localhost"],
  makeDriver: (at) => sqliteDriver(at),
  clock,
  random,
});
const { keys } = folder;
const assembly = assembleGateway({
  driver,
  keys,
  programme: loadProgramme(JSON.parse(readFileSync(programmeFile, "utf8"))),
  clock,
  random,
  log: createLogger({}),
  // As at the command line of the rig: one terminal stands for an estate.
  limits: { terminalPerSecond: 0, cardPerMinute: 0 },
  exportHead: createHeadsFile(headsPath, keys.audit),
  onDoubt(error) {
    throw error;
  },
});
/** @type {{ fingerprint: string, organizationalUnit: null, endsAtMs: number }[]} */
const terminals = JSON.parse(readFileSync(certificatesFile, "utf8")).map(
  (/** @type {string} */ pem) => {
    const { raw, validTo } = new X509Certificate(pem);
    const fingerprint = createHash("sha256").update(raw).digest("hex");
    return { fingerprint, organizationalUnit: null, endsAtMs: Date.parse(validTo) };
  },
);
/** @type {WeakMap<import("node:net").Socket, typeof terminals[number]>} */
const known = new WeakMap();
let connections = 0;

/** @param {import("node:http").IncomingMessage} request */
function terminalOf({ socket }) {
  const terminal = known.get(socket) ?? terminals[connections++ % terminals.length] ?? null;
  if (terminal !== null) known.set(socket, terminal);
  return terminal;
}

const server = createServer({ noDelay: true }, terminalsApp(assembly, {}, terminalOf));
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  process.stdout.write(`${JSON.stringify({ serving: `http://127.0.0.1:${address.port}` })}\n`);
});
process.once("SIGTERM", async () => {
  server.close();
  server.closeAllConnections();
  await assembly.sealer.close();
  await assembly.store.close();
});
