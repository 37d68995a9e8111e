// What an integrator gives to open a terminal, checked before anything is opened.

import { stat } from "node:fs/promises";
import type { TerminalNetwork } from "./client/agent.js";
import { Journal } from "./client/journal.js";
import type { RandomSource } from "./clock.js";
import { systemClock, type TerminalClock } from "./clock.js";
import { loadCredentials, parseCredentials, type TerminalCredentials } from "./credentials.js";
import { DEFAULT_DEADLINES, type Deadlines } from "./deadlines.js";
import { nodeDisk } from "./disk.js";
import {
  type CredentialsKeeper,
  fileHome,
  keeperHome,
  type RenewalHome,
} from "./enrolment/renewal-home.js";
import { invalid } from "./given.js";
import type { PinPad } from "./pin/pad.js";
import type { CardReader } from "./readers/reader.js";

export interface TerminalOptions {
  /** The gateway's URL, `https://…`. Plain http is for doubles on this machine, without credentials. */
  readonly gateway: string;
  /** The credentials, or the path of the file that holds them, where renewed ones are put in their place. */
  readonly credentials?: TerminalCredentials | string;
  /**
   * Keeps renewed credentials, where `credentials` are no path: called before the gateway takes them up. Without it they
   * are not renewed, and the terminal ends with its certificate.
   */
  readonly keepCredentials?: CredentialsKeeper;
  /** The path of the journal, made when missing; or an open journal, which the terminal then owns and closes. */
  readonly journal: string | Journal;
  /** What this till calls itself to others that share its journal. By default the machine and the process. */
  readonly till?: string;
  /**
   * Where another till has the journal: ask it to give it up, and take it from one that shows no sign of life for the time
   * of its lease. Default false: `JOURNAL_IN_USE`.
   */
  readonly takeOver?: boolean;
  /** They listen all at once. The terminal opens and closes them. */
  readonly readers: readonly CardReader[];
  /** Needed with every reader of QR codes or typed numbers. The terminal closes it. */
  readonly pinPad?: PinPad;
  readonly deadlines?: Partial<Deadlines>;
  readonly clock?: TerminalClock;
  readonly random?: RandomSource;
  /** Stands in for TCP where `gateway` is plain http. */
  readonly network?: TerminalNetwork;
}

/** Checked time limits, with the default of each that was left out. */
export function resolveDeadlines(given: Partial<Deadlines> | undefined): Deadlines {
  return { ...DEFAULT_DEADLINES, ...given };
}

/** @throws PassTpeError `CREDENTIALS_UNREADABLE`. */
export async function resolveCredentials(
  given: TerminalCredentials | string | undefined,
): Promise<TerminalCredentials | undefined> {
  if (given === undefined) return undefined;
  return typeof given === "string" ? loadCredentials(given) : parseCredentials(given);
}

/** Where renewed credentials go, or null where nobody keeps them. */
export function renewalHome(
  options: Pick<TerminalOptions, "credentials" | "keepCredentials">,
): RenewalHome | null {
  const { credentials, keepCredentials: keep } = options;
  if (typeof credentials === "string") return fileHome({ disk: nodeDisk, path: credentials });
  return credentials === undefined || keep === undefined
    ? null
    : keeperHome({ keep, ca: credentials.ca });
}

/** @throws PassTpeError `OPTIONS_INVALID` for a folder, `JOURNAL_IN_USE`, `JOURNAL_CORRUPT` or `JOURNAL_FAILED`. */
export async function resolveJournal(options: {
  given: string | Journal;
  clock: TerminalClock | undefined;
  till?: string | undefined;
  takeOver?: boolean | undefined;
}): Promise<Journal> {
  const { given, clock = systemClock, till, takeOver } = options;
  if (typeof given !== "string") return given;
  const found = await stat(given).catch(() => null);
  if (found?.isDirectory() === true) {
    throw invalid(`journal ${given} is a folder: give the path of a file in it`);
  }
  return Journal.open({ path: given, clock, till, takeOver });
}
