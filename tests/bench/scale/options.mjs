// @ts-check
// What the scale run can be told on its command line.
import { parseArgs } from "node:util";

const HELP = `Usage: npm run bench:scale -- [--beneficiaries N] [--small M] [--past P] [--quick] [--no-verify] [--json] [--keep] [--folder FOLDER]

Loads two gateways with \`pass-tpe load\`, one with M beneficiaries and one with N, while a till sells; gives the big one P
past sales; then sells at both in turns, by random cards of the whole population, and compares what a sale costs, and the
memory. Afterwards both ledgers must hold exactly what was loaded, filled and answered; otherwise it ends with 1.

What is real, and what is filled: the population and the sales that are measured go through the gateway. The past sales do
not: they are copies of some of the till's sales, written straight into the tables while no gateway has the ledger open,
each with an id of its own, at one of 400 terminals, by anybody at random, over the last 180 days in the order of time.
What they took is in everybody's grants, and the gateway's own code seals them, so that \`pass-tpe verify\` holds them to
everything that it holds real sales to. \`pass-tpe replay\` would not agree: what a copy was decided from is the real sale's.
Before it sells, the population and all indexes are read once, as after weeks of sales; the rows of past sales are not.

  --beneficiaries N  in the big gateway (370000); at about 11 grants each
  --small M          in the small gateway (10000), which has no past
  --past P           past sales of the big one (27 for each beneficiary, 10000000 for 370000); 0 for none
  --quick            one short round of sales: a look, not a measurement
  --no-verify        do not hold the ledgers to what was loaded, filled and answered; for 10000000 past sales that is most
                     of the time (about 0.25 ms each)
  --json             one object on stdout; everything else goes to stderr
  --keep             keep the data folders, and tell where they are
  --folder FOLDER    where they are put, for another disk (.pass-tpe in this checkout); 370000 beneficiaries need 2 GiB,
                     and 10000000 past sales 26 GiB
  --help             this text
`;

/**
 * @typedef {object} ScaleOptions
 * @property {number} beneficiaries
 * @property {number} small
 * @property {number} past
 * @property {number} rounds
 * @property {number} runMs how long each run of each round lasts
 * @property {boolean} verify
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
      past: { type: "string" },
      quick: { type: "boolean", default: false },
      "no-verify": { type: "boolean", default: false },
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
  const beneficiaries = countFrom(values.beneficiaries, { name: "--beneficiaries", ...PEOPLE });
  return {
    beneficiaries,
    small: countFrom(values.small, { name: "--small", ...PEOPLE }),
    past:
      values.past === undefined
        ? Math.round(beneficiaries * PAST_PER_BENEFICIARY)
        : countFrom(values.past, { name: "--past", min: 0, max: PAST_MAX }),
    ...length,
    verify: !values["no-verify"],
    json,
    keep,
    folder,
  };
}

/**
 * As many cards as the most connections at least: no card is on two connections. A numéro de dossier of this population has
 * seven digits.
 */
const PEOPLE = { min: 100, max: 10_000_000 };
const PAST_PER_BENEFICIARY = 10_000_000 / 370_000;
const PAST_MAX = 100_000_000;

/** @param {string} text @param {{ name: string, min: number, max: number }} option */
function countFrom(text, { name, min, max }) {
  const count = Number(text);
  if (Number.isInteger(count) && count >= min && count <= max) return count;
  throw new RangeError(`${name} must be from ${min} to ${max}`);
}
