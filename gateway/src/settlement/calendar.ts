// The calendar of reimbursement: where periods end and which school year a sale belongs to, in Paris civil time.

import { Temporal } from "temporal-polyfill";

const PARIS = "Europe/Paris";

/** One settlement's period, by its last day. */
export interface Period {
  /** Paris civil date, `YYYY-MM-DD`, included. */
  readonly lastDay: string;
  /** The end of that day, exclusive, Unix milliseconds. */
  readonly cutoffMs: number;
}

/** Where the periods of reimbursement end. */
export interface Cutoffs {
  /** The end, exclusive, of the period that contains an instant. */
  endAfter(instantMs: number): number;
  /** The period whose last day this is; null where no period ends there, or it is no date `YYYY-MM-DD`. */
  periodEndingOn(day: string): Period | null;
  /** The last period that is over. */
  lastClosed(nowMs: number): Period;
}

/**
 * Periods that each end with one day of the week, at 24:00 in Paris, summer time or not.
 *
 * @param lastWeekday 1 is Monday, 7 Sunday (ISO 8601).
 */
export function createCutoffs(lastWeekday: number): Cutoffs {
  const DAYS = 7;

  function lastDayFrom(day: Temporal.PlainDate): Temporal.PlainDate {
    return day.add({ days: (lastWeekday - day.dayOfWeek + DAYS) % DAYS });
  }

  return {
    endAfter: (instantMs) => endOf(lastDayFrom(dayOf(instantMs))),

    periodEndingOn(day) {
      const last = civilDate(day);
      return last?.dayOfWeek === lastWeekday ? periodOf(last) : null;
    },

    lastClosed: (nowMs) => periodOf(lastDayFrom(dayOf(nowMs)).subtract({ days: DAYS })),
  };
}

/**
 * The school year of an instant, `2022/2023`: « chaque année, en début d'année scolaire », so from 1 September to
 * 31 August (T-36).
 */
export function schoolYearOf(instantMs: number): string {
  const SEPTEMBER = 9;
  const { year, month } = dayOf(instantMs);
  const first = month >= SEPTEMBER ? year : year - 1;
  return `${first}/${first + 1}`;
}

/** The instants between the beginning of one Paris day and the end of another, both included; null for no such days. */
export function daysToInstants(days: {
  readonly firstDay: string;
  readonly lastDay: string;
}): { readonly fromMs: number; readonly toMs: number } | null {
  const first = civilDate(days.firstDay);
  const last = civilDate(days.lastDay);
  if (!first || !last || Temporal.PlainDate.compare(first, last) > 0) return null;
  return { fromMs: startOf(first), toMs: endOf(last) };
}

function civilDate(day: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  try {
    return Temporal.PlainDate.from(day, { overflow: "reject" });
  } catch {
    return null;
  }
}

function dayOf(instantMs: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(PARIS).toPlainDate();
}

function startOf(day: Temporal.PlainDate): number {
  return day.toZonedDateTime(PARIS).epochMilliseconds;
}

const endOf = (day: Temporal.PlainDate): number => startOf(day.add({ days: 1 }));

const periodOf = (lastDay: Temporal.PlainDate): Period => ({
  lastDay: lastDay.toString(),
  cutoffMs: endOf(lastDay),
});
