// `npm start`: a gateway with demo data, three sales on a terminal's screen, then it keeps serving.

import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createLogger, type Gateway, startGateway } from "@pass-tpe/gateway";
import { saveCredentials, softwarePinPad, Terminal } from "@pass-tpe/terminal-sdk";
import { simulatedReader } from "../readers/direct-reader.js";
import {
  DEMO_PIN,
  demoProgramme,
  issueDemoTerminal,
  loadDemoCard,
  loadDemoPartner,
} from "./data.js";
import { demoSales, faultsOf, makeSale } from "./sales.js";
import { drawSale } from "./screen.js";
import { demoStoreKey } from "./store-key.js";

const HELP = `Usage: npm start -- [options]

Starts the gateway on embedded SQLite with a demo campaign, partner, terminal and cards, shows three sales as on a
terminal's own screen, and keeps serving until Ctrl-C.

  --once             end after the demo, with 0 when every sale went as it should; uses a temporary folder and free ports
  --data FOLDER      where keys, certificates, database and journal are kept (.pass-tpe/demo)
  --port N           port for terminals, mutual TLS (8443)
  --health-port N    port for /healthz, /readyz and /metrics on loopback (9464)
  --help             this text
`;

interface DemoOptions {
  readonly once: boolean;
  readonly folder: string;
  /** The folder was made for this run, and goes with it. A folder that was named is never removed. */
  readonly isTemporary: boolean;
  readonly port: number;
  readonly healthPort: number;
}

async function readOptions(): Promise<DemoOptions> {
  const { values } = parseArgs({
    options: {
      once: { type: "boolean", default: false },
      data: { type: "string" },
      port: { type: "string" },
      "health-port": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    process.exit(0);
  }
  const { once, data } = values;
  const isTemporary = once && data === undefined;
  return {
    once,
    folder: isTemporary
      ? await mkdtemp(join(tmpdir(), "pass-tpe-demo-"))
      : (data ?? ".pass-tpe/demo"),
    isTemporary,
    port: portOf(values.port, once ? 0 : 8443),
    healthPort: portOf(values["health-port"], once ? 0 : 9464),
  };
}

function portOf(text: string | undefined, otherwise: number): number {
  const port = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`not a port: ${text}`);
  return port;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const options = await readOptions();
  const { folder, port, healthPort, once } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const nowMs = Date.now();
  const gateway = await startGateway({
    dataFolder: join(folder, "gateway"),
    storeKey: demoStoreKey(join(folder, "store.key")),
    programme: await demoProgramme(nowMs),
    port,
    healthPort,
    log: createLogger({
      destination: createWriteStream(join(folder, "gateway.log"), { flags: "a" }),
    }),
    onDoubt: () => process.exit(70),
  });
  const faults = await showSales({ gateway, folder, nowMs });
  for (const fault of faults) process.stderr.write(`FAUX : ${fault}\n`);
  if (once || faults.length > 0) {
    await gateway.close();
    if (options.isTemporary) await rm(folder, { recursive: true, force: true });
    process.exitCode = faults.length > 0 ? 1 : 0;
    return;
  }
  keepServing(gateway, folder);
}

async function showSales(input: {
  readonly gateway: Gateway;
  readonly folder: string;
  readonly nowMs: number;
}): Promise<readonly string[]> {
  const { gateway, folder, nowMs } = input;
  await loadDemoPartner(gateway, nowMs);
  const card = await loadDemoCard(gateway, nowMs);
  const credentials = await issueDemoTerminal(gateway);
  await saveCredentials({ path: join(folder, "terminal.json"), credentials });
  const reader = simulatedReader();
  const pinPad = softwarePinPad({
    pinKey: credentials.pinKey,
    keyFile: join(folder, "pin.key"),
    digits: async ([line1, line2]) => {
      say(`  [pavé] ${line1} / ${line2} : ● ● ● ●`);
      return DEMO_PIN;
    },
  });
  const terminal = await Terminal.open({
    gateway: gateway.url,
    credentials,
    journal: join(folder, "journal"),
    readers: [reader],
    pinPad,
  });
  const faults: string[] = [];
  say(`\nPass'Région, terminal de démonstration (campagne inventée)\n`);
  for (const sale of demoSales(gateway, card)) {
    say(sale.title);
    const result = await makeSale(terminal, reader, sale);
    say(drawSale(result));
    faults.push(...faultsOf(sale.title, result, sale.expected));
    if (result.id !== undefined) faults.push(...(await readBack(terminal, result.id, result)));
  }
  await terminal.close();
  const report = await gateway.operator.verify();
  say(
    `Grand livre vérifié : décisions refaites ${report.attempts}, écritures ${report.entries}, écarts ${report.faults.length}.`,
  );
  return [...faults, ...report.faults];
}

/** The status API must say what the till was told. */
async function readBack(terminal: Terminal, id: string, told: object): Promise<readonly string[]> {
  const status = await terminal.status(id);
  if (!status?.answer) return [`${id}: the gateway has no answer stored`];
  const { code, amountCents, collectCents } = status.answer;
  say(
    `  Relu par GET /v1/authorizations/… : ${status.state}, ${code}, débité ${amountCents ?? 0} c, à encaisser ${collectCents ?? 0} c\n`,
  );
  return faultsOf(`${id} read back`, told, { code, amountCents, collectCents });
}

function keepServing(gateway: Gateway, folder: string): void {
  say(`
La passerelle sert :
  terminaux   ${gateway.url} (TLS mutuel, identifiants dans ${join(folder, "terminal.json")})
  santé       ${gateway.healthUrl}/healthz · /readyz · /metrics
  journal     ${join(folder, "gateway.log")}
Ctrl-C pour arrêter.`);
  const stop = () => void gateway.close().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

main().catch((error: unknown) => {
  const isPort = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`npm start: ${message}\n`);
  if (isPort)
    process.stderr.write("Choose another port: npm start -- --port 8444 --health-port 9465\n");
  process.exit(1);
});
