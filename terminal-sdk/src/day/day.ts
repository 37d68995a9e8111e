// Which days a till can account for, and what its journal comes to on one of them.

import type { Journal } from "../client/journal.js";
import type { ProfileKeeper } from "../client/profile.js";
import { invalid } from "../given.js";
import { movesAround, totalsOf } from "./moves.js";
import { isDay, parisDay, shiftDay } from "./paris.js";
import type { DayTotals } from "./results.js";

/** The journal keeps finished sales long enough for so many days, today's included. */
export const DAYS_KEPT = 7;

/**
 * The day that is meant: today in Paris by the gateway's clock, unless one is given.
 *
 * @throws PassTpeError `OPTIONS_INVALID` for what is no day, is to come, or is too long ago for the journal.
 */
export function resolveDay(profile: Pick<ProfileKeeper, "gatewayNowMs">, given?: string): string {
  const today = parisDay(profile.gatewayNowMs());
  if (given === undefined) return today;
  if (typeof given !== "string" || !isDay(given)) {
    throw invalid("day must be a day of the calendar, such as 2026-09-01");
  }
  const first = shiftDay(today, 1 - DAYS_KEPT) ?? today;
  if (given >= first && given <= today) return given;
  throw invalid(`day must be from ${first} to ${today}: the journal keeps ${DAYS_KEPT} days`);
}

/** What the journal comes to on a day. */
export function dayTotals(options: {
  journal: Journal;
  profile: Pick<ProfileKeeper, "unitOf">;
  day: string;
}): DayTotals {
  const { journal, profile, day } = options;
  const unitOf = (avantage: string) => profile.unitOf(avantage);
  return { day, totals: totalsOf(movesAround({ journal, unitOf, day }).ofDay) };
}
