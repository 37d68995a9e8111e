// @ts-check
// What the scale run can be told on its command line.
import { parseArgs } from "node:util";

const HELP = `Usage: npm run bench:scale -- [--beneficiaries N] [--small M] [--quick] [--json] [--keep] [--folder FOLDER]

Loads two gateways with \`pass-tpe load\`, one with M beneficiaries and one with N, while a till sells; then sells at both in
turns, by random cards of the whole population, and compares what a sale costs. Afterwards both ledgers must hold exactly
what was loaded and answered; otherwise it ends with 1.

  --beneficiaries N  in the big gateway (370000); at about 11 grants each
  --small M          in the small gateway (10000)
  --quick            one short round of sales: a look, not a measurement
  --json             one object on stdout; everything else goes to stderr
  --keep             keep the data folders, and tell where they are
  --folder FOLDER    where they are put, for another disk (.pass-tpe in this checkout); 370000 need 2 GiB
  --help             this text
`;

/**
 * @typedef {object} ScaleOptions
 * @property {number} beneficiaries
 * @property {number} small
 * @property {number} rounds
 * @property {number} runMs how long each run of each round lasts
 * @property {boolean} json
 * @property {boolean} keep
 * @property {string | undefined} folder
 */

/** @returns {ScaleOptions | null} null where help was asked for, and given */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      beneficiaries: { type: "string", default: "370000" },
      small: { type: "string", default: "10000" },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      folder: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return null;
  }
  const { json, keep, folder } = values;
  const length = values.quick ? { rounds: 1, runMs: 400 } : { rounds: 12, runMs: 2_000 };
  const beneficiaries = countFrom(values.beneficiaries, "--beneficiaries");
  return {
    beneficiaries,
    small: countFrom(values.small, "--small"),
    ...length,
    json,
    keep,
    folder,
  };
}

/** As many cards as the most connections at least: no card is on two connections. */
const BENEFICIARIES_MIN = 100;
/** A numéro de dossier of this population has seven digits. */
const BENEFICIARIES_MAX = 10_000_000;

/** @param {string} text @param {string} name */
function countFrom(text, name) {
  const count = Number(text);
  if (Number.isInteger(count) && count >= BENEFICIARIES_MIN && count <= BENEFICIARIES_MAX) {
    return count;
  }
  throw new RangeError(`${name} must be from ${BENEFICIARIES_MIN} to ${BENEFICIARIES_MAX}`);
}
