// From civil dates in Paris to half-open windows of UTC instants, once, when data is loaded.

import { Temporal } from "temporal-polyfill";
import type { Window } from "../core/programme.js";

const PARIS = "Europe/Paris";

/**
 * The first instant of a Paris civil day, Unix milliseconds.
 *
 * @param day `YYYY-MM-DD`. @throws RangeError for a date that is none.
 */
export function startOfDayMs(day: string): number {
  return startMs(Temporal.PlainDate.from(day));
}

function startMs(day: Temporal.PlainDate): number {
  return day.toZonedDateTime(PARIS).epochMilliseconds;
}

/** The Paris civil date of an instant. */
export function parisDay(instantMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(instantMs)
    .toZonedDateTimeISO(PARIS)
    .toPlainDate()
    .toString();
}

/**
 * The window from the first to the last day of use, both included (T-04, T-08).
 *
 * @param firstDay `YYYY-MM-DD`, or null where the start is not given: open since ever.
 * @throws RangeError for a date that is none, or a last day before the first.
 */
export function windowOfDays(firstDay: string | null, lastDay: string): Window {
  const last = Temporal.PlainDate.from(lastDay);
  const first = firstDay === null ? null : Temporal.PlainDate.from(firstDay);
  if (first && Temporal.PlainDate.compare(first, last) > 0) {
    throw new RangeError(`a window ends on ${lastDay}, before it begins on ${firstDay}`);
  }
  return {
    fromMs: first && startMs(first),
    toMs: startMs(last.add({ days: 1 })),
    firstDay,
    lastDay,
  };
}

/**
 * The window of an aid that runs for months from its loading: the last day is the same day so many months later,
 * clamped to the month's end, included (T-07).
 */
export function windowOfMonths(loadedAtMs: number, months: number): Window {
  const loaded = Temporal.PlainDate.from(parisDay(loadedAtMs));
  const last = loaded.add({ months }, { overflow: "constrain" });
  return {
    fromMs: loadedAtMs,
    toMs: startMs(last.add({ days: 1 })),
    firstDay: loaded.toString(),
    lastDay: last.toString(),
  };
}

/**
 * Names the Paris civil date of an instant; cheap, because it looks at the calendar once for each day.
 */
export function createParisDays(): (instantMs: number) => string {
  let known = { fromMs: 0, toMs: 0, day: "" };
  return (instantMs) => {
    if (instantMs < known.fromMs || instantMs >= known.toMs) {
      const day = parisDay(instantMs);
      const { fromMs, toMs } = windowOfDays(day, day);
      known = { fromMs: fromMs ?? toMs, toMs, day };
    }
    return known.day;
  };
}

/**
 * When somebody has an age between two numbers of years, both included: from the first birthday to the day before
 * the one after the last (T-33: 14 to 25 is until the day before the 26th birthday). A birthday on 29 February is kept
 * on the 28th in other years.
 *
 * @param birthDay Paris civil date, `YYYY-MM-DD`.
 */
export function windowOfAge(
  birthDay: string,
  years: { readonly fromYears: number; readonly toYears: number },
): { readonly fromMs: number; readonly toMs: number } {
  const born = Temporal.PlainDate.from(birthDay);
  const birthday = (age: number) => startMs(born.add({ years: age }, { overflow: "constrain" }));
  return { fromMs: birthday(years.fromYears), toMs: birthday(years.toYears + 1) };
}
