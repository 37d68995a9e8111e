// What every subcommand of the command line is made of: its help, its run, and how it ends.

export interface Command {
  /** As it is typed after `pass-tpe`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly help: string;
  /** @returns the exit code. @throws UsageError and what the gateway throws; cli.ts tells them. */
  run(args: readonly string[]): Promise<number>;
}

export const EXIT_OK = 0;
/** The command ran, and what it looked at is not as it should be; or it could not start. */
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
/** A load stopped on its way; the same command goes on where it stopped. */
export const EXIT_UNFINISHED = 3;
/** EX_DATAERR of sysexits: the ledger's file is damaged, and starting again mends nothing. */
export const EXIT_DAMAGED = 65;
/** EX_SOFTWARE of sysexits: a supervisor starts the process again, and it recovers by id. */
export const EXIT_DOUBT = 70;
/** 128 + SIGINT. */
export const EXIT_INTERRUPTED = 130;

/** The command line, or a file it names, is wrong. Who must act: whoever typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** An option that is needed. @throws UsageError when it is missing. */
export function needed(value: string | undefined, name: string): string {
  if (value === undefined) throw new UsageError(`${name} is needed`);
  return value;
}

/**
 * Refuses words beyond those that a command takes: dropped in silence, an amount that was meant as an option would go
 * unheard. Commands that take no word at all leave this to `parseArgs`.
 *
 * @throws UsageError that names the first one.
 */
export function takesWords(words: readonly string[], countMax: number): void {
  const surplus = words[countMax];
  if (surplus === undefined) return;
  throw new UsageError(
    `${quoted(surplus)} is one word too many: what is no option's value has no meaning there`,
  );
}

/** As long as the shortest secret that people type: a card's number, or a code without its dashes. */
const QUOTED_LENGTH_MAX = 15;

/** What was typed, for a message about it; what is long enough to be a secret in the wrong place is not repeated. */
export function quoted(text: string): string {
  return text.length <= QUOTED_LENGTH_MAX ? text : `a text of ${text.length} characters`;
}

/** @throws UsageError when the text is no port number. */
export function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`no port: ${quoted(text)}`);
  return port;
}

/** @throws UsageError when the text is no whole number from `min` on. */
export function wholeOf(text: string, { option, min }: { option: string; min: number }): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= min) return number;
  throw new UsageError(`${option} must be a whole number from ${min} on, not ${quoted(text)}`);
}

/** The reason of a failed system call or any other error, in one line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
