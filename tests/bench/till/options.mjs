// @ts-check
// What the till's bench can be told on its command line.
import { parseArgs } from "node:util";

const SALES = 400;
const SALES_QUICK = 12;
const SALES_MAX = 20_000;

const HELP = `Usage: npm run bench:till [-- --sales N] [--quick] [--json] [--folder FOLDER]

Measures a sale from the tap to the decision, step by step, as a till sees it: the real SDK with its journal on disk and a
virtual card that takes 20 ms a command, at a gateway process of its own over mutual TLS, on SQLite. Each sale is a fresh
tap, the next one begins when the last is decided. Then the same by QR code with the code secret typed at the software PIN
pad, and first sales after the connection was cut: before the sale, and while the card is read.

Afterwards the ledger must hold what the till was told; otherwise the bench ends with 1. A target that is missed is
printed as missed and ends it with 0: how fast it is, is this machine's to say.

  --sales N        taps, and half as many codes (${SALES})
  --quick          a few of each: a look, not a measurement
  --json           one object { machine, ways, targets } on stdout; everything else goes to stderr
                   (npm prints its own two lines on stdout unless asked: npm run --silent bench:till -- --json)
  --folder FOLDER  where database and journal are put, for another disk (.pass-tpe in this checkout); removed afterwards
  --help           this text
`;

/**
 * @typedef {object} TillOptions
 * @property {number} taps
 * @property {number} codes sales by QR code
 * @property {number} cuts sales after each kind of cut
 * @property {boolean} json
 * @property {string | undefined} folder
 */

/** @returns {TillOptions | null} null where help was asked for, and given */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      sales: { type: "string" },
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
  const { quick, json, folder } = values;
  const taps = values.sales === undefined ? (quick ? SALES_QUICK : SALES) : salesOf(values.sales);
  return { taps, codes: Math.ceil(taps / 2), cuts: quick ? 2 : 20, json, folder };
}

/** @param {string} text */
function salesOf(text) {
  const sales = Number(text);
  if (Number.isInteger(sales) && sales >= 1 && sales <= SALES_MAX) return sales;
  throw new RangeError(`--sales ${text}: give a whole number from 1 to ${SALES_MAX}`);
}
