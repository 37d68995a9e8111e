// What a pattern is: it sees every sale once, in any order, and tells afterwards what is worth a look.

import type { AvantageRule } from "../../core/programme.js";
import type { ObservedSale } from "../../core/settlement/observed-sale.js";
import type { Alert } from "../../core/settlement/ports.js";

/** A sale with its Paris day and its window's last one, as numbers that count days. */
export interface SeenSale extends ObservedSale {
  readonly dayNo: number;
  readonly windowLastDayNo: number;
}

export interface Pattern {
  see(sale: SeenSale): void;
  alerts(): readonly Alert[];
}

export interface Watch {
  /** The days that alerts are asked for, both included; what is seen from before them is a partner's usual. */
  readonly firstDayNo: number;
  readonly lastDayNo: number;
  readonly avantages: ReadonlyMap<string, Pick<AvantageRule, "label" | "singleUse" | "individual">>;
}

/** Whether alerts are asked for this day. */
export function isAsked({ firstDayNo, lastDayNo }: Watch, dayNo: number): boolean {
  return dayNo >= firstDayNo && dayNo <= lastDayNo;
}

const DAY_MS = 86_400_000;

/** Numbers civil dates one after the other; no clock change can come between two of them. */
export function dayNoOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

/** The civil date `YYYY-MM-DD` of such a number. */
export function dayOfNo(dayNo: number): string {
  return new Date(dayNo * DAY_MS).toISOString().slice(0, "YYYY-MM-DD".length);
}

/** A count of its own for each partner and each day. */
export type DayCounts<T> = Map<string, Map<number, T>>;

/** The count that a sale belongs to, begun where there is none yet. */
export function countOf<T>(counts: DayCounts<T>, sale: SeenSale, start: () => T): T {
  const days = entryOf(counts, sale.partnerId, () => new Map<number, T>());
  return entryOf(days, sale.dayNo, start);
}

/** All counts, one after the other. */
export function* eachDay<T>(
  counts: DayCounts<T>,
): Generator<{ readonly partnerId: string; readonly dayNo: number; readonly count: T }> {
  for (const [partnerId, days] of counts) {
    for (const [dayNo, count] of days) yield { partnerId, dayNo, count };
  }
}

/** What a map holds under a key, made where there is none yet. */
export function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
