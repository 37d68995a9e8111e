// Which answers make a terminal suspect, or the operator look, and what follows: the same wherever it is counted.

import type { Bucket } from "../../core/shared-limits.js";

const MINUTE_MS = 60_000;

/** Alarms look back so far, and are told of once in so long. */
export const WINDOW_MS = 10 * MINUTE_MS;
export const ENUMERATION_COUNT = 10;
export const PIN_LOCKED_COUNT = 5;

/** While a terminal is suspect it may present one card each time so long is over. */
export const SUSPECT: Bucket = { burst: 1, intervalMs: 30_000 };

/**
 * Answers that somebody gets who tries numbers, codes or home-made cards. A card counts once: one that is dead and shown
 * again and again is an honest customer's.
 */
const OF_ENUMERATION: ReadonlySet<string> = new Set([
  "CARD_UNKNOWN",
  "QR_INVALID",
  "CARD_NOT_GENUINE",
]);

export const isGuess = (code: string): boolean => OF_ENUMERATION.has(code);

export const isLock = (code: string): boolean => code === "PIN_LOCKED";

/** The bucket of a card that may be shown so often a minute; null where it may be shown without limit. */
export const cardBucket = (perMinute: number): Bucket | null =>
  perMinute === 0 ? null : { burst: perMinute, intervalMs: MINUTE_MS / perMinute };

/** Called when a terminal becomes suspect: once in ten minutes for each. */
export interface Alarmed {
  readonly onEnumeration: (terminalId: string) => void;
  readonly onPinLocked: (terminalId: string) => void;
}
