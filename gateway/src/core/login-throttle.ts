// How often a password may be tried for one numéro de dossier: it is printed on the card, and people choose passwords.

/** Tries that cost nothing but themselves. */
export const FREE_TRIES = 5;
const FIRST_WAIT_MS = 60_000;
const WAIT_MAX_MS = 24 * 3_600_000;
/** From the instant of the next try on: as long as the longest wait, so that who waits is not better off than who tries. */
const COUNT_LIFE_MS = WAIT_MAX_MS;

/** What is kept of the tries for one dossier. A right one ends the count, and so does a day in which none is made. */
export interface Tries {
  /** Tries in a row that were not right, those under way included. */
  readonly failures: number;
  /** When the next one may be made, Unix milliseconds: before it nothing is looked at, a day after it the count lapses. */
  readonly nextTryAtMs: number;
}

export const NO_TRIES: Tries = { failures: 0, nextTryAtMs: 0 };

/** How long to wait before the next try, in milliseconds; zero where it may be made now. */
export function waitMs(tries: Tries, nowMs: number): number {
  if (tries.failures < FREE_TRIES) return 0;
  const left = tries.nextTryAtMs - nowMs;
  // Longer than the longest wait is a stamp of a clock that was ahead: the try is made, and leaves a good one.
  return left > WAIT_MAX_MS ? 0 : Math.max(0, left);
}

/** The count with one try more. It is kept before the try is looked at, so that parallel ones are counted too. */
export function withTry(tries: Tries, nowMs: number): Tries {
  const isLapsed = nowMs >= tries.nextTryAtMs + COUNT_LIFE_MS;
  const failures = isLapsed ? 1 : tries.failures + 1;
  if (failures < FREE_TRIES) return { failures, nextTryAtMs: nowMs };
  const doubled = FIRST_WAIT_MS * 2 ** (failures - FREE_TRIES);
  return { failures, nextTryAtMs: nowMs + Math.min(doubled, WAIT_MAX_MS) };
}
