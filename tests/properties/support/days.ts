// Paris civil days, reckoned by the platform's own calendar: an oracle beside the one that the catalogue uses.

const PARIS = new Intl.DateTimeFormat("en-US", {
  timeZone: "Europe/Paris",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How far Paris is ahead of UTC: in winter and in summer. */
const OFFSETS_MS = [60 * MINUTE_MS, 120 * MINUTE_MS];

/** The civil date that a clock in Paris shows at an instant, `YYYY-MM-DD`. */
export function dayInParis(instantMs: number): string {
  const parts = new Map(PARIS.formatToParts(instantMs).map(({ type, value }) => [type, value]));
  return `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`;
}

/** A day so many days after another; before it where negative. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The same day of the month so many months later; the month's last day where it has no such day. */
export function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const at = Date.UTC(year, month - 1 + months, Math.min(date, lastOfMonth));
  return new Date(at).toISOString().slice(0, 10);
}

/** The first millisecond of a Paris civil day, found by looking at the clock there. */
export function firstMsOf(day: string): number {
  const midnightMs = Date.parse(`${day}T00:00:00Z`);
  const found = OFFSETS_MS.map((offset) => midnightMs - offset).find(
    (at) => dayInParis(at) === day && dayInParis(at - 1) === dayAfter(day, -1),
  );
  if (found === undefined) throw new Error(`no clock in Paris ever turned to ${day}`);
  return found;
}

/** The last millisecond of a Paris civil day. */
export function lastMsOf(day: string): number {
  return firstMsOf(dayAfter(day, 1)) - 1;
}

/** The days of a year on which a clock in Paris is changed: those that are not 24 hours long. */
export function clockChangesOf(year: number): readonly string[] {
  const days = Array.from({ length: 366 }, (_, index) => dayAfter(`${year}-01-01`, index));
  return days.filter((day) => lastMsOf(day) + 1 - firstMsOf(day) !== DAY_MS);
}
