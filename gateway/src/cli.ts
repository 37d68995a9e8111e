#!/usr/bin/env node
// The command line of the gateway: `pass-tpe serve` starts one on a data folder and a programme file.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createLogger, DatabaseSetupError, DataFolderError, startGateway } from "./index.js";
import { DEFAULT_HEALTH_PORT, DEFAULT_PORT } from "./main.js";

const HELP = `Usage: pass-tpe serve --data FOLDER --programme FILE [options]

Starts the authorization gateway of the Pass'Région on embedded SQLite.

  --data FOLDER        keys, certificates and the database; made at the first start
  --programme FILE     the programme as JSON: campaigns, avantages, card generations, settings
  --host ADDRESS       address to listen on for terminals (127.0.0.1)
  --name HOST          a name that terminals call the gateway by; may be repeated (localhost, 127.0.0.1)
  --port N             port for terminals, mutual TLS (${DEFAULT_PORT})
  --health-port N      port for /healthz, /readyz and /metrics on loopback (${DEFAULT_HEALTH_PORT})
  --help               this text

Its log goes to stdout, one JSON object a line; the line with the field "serving" tells its addresses once it serves.
SIGTERM and SIGINT end it cleanly:
what it accepted is finished first. It ends with 1 when it cannot start, and with 70 when a commit is in doubt.
`;

const EXIT_USAGE = 2;
const EXIT_CANNOT_START = 1;
/** EX_SOFTWARE of sysexits: a supervisor starts the process again, and it recovers by id. */
const EXIT_DOUBT = 70;

async function main(): Promise<void> {
  const options = readOptions();
  const gateway = await startGateway({
    ...options,
    log: createLogger({}),
    onDoubt: () => process.exit(EXIT_DOUBT),
  });
  process.stdout.write(
    `${JSON.stringify({ serving: gateway.url, health: gateway.healthUrl, pid: process.pid })}\n`,
  );
  const stop = () => void gateway.close().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: "string" },
      programme: { type: "string" },
      host: { type: "string", default: "127.0.0.1" },
      name: { type: "string", multiple: true, default: ["localhost", "127.0.0.1"] },
      port: { type: "string", default: String(DEFAULT_PORT) },
      "health-port": { type: "string", default: String(DEFAULT_HEALTH_PORT) },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    process.exit(0);
  }
  const { data, programme } = values;
  if (positionals[0] !== "serve" || data === undefined || programme === undefined) {
    throw new UsageError("serve, --data and --programme are needed");
  }
  return {
    dataFolder: data,
    programme: readProgramme(programme),
    host: values.host,
    hosts: values.name,
    port: portOf(values.port),
    healthPort: portOf(values["health-port"]),
  };
}

class UsageError extends Error {}

function readProgramme(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`the programme file ${path} cannot be read: ${why}`);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`no port: ${text}`);
  return port;
}

main().catch((error: unknown) => {
  const usage =
    error instanceof UsageError ||
    (error instanceof TypeError &&
      "code" in error &&
      String(error.code).startsWith("ERR_PARSE_ARGS"));
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`pass-tpe: ${message}${usage ? "\n\npass-tpe --help tells more" : ""}\n`);
  const isSetup = error instanceof DatabaseSetupError || error instanceof DataFolderError;
  if (!usage && !isSetup && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ""}\n`);
  }
  process.exit(usage ? EXIT_USAGE : EXIT_CANNOT_START);
});
