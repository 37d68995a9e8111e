// The TARGET calendar: the days on which the euro's settlement system is open, so that a transfer can be executed.

import { Temporal } from "temporal-polyfill";

const SATURDAY = 6;

/** Days without the year on which TARGET is closed every year (European Central Bank, long-term calendar). */
const FIXED_HOLIDAYS: ReadonlySet<string> = new Set(["01-01", "05-01", "12-25", "12-26"]);

/**
 * The first TARGET day after the Paris day of an instant.
 *
 * @param instantMs Unix milliseconds. @returns `YYYY-MM-DD`.
 */
export function nextTargetDay(instantMs: number): string {
  let day = parisDate(instantMs).add({ days: 1 });
  // Ends: no five days in a row are closed.
  while (!isOpen(day)) day = day.add({ days: 1 });
  return day.toString();
}

/** Whether TARGET is open on a civil date. @param day a date that there is, `YYYY-MM-DD`. */
export function isTargetDay(day: string): boolean {
  return isOpen(Temporal.PlainDate.from(day));
}

function parisDate(instantMs: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(instantMs)
    .toZonedDateTimeISO("Europe/Paris")
    .toPlainDate();
}

function isOpen(day: Temporal.PlainDate): boolean {
  if (day.dayOfWeek >= SATURDAY || FIXED_HOLIDAYS.has(day.toString().slice(5))) return false;
  const easter = easterSunday(day.year);
  return !day.equals(easter.subtract({ days: 2 })) && !day.equals(easter.add({ days: 1 }));
}

/** The Sunday after the first full moon of spring, by the tables of the Gregorian calendar (Meeus, Jones, Butcher). */
function easterSunday(year: number): Temporal.PlainDate {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const leapCenturies = Math.floor(century / 4);
  const moonCorrection = Math.floor((century + 8) / 25);
  const epact =
    (19 * golden + century - leapCenturies - Math.floor((century - moonCorrection + 1) / 3) + 15) %
    30;
  const weekday =
    (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const daysAfterMarch22 = epact + weekday - 7 * late;
  return new Temporal.PlainDate(year, 3, 22).add({ days: daysAfterMarch22 });
}
