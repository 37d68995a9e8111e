// @ts-check
// A gateway over plain HTTP, for the bench alone: everything of the real one but TLS, and every caller is one terminal.
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

const [, , path = "", programmeFile = "", certificateFile = ""] = process.argv;
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
const { raw, validTo } = new X509Certificate(readFileSync(certificateFile));
const terminal = {
  fingerprint: createHash("sha256").update(raw).digest("hex"),
  organizationalUnit: null,
  endsAtMs: Date.parse(validTo),
};
const server = createServer(
  { noDelay: true },
  terminalsApp(assembly, {}, () => terminal),
);
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
