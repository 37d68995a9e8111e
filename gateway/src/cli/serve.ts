// `pass-tpe serve`: starts a gateway on a data folder and a programme file.

import { parseArgs } from "node:util";
import { DEFAULT_BASE_HOURS, DEFAULT_KEEP_DAYS } from "../archive/archiver.js";
import { CatalogueError } from "../catalogue/catalogue-error.js";
import { readProgrammeFile } from "../catalogue/programme-file.js";
import { DEFAULT_CARD_PER_MINUTE, DEFAULT_TERMINAL_PER_SECOND } from "../http/limits/limits.js";
import { standardOutput } from "../http/log-stream.js";
import { createLogger } from "../http/observe.js";
import { startGateway } from "../main.js";
import {
  DEFAULT_HEALTH_PORT,
  DEFAULT_HOLDER_PORT,
  DEFAULT_HOLDER_REQUESTS_PER_MINUTE,
  DEFAULT_OPERATOR_PORT,
  DEFAULT_PORT,
} from "../serving.js";
import { LedgerDamagedError } from "../store/failures.js";
import { POOL_DEFAULT } from "../store/postgres/options.js";
import {
  type Command,
  EXIT_DAMAGED,
  EXIT_DOUBT,
  EXIT_FAILED,
  EXIT_OK,
  needed,
  portOf,
  reasonOf,
  UsageError,
  wholeOf,
} from "./command.js";
import { endInDoubt } from "./end-in-doubt.js";
import { LEDGER_HELP, LEDGER_OPTION } from "./ledger-option.js";
import { DISK_FLOOR_MIB, ledgerFrom, SERVE_LEDGER_OPTIONS } from "./serve-ledger.js";
import { STORE_KEY_HELP, storeKeyFrom } from "./store-key.js";

