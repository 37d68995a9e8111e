// @ts-check
// What the bench on PostgreSQL can be told on its command line.
import { parseArgs } from "node:util";
import { generatorOf } from "../options.mjs";

const HELP = `Usage: npm run bench:postgres -- [--quick] [--rounds N] [--generator wrk|node] [--json] [--folder FOLDER]

Measures sales of gateways whose ledger is a PostgreSQL database, against pgbench on the same server, in turns:
  pgbench        TPC-B, scale 10, the server's default durability, by a Unix socket; connections are its clients
  authorize      full durable authorizations at one gateway over plain HTTP, spread over 200 partners
  hot-merchant   the same with all sales at one point of sale
  two-gateways   authorize with half of the connections, and half of the cards, at each of two gateways on one database

Server, gateways and load generators share the machine's cores. wrk sends the sales, with one thread, where it is installed
(Debian's package); otherwise the bench's own generator, to which more of a processor goes. Rates are the medians of the
rounds, ratios the medians of each round's. What a gateway does behind its sales, above all sealing, is brought to its end
after each part, and its processor time counts as time of the sales ("sustained"); the targets are held to that. Afterwards
the ledger must hold exactly the answers, and as much money as was approved; otherwise the bench ends with 1. A target that
is missed is printed as missed, and changes nothing else.

  --quick          one short round: a look, not a measurement
  --rounds N       how many rounds (3)
  --generator G    wrk or node: what sends the sales
  --json           one object { machine, runs, targets } on stdout; everything else goes to stderr
  --folder FOLDER  where the databases are put, for another disk (.pass-tpe in this checkout); removed afterwards
  --help           this text
`;

/**
 * @typedef {object} PostgresBenchOptions
 * @property {number} rounds
 * @property {number} warmUpMs
 * @property {number} runMs how long each part of each round lasts
 * @property {"wrk" | "node"} generator
 * @property {boolean} json
 * @property {string | undefined} folder
 */

const MEASURED = { rounds: 3, warmUpMs: 4_000, runMs: 6_000 };
const QUICK = { rounds: 1, warmUpMs: 1_000, runMs: 1_000 };

/** @returns {PostgresBenchOptions | null} null where help was asked for, and given */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      generator: { type: "string" },
      json: { type: "boolean", default: false },
      folder: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return null;
  }
  const usual = values.quick ? QUICK : MEASURED;
  const rounds = values.rounds === undefined ? usual.rounds : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100)
    throw new Error("--rounds is a whole number from 1 to 100");
  return {
    ...usual,
    rounds,
    generator: generatorOf(values.generator),
    json: values.json,
    folder: values.folder,
  };
}
