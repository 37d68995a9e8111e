// How much one terminal may ask and one card be shown, and what makes a terminal suspect.

import type { Presented } from "../../core/ports.js";
import type { SharedLimits } from "../../core/shared-limits.js";
import { createBuckets } from "./buckets.js";
import type { Alarmed } from "./guesses.js";
import { createOwnPresentations } from "./own-presentations.js";
import { createSharedPresentations } from "./shared-presentations.js";

const SECOND_MS = 1_000;

/** A till that was cut off sends what it owes at once. */
const TERMINAL_BURST_SECONDS = 10;
/** More than the Région's partners have; a terminal is remembered only once it has shown its certificate. */
const TERMINALS_MAX = 20_000;

export interface LimitOptions {
  /** How many requests a second one terminal may send one gateway for long; ten times as many at once. 0: no limit. */
  readonly terminalPerSecond?: number;
  /** How often a minute one card may be shown, at all terminals together; as often at once. 0: no limit. */
  readonly cardPerMinute?: number;
}

export const DEFAULT_TERMINAL_PER_SECOND = 20;
export const DEFAULT_CARD_PER_MINUTE = 20;

/** Zero where it may go on; else how long it must wait, in milliseconds. */
type WaitMs = number;

export interface Limits {
  /** Any request of a terminal, before it is read: what it asks of this process, and of no other. */
  takeRequest(terminalId: string, monotonicMs: number): WaitMs;
  /** A presentation that was not answered before. A card that nobody knows is limited like any other. */
  admit(presented: Presented, monotonicMs: number): WaitMs | Promise<WaitMs>;
  /** As `admit`, for a batch; null for those that were answered before. Left out where counting is no way to a database. */
  admitTogether?(batch: readonly Presented[]): Promise<readonly (WaitMs | null)[]>;
  /** What a new presentation was answered: the precise code. */
  noteDecision(
    decided: Presented & { readonly code: string },
    monotonicMs: number,
  ): void | Promise<void>;
}

/** Where counts are kept: in the database that gateways share, or else in memory, where a restart forgets them. */
export interface SharedBy {
  readonly shared: SharedLimits | undefined;
  /** In Unix milliseconds. */
  readonly nowMs: () => number;
}

/** Builds the limits. With `null` there are none, and no alarms. */
export function createLimits(
  options: LimitOptions | null,
  alarmed: Alarmed,
  { shared, nowMs }: SharedBy,
): Limits {
  if (options === null) {
    return { takeRequest: () => 0, admit: () => 0, noteDecision: () => undefined };
  }
  const { terminalPerSecond = DEFAULT_TERMINAL_PER_SECOND } = options;
  const { cardPerMinute = DEFAULT_CARD_PER_MINUTE } = options;
  const requests =
    terminalPerSecond === 0
      ? { take: () => 0 }
      : createBuckets({
          burst: terminalPerSecond * TERMINAL_BURST_SECONDS,
          intervalMs: SECOND_MS / terminalPerSecond,
          keysMax: TERMINALS_MAX,
        });
  return {
    takeRequest: requests.take,
    ...(shared === undefined
      ? createOwnPresentations({ cardPerMinute, terminalsMax: TERMINALS_MAX, alarmed })
      : createSharedPresentations({ cardPerMinute, shared, nowMs, alarmed })),
  };
}
