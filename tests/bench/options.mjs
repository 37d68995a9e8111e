// @ts-check
// What the bench can be told on its command line.
import { parseArgs } from "node:util";

const HELP = `Usage: npm run bench -- [--quick] [--json] [--folder FOLDER]

Measures, in one run and in turns, so that a machine that slows down slows all of them:
  echo        a bare node:http server that parses the same request body and answers as many bytes
  echo-tls    the same over mutual TLS, as the gateway is reached
  fdatasync   a loop of 4 KiB write + fdatasync on the disk that holds the database
  fsync       the same with fsync, which SQLite uses where it was built without fdatasync
  authorize   full durable authorizations over mutual TLS at a gateway process on SQLite
  authorize-plain  the same without TLS, by terminals that the bench fixes: to stand against the echo

Each authorization has its own id and a fresh card message, made before the clock runs. Load generator and server
share the machine's cores. Afterwards the ledger must hold exactly the answers, and as much money as was approved;
otherwise the bench ends with 1.

  --quick          one short round: a look, not a measurement
  --json           one object { machine, runs } on stdout; everything else goes to stderr
                   (npm prints its own two lines on stdout unless asked: npm run --silent bench -- --json)
  --folder FOLDER  where the database is put, for another disk (.pass-tpe in this checkout); removed afterwards
  --help           this text
`;

/**
 * @typedef {object} BenchOptions
 * @property {number} rounds
 * @property {number} runMs how long each run of each round lasts
 * @property {boolean} json
 * @property {string | undefined} folder
 */

/** @returns {BenchOptions | null} null where help was asked for, and given */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      folder: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return null;
  }
  const length = values.quick ? { rounds: 1, runMs: 500 } : { rounds: 3, runMs: 1_200 };
  return { ...length, json: values.json, folder: values.folder };
}
