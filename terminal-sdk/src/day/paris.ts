// Civil days and times in Paris, which is where a till's day begins and ends.

/** One for all: making a formatter costs more than all its uses of a day. */
const PARIS = new Intl.DateTimeFormat("fr-FR", {
  timeZone: "Europe/Paris",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

const DAY_MS = 24 * 60 * 60 * 1000;

/** The Paris civil date of an instant (Unix milliseconds), `YYYY-MM-DD`. */
export function parisDay(atMs: number): string {
  const { year, month, day } = partsAt(atMs);
  return `${year}-${month}-${day}`;
}

/** An instant (Unix milliseconds) as it is printed: `14/11/2023 23:13`, Paris time. */
export function parisTime(atMs: number): string {
  const { year, month, day, hour, minute } = partsAt(atMs);
  return `${day}/${month}/${year} ${hour}:${minute}`;
}

/** `2026-12-31` → `31/12/2026`. */
export function printedDay(day: string): string {
  return day.split("-").reverse().join("/");
}

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && shiftDay(text, 0) === text;
}

/** The day so many days later, or earlier; null where the day given is none. */
export function shiftDay(day: string, days: number): string | null {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(ms) ? null : new Date(ms + days * DAY_MS).toISOString().slice(0, 10);
}

type Part = "year" | "month" | "day" | "hour" | "minute";

function partsAt(atMs: number): Record<Part, string> {
  const parts: Record<Part, string> = { year: "", month: "", day: "", hour: "", minute: "" };
  for (const { type, value } of PARIS.formatToParts(atMs)) {
    if (type in parts) parts[type as Part] = value;
  }
  return parts;
}
