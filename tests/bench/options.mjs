// @ts-check
// What the bench can be told on its command line.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";

const HELP = `Usage: npm run bench -- [--quick] [--rounds N] [--json] [--plot FILE] [--generator wrk|node] [--seed N] [--folder FOLDER]

Measures, in one run and in turns, so that a machine that slows down slows all of them:
  echo             a bare node:http server that parses the same request body and answers as many bytes
  echo-node        the same by the bench's own generator, where wrk sends to the others
  echo-tls         the same over mutual TLS, as the gateway is reached
  authorize        full durable authorizations over mutual TLS at a gateway process on SQLite
  authorize-plain  the same without TLS, by terminals that the bench names: to stand against the echo
  hot-merchant     authorize-plain with all sales at one point of sale; otherwise they are spread over 200 partners
  hot-card         authorize-plain by one card alone. Its taps overtake each other on the way, and the gateway refuses
                   those that come after a later one: approvals alone are counted
  declines         authorize-plain with one sale in ten declined for want of funds
  qr-pin           authorize-plain with one sale in five by a scanned code and a PIN
  fdatasync        a loop of 4 KiB write + fdatasync on the disk that holds the database
  fsync            the same with fsync, which SQLite uses where it was built without fdatasync
  pgbench          PostgreSQL 15 (Debian's package, where it is installed): TPC-B, scale 10, its default durability, by a
                   Unix socket on the same disk; connections are its clients
  open-loop        a third of authorize-plain's rate at 32 connections as it was just measured, at random instants from a
                   seed that is printed; times count from the instant at which a request was due

Each authorization has its own id and a fresh card message, made before the clock runs. Load generator and server
share the machine's cores. wrk sends the plain requests, with one thread, where it is installed (Debian's package), else
the bench's own generator, which always sends those over TLS (wrk has no client certificates); "by" says which. wrk's
times are as it corrects them for what it could not send meanwhile. Nothing is measured before all servers are idle.

Percentiles are those of all requests of all rounds; rates and ratios the medians of the rounds, each round's ratio to its
own echo. What a gateway does behind the sales, above all sealing, is brought to its end after each part, and the
processor time for it is counted as time of the sales: "sustained". The targets are held to that rate.

Afterwards the ledger must hold exactly the answers, and as much money as was approved; otherwise the bench ends with 1.
A target that is missed is printed as missed, and changes nothing else.

  --quick          one short round in less than a minute: a look, not a measurement
  --rounds N       how many rounds (3)
  --json           one object { machine, runs, memory, targets, skipped } on stdout; everything else goes to stderr
                   (npm prints its own two lines on stdout unless asked: npm run --silent bench -- --json)
  --plot FILE      draws rates and percentiles into an SVG file
  --generator G    wrk or node: what sends the plain requests
  --seed N         of the open loop's arrivals (drawn where it is left out)
  --folder FOLDER  where the databases are put, for another disk (.pass-tpe in this checkout); removed afterwards
  --help           this text
`;

const ROUNDS_MAX = 100;
const SEEDS = 1_000_000;

/**
 * @typedef {object} BenchOptions
 * @property {number} rounds
 * @property {number} warmUpMs
 * @property {number} runMs how long each run of each round lasts
 * @property {number} openLoopMs
 * @property {number} pgbenchMs
 * @property {number} sealedIdleMs for how long a gateway has done nothing that has sealed all for certain
 * @property {"wrk" | "node"} generator of plain requests
 * @property {number} seed
 * @property {boolean} json
 * @property {string | undefined} plot
 * @property {string | undefined} folder
 */

const MEASURED = {
  rounds: 3,
  warmUpMs: 3_000,
  runMs: 2_000,
  openLoopMs: 10_000,
  pgbenchMs: 3_000,
  // The sealer's own pace, and some.
  sealedIdleMs: 5_500,
};
const QUICK = {
  rounds: 1,
  warmUpMs: 500,
  runMs: 400,
  openLoopMs: 2_000,
  pgbenchMs: 1_000,
  sealedIdleMs: 300,
};

/** @returns {BenchOptions | null} null where help was asked for, and given */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      json: { type: "boolean", default: false },
      plot: { type: "string" },
      generator: { type: "string" },
      seed: { type: "string" },
      folder: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return null;
  }
  const length = values.quick ? QUICK : MEASURED;
  const rounds = wholeNumber({ name: "--rounds", text: values.rounds, max: ROUNDS_MAX });
  const drawn = Math.floor(Math.random() * SEEDS);
  const { json, plot, folder } = values;
  return {
    ...length,
    rounds: rounds ?? length.rounds,
    generator: generatorOf(values.generator),
    seed: wholeNumber({ name: "--seed", text: values.seed, max: SEEDS }) ?? drawn,
    json,
    plot,
    folder,
  };
}

/** @param {{ name: string, text: string | undefined, max: number }} options */
function wholeNumber({ name, text, max }) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new RangeError(`${name} takes a whole number from 1 to ${max}`);
  return value;
}

/** @param {string | undefined} asked @returns {"wrk" | "node"} */
export function generatorOf(asked) {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const hasWrk = folders.some((folder) => existsSync(join(folder, "wrk")));
  if (asked === undefined) return hasWrk ? "wrk" : "node";
  if (asked !== "wrk" && asked !== "node") throw new RangeError("--generator takes wrk or node");
  if (asked === "wrk" && !hasWrk) throw new RangeError("wrk is not installed: apt-get install wrk");
  return asked;
}