export const serve: Command = {
  name: "serve",
  summary: "start the gateway",
  help: `Usage: pass-tpe serve --data FOLDER --store-key FILE --programme FILE [options]

Starts the authorization gateway of the Pass'Région on embedded SQLite, or beside others on one PostgreSQL.

  --data FOLDER        sealed keys, certificates and the database; made at the first start
${LEDGER_HELP}
${STORE_KEY_HELP}
  --programme FILE     the programme as JSON: campaigns, avantages, card generations, settings
  --host ADDRESS       address to listen on for terminals and agents (127.0.0.1)
  --name HOST          a name that they call the gateway by; may be repeated (localhost, 127.0.0.1)
  --port N             port for terminals, mutual TLS (${DEFAULT_PORT})
  --operator-port N    port for operator, Région and établissements, mutual TLS (${DEFAULT_OPERATOR_PORT}; 0 where --port is 0)
  --holder-port N      port for young people's own accounts, TLS (${DEFAULT_HOLDER_PORT}; 0 where --port is 0)
  --holder-rate N      how often a minute one address may ask there (${DEFAULT_HOLDER_REQUESTS_PER_MINUTE}); more where a site stands before it
  --terminal-rate N    requests a second of one terminal (${DEFAULT_TERMINAL_PER_SECOND}), ten times as many at once; 0 for no limit
  --card-rate N        presentations a minute of one card at all terminals (${DEFAULT_CARD_PER_MINUTE}), as many at once; 0 for no limit
  --health-port N      port for /healthz, /readyz and /metrics, in clear (${DEFAULT_HEALTH_PORT})
  --health-host ADDR   address to listen on for these (127.0.0.1); one that only what spreads calls over gateways reaches
  --disk-floor MIB     with less free on the ledger's disk nothing new is decided (${DISK_FLOOR_MIB}); 0 for no floor
  --clock-is-right     start although the clock is far from the ledger's last decision
  --heads FILE         where signed heads of the chain are exported to (heads.ndjson in the data folder)
  --archive FOLDER     archive the ledger there while it serves, for \`pass-tpe restore\`: a folder on another disk
  --archive-hours N    how often its database is copied anew (${DEFAULT_BASE_HOURS})
  --archive-days N     for how many days back every instant can be restored (${DEFAULT_KEEP_DAYS})
  --pool N             the most connections to PostgreSQL for sales and lookups (${POOL_DEFAULT}); some more watch and verify
  --require-sync       refuse a PostgreSQL that answers a commit before a standby has it
  --new-ledger         begin a new ledger in an empty PostgreSQL under keys that are in the folder already; once, and refused otherwise
  --help               this text

On PostgreSQL the data folder holds keys, certificates and heads alone, and each gateway has one with the same keys.json;
--disk-floor and the archive are for a ledger in a file. A gateway whose clock is more than a second from its database's
is not ready, and decides nothing.

Its log goes to stdout, one JSON object a line; the line with the field "serving" tells its addresses once it serves.
SIGTERM and SIGINT end it cleanly: what it accepted is finished first. It ends with ${EXIT_FAILED} when it cannot start, with ${EXIT_DAMAGED}
when the ledger's file is damaged, and with ${EXIT_DOUBT} when a commit is in doubt.
`,
  async run(args) {
    const gateway = await startGateway({
      ...readOptions(args),
      log: createLogger({}),
      onDoubt: (error) =>
        endInDoubt(error instanceof LedgerDamagedError ? EXIT_DAMAGED : EXIT_DOUBT),
    });
    const addresses = {
      serving: gateway.url,
      operators: gateway.operatorUrl,
      holders: gateway.holderUrl,
      health: gateway.healthUrl,
      pid: process.pid,
    };
    standardOutput().write(`${JSON.stringify(addresses)}\n`);
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
      ...LEDGER_OPTION,
      ...SERVE_LEDGER_OPTIONS,
      data: { type: "string" },
      "store-key": { type: "string" },
      programme: { type: "string" },
      host: { type: "string", default: "127.0.0.1" },
      name: { type: "string", multiple: true, default: ["localhost", "127.0.0.1"] },
      port: { type: "string", default: String(DEFAULT_PORT) },
      "operator-port": { type: "string" },
      "holder-port": { type: "string" },
      "holder-rate": { type: "string" },
      "terminal-rate": { type: "string", default: String(DEFAULT_TERMINAL_PER_SECOND) },
      "card-rate": { type: "string", default: String(DEFAULT_CARD_PER_MINUTE) },
      heads: { type: "string" },
      "clock-is-right": { type: "boolean", default: false },
      "health-host": { type: "string", default: "127.0.0.1" },
      "health-port": { type: "string", default: String(DEFAULT_HEALTH_PORT) },
    },
  });
  const operatorPort = values["operator-port"];
  const holderPort = values["holder-port"];
  const holderRate = values["holder-rate"];
  return {
    dataFolder: needed(values.data, "--data"),
    storeKey: storeKeyFrom(values["store-key"]),
    programme: programmeFrom(needed(values.programme, "--programme")),
    host: values.host,
    hosts: values.name,
    port: portOf(values.port),
    healthPort: portOf(values["health-port"]),
    healthHost: values["health-host"],
    clockIsRight: values["clock-is-right"],
    ...ledgerFrom(values),
    ...(values.heads === undefined ? {} : { headsFile: values.heads }),
    ...(operatorPort === undefined ? {} : { operatorPort: portOf(operatorPort) }),
    ...(holderPort === undefined ? {} : { holderPort: portOf(holderPort) }),
    ...(holderRate === undefined
      ? {}
      : { holderRequestsPerMinute: wholeOf(holderRate, { option: "--holder-rate", min: 1 }) }),
    limits: {
      terminalPerSecond: wholeOf(values["terminal-rate"], { option: "--terminal-rate", min: 0 }),
      cardPerMinute: wholeOf(values["card-rate"], { option: "--card-rate", min: 0 }),
    },
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
