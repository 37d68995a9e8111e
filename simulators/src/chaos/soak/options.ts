// The command line of the soak: its help, and its options with what they may be.

import { parseArgs } from "node:util";
import { numberOf, UsageError } from "../options.js";

const HOURS_DEFAULT = 2;
const HOURS_MAX = 240;
const TERMINALS_DEFAULT = 50;
const TERMINALS_MAX = 200;
/** Of one terminal. */
const SECONDS_BETWEEN_SALES = 10;

export const SOAK_HELP = `Usage: npm run soak -- [--hours H] [--terminals T] [options]

Makes hours' worth of sales as fast as this machine can, on real terminals at one gateway over TLS, and measures memory,
open files, journals and database meanwhile. A terminal makes a sale each ${SECONDS_BETWEEN_SALES} s: two hours are 720 sales of each.

  --hours H        how many hours of sales (${HOURS_DEFAULT})
  --terminals T    terminals, in two processes (${TERMINALS_DEFAULT})
  --seed S         of what is bought (1)
  --plot FILE      draws the measurements as SVG
  --json           all figures and samples as JSON on stdout
  --help           this text

It ends with 0 when nothing grew that must not, with 1 otherwise, and with 2 when the command line is wrong.
`;

export interface SoakOptions {
  readonly terminals: number;
  readonly salesEach: number;
  readonly seed: number;
  readonly plotFile: string | null;
  readonly json: boolean;
}

/** Null where help was asked for. @throws UsageError that names the option. */
export function readSoakOptions(args: readonly string[]): SoakOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      hours: { type: "string" },
      terminals: { type: "string" },
      seed: { type: "string" },
      plot: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const hours = numberOf(values.hours, { name: "--hours", min: 0.01, max: HOURS_MAX });
  const most = { name: "--terminals", min: 1, max: TERMINALS_MAX };
  const terminals = numberOf(values.terminals, most) ?? TERMINALS_DEFAULT;
  if (!Number.isInteger(terminals)) throw new UsageError("--terminals must be a whole number");
  return {
    terminals,
    salesEach: Math.ceil(((hours ?? HOURS_DEFAULT) * 3_600) / SECONDS_BETWEEN_SALES),
    seed: numberOf(values.seed, { name: "--seed", min: 0, max: 2 ** 31 }) ?? 1,
    plotFile: values.plot ?? null,
    json: values.json,
  };
}
