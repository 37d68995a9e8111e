// How much one terminal may ask and one card be shown, and what makes a terminal suspect.

import type { Presentation } from "../../core/ports.js";
import { createAlarms } from "./alarms.js";
import { createBuckets } from "./buckets.js";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** A till that was cut off sends what it owes at once. */
const TERMINAL_BURST_SECONDS = 10;
/** More than the Région's partners have; a terminal is remembered only once it has shown its certificate. */
const TERMINALS_MAX = 20_000;
/**
 * Far more than can be named in the minute in which a card's bucket fills: by 80 terminals that do nothing else at the
 * rate that each of them has.
 */
const CARDS_MAX = 100_000;

/**
 * Answers that somebody gets who tries numbers, codes or home-made cards. A card counts once: one that is dead and shown
 * again and again is an honest customer's.
 */
const OF_ENUMERATION: ReadonlySet<string> = new Set([
  "CARD_UNKNOWN",
  "QR_INVALID",
  "CARD_NOT_GENUINE",
]);
const ENUMERATION_COUNT = 10;
const PIN_LOCKED_COUNT = 5;
const WINDOW_MS = 10 * MINUTE_MS;
/** While a terminal is suspect it may present one card each time so long is over. */
const SUSPECT_INTERVAL_MS = 30 * SECOND_MS;

export interface LimitOptions {
  /** How many requests a second one terminal may send for long; ten times as many at once. 0: no limit. */
  readonly terminalPerSecond?: number;
  /** How often a minute one card may be shown, at all terminals together; as often at once. 0: no limit. */
  readonly cardPerMinute?: number;
}

export const DEFAULT_TERMINAL_PER_SECOND = 20;
export const DEFAULT_CARD_PER_MINUTE = 20;

/** Zero where it may go on; else how long it must wait, in milliseconds. */
type WaitMs = number;

export interface Limits {
  /** Any request of a terminal, before it is read. */
  takeRequest(terminalId: string, monotonicMs: number): WaitMs;
  /** A presentation that was not answered before. A card that nobody knows is limited like any other. */
  admit(presentation: Presentation, monotonicMs: number): WaitMs;
  /** What a new presentation was answered: the precise code. */
  noteDecision(decided: Presentation & { readonly code: string }, monotonicMs: number): void;
}

/** Called when a terminal becomes suspect: once in ten minutes for each. */
export interface Alarmed {
  readonly onEnumeration: (terminalId: string) => void;
  readonly onPinLocked: (terminalId: string) => void;
}

/** Builds the limits, in memory: a restart forgets them. With `null` there are none, and no alarms. */
export function createLimits(options: LimitOptions | null, alarmed: Alarmed): Limits {
  if (options === null) {
    return { takeRequest: () => 0, admit: () => 0, noteDecision: () => undefined };
  }
  const { terminalPerSecond = DEFAULT_TERMINAL_PER_SECOND } = options;
  const { cardPerMinute = DEFAULT_CARD_PER_MINUTE } = options;
  const requests = bucketsOf({
    burst: terminalPerSecond * TERMINAL_BURST_SECONDS,
    intervalMs: SECOND_MS / terminalPerSecond,
    keysMax: TERMINALS_MAX,
  });
  const cards = bucketsOf({
    burst: cardPerMinute,
    intervalMs: MINUTE_MS / cardPerMinute,
    keysMax: CARDS_MAX,
  });
  const ofTerminals = { withinMs: WINDOW_MS, keysMax: TERMINALS_MAX };
  const enumeration = createAlarms({ count: ENUMERATION_COUNT, ...ofTerminals });
  const pinLocked = createAlarms({ count: PIN_LOCKED_COUNT, ...ofTerminals });
  const suspects = createBuckets({
    burst: 1,
    intervalMs: SUSPECT_INTERVAL_MS,
    keysMax: TERMINALS_MAX,
  });
  return {
    takeRequest: (terminalId, monotonicMs) => requests.take(terminalId, monotonicMs),
    admit({ terminalId, cardKey }, monotonicMs) {
      // First, so that a suspect terminal does not use up the turns of cards that it has no right to.
      if (enumeration.isRaised(terminalId, monotonicMs)) {
        const waitMs = suspects.take(terminalId, monotonicMs);
        if (waitMs > 0) return waitMs;
      }
      return cardKey === null ? 0 : cards.take(cardKey, monotonicMs);
    },
    noteDecision({ terminalId: key, cardKey, code }, monotonicMs) {
      const isGuess = OF_ENUMERATION.has(code);
      if (isGuess && enumeration.note({ key, thing: cardKey }, monotonicMs)) {
        alarmed.onEnumeration(key);
      }
      if (code === "PIN_LOCKED" && pinLocked.note({ key, thing: null }, monotonicMs)) {
        alarmed.onPinLocked(key);
      }
    },
  };
}

/** Without a rate, nothing is counted. */
function bucketsOf(options: Parameters<typeof createBuckets>[0]): ReturnType<typeof createBuckets> {
  return options.burst === 0 ? { take: () => 0 } : createBuckets(options);
}
