// `pass-tpe serve`: starts a gateway on a data folder and a programme file.

import { parseArgs } from "node:util";
import { CatalogueError } from "../catalogue/catalogue-error.js";
import { readProgrammeFile } from "../catalogue/programme-file.js";
import { createLogger } from "../http/observe.js";
import { DEFAULT_HEALTH_PORT, DEFAULT_OPERATOR_PORT, DEFAULT_PORT, startGateway } from "../main.js";
import {
  type Command,
  EXIT_DOUBT,
  EXIT_OK,
  needed,
  portOf,
  reasonOf,
  UsageError,
} from "./command.js";

export const serve: Command = {
  name: "serve",
  summary: "start the gateway",
  help: `Usage: pass-tpe serve --data FOLDER --programme FILE [options]

Starts the authorization gateway of the Pass'Région on embedded SQLite.

  --data FOLDER        keys, certificates and the database; made at the first start
  --programme FILE     the programme as JSON: campaigns, avantages, card generations, settings
  --host ADDRESS       address to listen on for terminals and agents (127.0.0.1)
  --name HOST          a name that they call the gateway by; may be repeated (localhost, 127.0.0.1)
  --port N             port for terminals, mutual TLS (${DEFAULT_PORT})
  --operator-port N    port for operator, Région and établissements, mutual TLS (${DEFAULT_OPERATOR_PORT}; 0 where --port is 0)
  --health-port N      port for /healthz, /readyz and /metrics on loopback (${DEFAULT_HEALTH_PORT})
  --heads FILE         where signed heads of the chain are exported to (heads.ndjson in the data folder)
  --help               this text

Its log goes to stdout, one JSON object a line; the line with the field "serving" tells its addresses once it serves.
SIGTERM and SIGINT end it cleanly: what it accepted is finished first. It ends with 1 when it cannot start, and with 70
when a commit is in doubt.
`,
  async run(args) {
    const gateway = await startGateway({
      ...readOptions(args),
      log: createLogger({}),
      onDoubt: () => process.exit(EXIT_DOUBT),
    });
    const addresses = {
      serving: gateway.url,
      operators: gateway.operatorUrl,
      health: gateway.healthUrl,
      pid: process.pid,
    };
    process.stdout.write(`${JSON.stringify(addresses)}\n`);
    await new Promise((resolve) => {
      process.once("SIGTERM", resolve);
      process.once("SIGINT", resolve);
    });
    await gateway.close();
    return EXIT_OK;
  },
};

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: "string" },
      programme: { type: "string" },
      host: { type: "string", default: "127.0.0.1" },
      name: { type: "string", multiple: true, default: ["localhost", "127.0.0.1"] },
      port: { type: "string", default: String(DEFAULT_PORT) },
      "operator-port": { type: "string" },
      heads: { type: "string" },
      "health-port": { type: "string", default: String(DEFAULT_HEALTH_PORT) },
    },
  });
  const operatorPort = values["operator-port"];
  return {
    dataFolder: needed(values.data, "--data"),
    programme: programmeFrom(needed(values.programme, "--programme")),
    host: values.host,
    hosts: values.name,
    port: portOf(values.port),
    healthPort: portOf(values["health-port"]),
    ...(values.heads === undefined ? {} : { headsFile: values.heads }),
    ...(operatorPort === undefined ? {} : { operatorPort: portOf(operatorPort) }),
  };
}

/** @throws CatalogueError when it is wrong, UsageError when it cannot be read. */
export function programmeFrom(path: string): unknown {
  try {
    return readProgrammeFile(path);
  } catch (error) {
    if (error instanceof CatalogueError) throw error;
    throw new UsageError(`the programme file ${path} cannot be read: ${reasonOf(error)}`);
  }
}
