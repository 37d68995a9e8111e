// @ts-check
// What a run of the copy bench can be told on its command line.
import { parseArgs } from "node:util";

const HELP = `Usage: npm run bench:copy -- [--sales N] [--repeats M] [--no-verify] [--json] [--folder FOLDER]

Makes N sales in a SQLite ledger by the gateway's own store: of twenty, one is held and captured, one refunded and one reversed.
Moves it with \`pass-tpe copy\` into a PostgreSQL of its own, with its usual durability, and back into another folder. Before
and after each move it looks at the whole ledger: every balance, the chain's last link and all heads, \`pass-tpe verify\`, and
what M requests are answered that are sent again under their ids. It ends with 1 where any of them is not the same.

  --sales N          (100000)
  --repeats M        requests that are sent again, spread over all (1000)
  --no-verify        do not run \`pass-tpe verify\` on the three
  --json             one object on stdout; everything else goes to stderr
  --folder FOLDER    where the ledgers are put, for another disk (.pass-tpe in this checkout); 3 KB for each sale and side
  --help             this text
`;

/** @typedef {{ sales: number, repeats: number, verify: boolean, json: boolean, folder: string | undefined }} CopyOptions */

/** @returns {CopyOptions | null} null where help was asked for, and given */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      sales: { type: "string", default: "100000" },
      repeats: { type: "string", default: "1000" },
      "no-verify": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      folder: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return null;
  }
  const { json, folder } = values;
  return {
    sales: countFrom(values.sales, "--sales"),
    repeats: countFrom(values.repeats, "--repeats"),
    verify: !values["no-verify"],
    json,
    folder,
  };
}

/** @param {string} text @param {string} name */
function countFrom(text, name) {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= 10_000_000) return count;
  throw new RangeError(`${name} must be from 1 to 10000000`);
}
