// Counts presentations in the memory of the one gateway that there is: a restart forgets them.

import type { Presentation } from "../../core/ports.js";
import { createAlarms } from "./alarms.js";
import { createBuckets } from "./buckets.js";
import {
  type Alarmed,
  cardBucket,
  ENUMERATION_COUNT,
  isGuess,
  isLock,
  PIN_LOCKED_COUNT,
  SUSPECT,
  WINDOW_MS,
} from "./guesses.js";

/**
 * Far more than can be named in the minute in which a card's bucket fills: by 80 terminals that do nothing else at the
 * rate that each of them has.
 */
const CARDS_MAX = 100_000;

/** Builds the counts. @param options.terminalsMax the most terminals that are remembered. */
export function createOwnPresentations(options: {
  readonly cardPerMinute: number;
  readonly terminalsMax: number;
  readonly alarmed: Alarmed;
}) {
  const { cardPerMinute, terminalsMax, alarmed } = options;
  const card = cardBucket(cardPerMinute);
  const cards = card && createBuckets({ ...card, keysMax: CARDS_MAX });
  const ofTerminals = { withinMs: WINDOW_MS, keysMax: terminalsMax };
  const enumeration = createAlarms({ count: ENUMERATION_COUNT, ...ofTerminals });
  const pinLocked = createAlarms({ count: PIN_LOCKED_COUNT, ...ofTerminals });
  const suspects = createBuckets({ ...SUSPECT, keysMax: terminalsMax });
  return {
    admit({ terminalId, cardKey }: Presentation, monotonicMs: number): number {
      // First, so that a suspect terminal does not use up the turns of cards that it has no right to.
      if (enumeration.isRaised(terminalId, monotonicMs)) {
        const waitMs = suspects.take(terminalId, monotonicMs);
        if (waitMs > 0) return waitMs;
      }
      return cardKey === null ? 0 : (cards?.take(cardKey, monotonicMs) ?? 0);
    },
    noteDecision(decided: Presentation & { readonly code: string }, monotonicMs: number): void {
      const { terminalId: key, cardKey, code } = decided;
      if (isGuess(code) && enumeration.note({ key, thing: cardKey }, monotonicMs)) {
        alarmed.onEnumeration(key);
      }
      if (isLock(code) && pinLocked.note({ key, thing: null }, monotonicMs)) {
        alarmed.onPinLocked(key);
      }
    },
  };
}
