// The command line of the failover run: its help, and its options with what they may be.

import { parseArgs } from "node:util";
import { EXIT_INTERRUPTED } from "../chaos/ending.js";
import { numberOf, UsageError } from "../chaos/options.js";
import { FAULT_KINDS, type FaultKind } from "./fault.js";

const KILLS_DEFAULT = 3;
const KILLS_MAX = 10_000;
const TILLS_DEFAULT = 6;
const TILLS_MAX = 50;
const SEED_MAX = 2 ** 31 - 1;

export const FAILOVER_HELP = `Usage: npm run failover -- [--kills N] [options]

Starts a cluster (see npm run cluster), sells on real terminals at its two gateways, and kills the primary under load, again
and again. After every second kill it does something else, in turns: kills a standby, pauses the primary past its failover,
cuts the primary's network, kills a gateway. After each fault sales must go on by themselves, and the cluster be whole again
before the next one. In the end the tills settle what they owe, and a checker with a model of its own compares what they saw
with what the ledger holds.

  --kills N        how often the primary is killed (${KILLS_DEFAULT})
  --only KIND      faults of this kind alone, N of them: ${FAULT_KINDS.join(", ")}
  --tills T        tills, each a process of its own (${TILLS_DEFAULT})
  --seed S         of purchases and faults (a fresh one); how processes interleave no seed repeats
  --json           all figures as JSON on stdout
  --keep           keeps the folder of the run also when all was well
  --help           this text

Needs what npm run cluster needs. A network is cut where each machine has a network namespace, for which it takes root.

Ctrl-C ends the faults once the one under way is mended; the report follows. A second one ends everything at once. It ends
with 0 when nothing was lost, doubled or left in doubt and sales always went on, with 1 otherwise, with 2 when the command
line is wrong or a package is missing, and with ${EXIT_INTERRUPTED} when it ended without a report.
`;

export interface FailoverOptions {
  readonly kills: number;
  /** Null: kills of the primary, and the others between them. */
  readonly only: FaultKind | null;
  readonly tills: number;
  readonly seed: number;
  readonly json: boolean;
  readonly keep: boolean;
}

/** Null where help was asked for. @throws UsageError, or TypeError of an unknown option. */
export function readFailoverOptions(args: readonly string[]): FailoverOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: "string" },
      only: { type: "string" },
      tills: { type: "string" },
      seed: { type: "string" },
      json: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const whole = (text: string | undefined, range: Parameters<typeof numberOf>[1]) => {
    const number = numberOf(text, range);
    if (number === null || Number.isInteger(number)) return number;
    throw new UsageError(`${range.name} must be a whole number, not ${number}`);
  };
  return {
    kills: whole(values.kills, { name: "--kills", min: 1, max: KILLS_MAX }) ?? KILLS_DEFAULT,
    only: kindOf(values.only),
    tills: whole(values.tills, { name: "--tills", min: 1, max: TILLS_MAX }) ?? TILLS_DEFAULT,
    seed:
      whole(values.seed, { name: "--seed", min: 0, max: SEED_MAX }) ??
      Math.floor(Math.random() * SEED_MAX),
    json: values.json,
    keep: values.keep,
  };
}

function kindOf(text: string | undefined): FaultKind | null {
  if (text === undefined) return null;
  const kind = FAULT_KINDS.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new UsageError(`--only must be one of ${FAULT_KINDS.join(", ")}, not ${text}`);
}
