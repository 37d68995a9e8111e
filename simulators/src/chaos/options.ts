// The command line of the chaos run: its help, and its options with what they may be.

import { parseArgs } from "node:util";
import { EXIT_INTERRUPTED } from "./ending.js";
import { READY_MS_MAX } from "./gateway-life.js";

const TERMINALS_DEFAULT = 6;
const TERMINALS_MAX = 50;
const MINUTES_DEFAULT = 2;
/** What an operator is promised of a start. */
const READY_MS_DEFAULT = 2_000;
/** No run is longer than a day: shared chips would wear out. */
const MINUTES_MAX = 24 * 60;
const KILLS_MAX = 100_000;
const SEED_MAX = 2 ** 31 - 1;

export const CHAOS_HELP = `Usage: npm run chaos -- [--minutes M] [--kills N] [options]

Sells on real terminals at a real gateway over TLS, and breaks what can break meanwhile: kills and pauses of both, a bad
network between them, a full disk. Then everything heals, the tills settle what they owe, and a checker with a model of
its own compares what the tills saw with what the ledger holds.

  --minutes M      how long faults go on (${MINUTES_DEFAULT}, where no number of kills is given)
  --kills N        ends the faults after so many kills of the gateway
  --terminals T    tills, each a process of its own (${TERMINALS_DEFAULT})
  --ready-ms N     how long a start may take until it is ready (${READY_MS_DEFAULT}): more on a machine that is slow or shared
  --seed S         of purchases and faults (a fresh one); how processes interleave no seed repeats
  --disk FOLDER    puts the gateway's data into a fresh folder there, and fills no disk (a small one in memory, where it
                   may be mounted)
  --database URL   puts the ledger into an empty PostgreSQL database, and fills no disk (a file in the gateway's data)
  --gateway FILE   the program to run as \`pass-tpe\` (this checkout's)
  --json           all figures as JSON on stdout
  --keep           keeps the folder of the run also when all was well
  --help           this text

Ctrl-C ends the faults; the report follows. A second one ends everything at once, and takes all processes, disks and
folders of the run away. It ends with 0 when nothing was lost, doubled or left in doubt and each start was in time, with
1 otherwise, with 2 when the command line is wrong, and with ${EXIT_INTERRUPTED} when it ended without a report.

A sale that a till was killed in before it heard of it needs a decision or a reversal in the ledger. One is let off: its
journal says declined, and on the wire nothing of it had left, or each try was refused in so many words.
`;

export interface ChaosOptions {
  readonly minutesMax: number;
  /** Null: the time alone ends the run. */
  readonly kills: number | null;
  readonly terminals: number;
  /** A start that takes longer is a violation. */
  readonly readyMsMax: number;
  readonly seed: number;
  readonly diskFolder: string | null;
  /** Null: the ledger is in a file of the gateway's folder. */
  readonly databaseUrl: string | null;
  readonly gatewayProgram: string | null;
  readonly json: boolean;
  readonly keep: boolean;
}

/** The command line is wrong. Who must act: whoever typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Null where help was asked for. @throws UsageError that names the option. */
export function readChaosOptions(args: readonly string[]): ChaosOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string" },
      kills: { type: "string" },
      terminals: { type: "string" },
      "ready-ms": { type: "string" },
      seed: { type: "string" },
      disk: { type: "string" },
      database: { type: "string" },
      gateway: { type: "string" },
      json: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const kills = numberOf(values.kills, { name: "--kills", min: 1, max: KILLS_MAX });
  const minutes = numberOf(values.minutes, { name: "--minutes", min: 0.1, max: MINUTES_MAX });
  const ready = { name: "--ready-ms", min: 1, max: READY_MS_MAX };
  const most = { name: "--terminals", min: 1, max: TERMINALS_MAX };
  return {
    minutesMax: minutes ?? (kills === null ? MINUTES_DEFAULT : MINUTES_MAX),
    kills: kills === null ? null : whole(kills, "--kills"),
    terminals: whole(numberOf(values.terminals, most) ?? TERMINALS_DEFAULT, "--terminals"),
    readyMsMax: numberOf(values["ready-ms"], ready) ?? READY_MS_DEFAULT,
    seed: numberOf(values.seed, { name: "--seed", min: 0, max: SEED_MAX }) ?? freshSeed(),
    diskFolder: values.disk ?? null,
    databaseUrl: values.database ?? null,
    gatewayProgram: values.gateway ?? null,
    json: values.json,
    keep: values.keep,
  };
}

function freshSeed(): number {
  return Math.floor(Math.random() * SEED_MAX);
}

/** Null where nothing was given. @throws UsageError when it is no number between two. */
export function numberOf(
  text: string | undefined,
  { name, min, max }: { readonly name: string; readonly min: number; readonly max: number },
): number | null {
  if (text === undefined) return null;
  const number = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && number >= min && number <= max) return number;
  throw new UsageError(`${name} must be a number from ${min} to ${max}, not ${text}`);
}

function whole(number: number, name: string): number {
  if (Number.isInteger(number)) return number;
  throw new UsageError(`${name} must be a whole number, not ${number}`);
}

/** Whether an error is about the command line. */
export function isUsageError(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  const code = error instanceof TypeError && "code" in error ? String(error.code) : "";
  return code.startsWith("ERR_PARSE_ARGS");
}
