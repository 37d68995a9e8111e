// What entitlement and loading need of the calendar: it is computed outside, because the core knows no time zone.

import type { Window } from "../programme.js";

/** Paris civil dates and UTC instants (Unix milliseconds). */
export interface Calendar {
  /** When somebody born on a day (`YYYY-MM-DD`) has an age between two numbers of years, both included. */
  windowOfAge(
    birthDay: string,
    years: { readonly fromYears: number; readonly toYears: number },
  ): { readonly fromMs: number; readonly toMs: number };
  /** From an instant to the end of the same day so many civil months later. */
  windowOfMonths(instantMs: number, months: number): Window;
  /** The Paris civil date of an instant, `YYYY-MM-DD`. */
  parisDay(instantMs: number): string;
}
