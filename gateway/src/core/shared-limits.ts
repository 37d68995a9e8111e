// What limits ask of a database that several gateways share, so that each counts what came by way of the others.

import type { Presented } from "./ports.js";

/** So many turns at once after a silence, then one more each time so many milliseconds are over. */
export interface Bucket {
  readonly burst: number;
  readonly intervalMs: number;
}

export interface TurnsWanted {
  /** The name of a bucket: none is asked for twice at a time. */
  readonly key: string;
  readonly turns: number;
}

export interface TurnsTaken {
  /** How many of the wanted ones there were. */
  readonly passed: number;
  /** When the bucket will be full again, Unix milliseconds. */
  readonly fullAtMs: number;
}

/** Something that an alarm counts. */
export interface Noted {
  readonly alarm: string;
  readonly terminalId: string;
  /** What it happened with: counted once since `sinceMs`. */
  readonly thing: string;
}

/** Instants are of clocks that gateways have in common, Unix milliseconds. Each call that fails throws what a look at the ledger does. */
export interface SharedLimits {
  /**
   * Takes turns of buckets that are alike, as far as there are. They stay taken, whatever becomes of what they were taken for.
   *
   * @returns an answer to each, in their order.
   */
  takeTurns(
    wanted: readonly TurnsWanted[],
    bucket: Bucket,
    nowMs: number,
  ): Promise<readonly TurnsTaken[]>;
  /**
   * Looks at presentations.
   *
   * @returns for each, in their order, how often its terminal was noted since then; null where the presentation has a stored answer.
   */
  notedOf(
    presented: readonly Presented[],
    query: { readonly alarm: string; readonly sinceMs: number },
  ): Promise<readonly (number | null)[]>;
  /**
   * Notes what happened. Nothing is found after `sinceMs` was as long ago again.
   *
   * @returns how often it has happened at this terminal since then, this time included.
   */
  note(noted: Noted, at: { readonly nowMs: number; readonly sinceMs: number }): Promise<number>;
}
