// What an integrator gives to open a terminal, checked before anything is opened.

import { Journal } from "./client/journal.js";
import type { RandomSource } from "./clock.js";
import { systemClock, type TerminalClock } from "./clock.js";
import { loadCredentials, parseCredentials, type TerminalCredentials } from "./credentials.js";
import { DEFAULT_DEADLINES, type Deadlines } from "./deadlines.js";
import { PassTpeError } from "./errors.js";
import type { PinPad } from "./pin/pad.js";
import type { CardReader } from "./readers/reader.js";

export interface TerminalOptions {
  /** The gateway's URL, `https://…`. Plain http is for doubles, without credentials. */
  readonly gateway: string;
  /** The credentials, or the path of the file that holds them. */
  readonly credentials?: TerminalCredentials | string;
  /** The path of the journal, made when missing; or an open journal, which the terminal then owns and closes. */
  readonly journal: string | Journal;
  /** They listen all at once. The terminal opens and closes them. */
  readonly readers: readonly CardReader[];
  /** Needed by every reader of QR codes or typed numbers. The terminal closes it. */
  readonly pinPad?: PinPad;
  readonly deadlines?: Partial<Deadlines>;
  readonly clock?: TerminalClock;
  readonly random?: RandomSource;
}

/** @throws PassTpeError `OPTIONS_INVALID` when a time limit is not a positive number of milliseconds. */
export function resolveDeadlines(given: Partial<Deadlines> | undefined): Deadlines {
  const deadlines = { ...DEFAULT_DEADLINES, ...given };
  for (const [name, value] of Object.entries(deadlines)) {
    if (!Number.isFinite(value) || value <= 0) {
      const detail = `deadlines.${name} must be a positive number of milliseconds, not ${value}`;
      throw new PassTpeError({ code: "OPTIONS_INVALID", detail });
    }
  }
  return deadlines;
}

/** @throws PassTpeError `CREDENTIALS_UNREADABLE`. */
export async function resolveCredentials(
  given: TerminalCredentials | string | undefined,
): Promise<TerminalCredentials | undefined> {
  if (given === undefined) return undefined;
  return typeof given === "string" ? loadCredentials(given) : parseCredentials(given);
}

/** @throws PassTpeError `JOURNAL_CORRUPT` or `JOURNAL_FAILED`. */
export async function resolveJournal(options: {
  given: string | Journal;
  clock: TerminalClock | undefined;
}): Promise<Journal> {
  const { given, clock = systemClock } = options;
  return typeof given === "string" ? Journal.open({ path: given, clock }) : given;
}
