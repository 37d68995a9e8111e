// Between which attempts a capture, a refund or a reversal stands in the ledger, as closely as the ledger tells.

import type { DayBook, SaleFile } from "../day-book.js";
import type { Units } from "../facts.js";

/** Something that became of a sale. */
export interface Event {
  /** What the sale has of its account from then on. */
  readonly units: Units;
  /** At least so many attempts, and at most so many, were stored before it. The same, where its place is known. */
  readonly from: number;
  readonly to: number;
}

/** Finds the events of a sale; made once for a day. */
export type EventsOf = (sale: SaleFile) => readonly Event[];

interface Step {
  readonly units: Units;
  /** Its own entry's place, where it has one. */
  readonly entry: number | null;
  readonly afterAttempts: number | null;
}

/** Reads the order of entries once: those that attempts made are between attempts whose order is known. */
export function eventsOf(book: DayBook): EventsOf {
  const bounds = entryBounds(book);
  const { length } = book.ledger.attempts;
  return (sale) => {
    const own = sale.attempts.find(({ approved }) => approved)?.place ?? 0;
    const events: Event[] = [];
    let earliest = own + 1;
    for (const { units, entry, afterAttempts } of stepsOf(sale)) {
      const [from, to] = entry === null ? [0, length] : bounds(entry);
      const known = afterAttempts ?? null;
      earliest = Math.max(earliest, known ?? from);
      events.push({ units, from: earliest, to: Math.max(earliest, known ?? to) });
    }
    return events;
  };
}

/** The one order that a sale's life allows: capture, then refunds, then the reversal. */
function stepsOf(sale: SaleFile): readonly Step[] {
  const { captures, refunds, reversals, entries } = sale;
  const taking = entries.filter(({ units }) => units > 0);
  const returning = entries.filter(({ units }) => units < 0).map(({ place }) => place);
  const steps: Step[] = [];
  const approval = sale.attempts.find(({ approved }) => approved);
  let units = approval?.holds ? 0 : (approval?.units ?? 0);
  for (const capture of captures) {
    units += capture.units;
    const entry = taking[0]?.place ?? null;
    steps.push({ units, entry, afterAttempts: capture.afterAttempts ?? null });
  }
  for (const refund of refunds) {
    units -= refund.units;
    const entry = returning.shift() ?? null;
    steps.push({ units, entry, afterAttempts: refund.afterAttempts ?? null });
  }
  for (const { afterAttempts } of reversals) {
    steps.push({ units: 0, entry: returning.shift() ?? null, afterAttempts });
  }
  return steps;
}

/**
 * For an entry: how many attempts were stored before it, at least and at most. Where several gateways write, two rows are in
 * the order of their making only if they are of one account.
 */
function entryBounds(book: DayBook): (place: number) => readonly [number, number] {
  const { entries, attempts } = book.ledger;
  const maker = makersOf(book);
  const groupOf = (place: number) =>
    book.world.hasSeveralGateways === true ? (entries[place]?.account ?? "") : "";
  const from: number[] = [];
  const passed = new Map<string, number>();
  for (let place = 0; place < entries.length; place += 1) {
    const group = groupOf(place);
    const now = Math.max(passed.get(group) ?? 0, (maker.get(place) ?? -1) + 1);
    passed.set(group, now);
    from.push(now);
  }
  const to: number[] = new Array(entries.length);
  const next = new Map<string, number>();
  for (let place = entries.length - 1; place >= 0; place -= 1) {
    const group = groupOf(place);
    const { length } = attempts;
    const now = Math.min(next.get(group) ?? length, maker.get(place) ?? length);
    next.set(group, now);
    to[place] = now;
  }
  return (place) => [from[place] ?? 0, to[place] ?? attempts.length];
}

/** By the place of an entry, that of the attempt which made it. */
function makersOf({ sales }: DayBook): ReadonlyMap<number, number> {
  const maker = new Map<number, number>();
  for (const sale of sales.values()) {
    const approval = sale.attempts.find(({ approved }) => approved);
    const taking = sale.entries.find(({ units }) => units > 0);
    if (approval && !approval.holds && taking) maker.set(taking.place, approval.place);
  }
  return maker;
}
