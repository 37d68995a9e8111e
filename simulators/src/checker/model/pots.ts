// What is left of each grant as the ledger goes from attempt to attempt; a range, where its order leaves one open.

import type { RowOf } from "../day-book.js";
import type { Units } from "../facts.js";
import type { Event } from "./order.js";

/** At least and at most; both the same where the ledger's order is known. */
export interface Range {
  readonly least: Units;
  readonly most: Units;
}

/** What one approved sale keeps of its grant, from its approval on. */
class Line {
  readonly #first: Units;
  /** What is only held is free again from this instant on; null for what was taken at once. */
  readonly endMs: number | null;
  readonly #events: readonly Event[];
  /** How many of its events have happened: at least, and at most. */
  #surely = 0;
  #perhaps = 0;

  constructor(first: Units, endMs: number | null, events: readonly Event[]) {
    this.#first = first;
    this.endMs = endMs;
    this.#events = events;
  }

  /** Goes on to the instant before the attempt of this number; never back. */
  moveTo(attempts: number): void {
    this.#events.forEach(({ from, to }, index) => {
      // What is sure of a later event is sure of those before it.
      if (to <= attempts) this.#surely = Math.max(this.#surely, index + 1);
      if (from <= attempts) this.#perhaps = Math.max(this.#perhaps, index + 1);
    });
  }

  /** Whether nothing but time changes it any more, and time does not either. */
  get isSettled(): boolean {
    const isOver = this.#surely === this.#events.length;
    return isOver && (this.#surely > 0 || this.endMs === null);
  }

  rangeAt(nowMs: number): Range {
    let [least, most] = [Number.POSITIVE_INFINITY, 0];
    for (let step = this.#surely; step <= this.#perhaps; step += 1) {
      const units = this.#unitsAfter(step, nowMs);
      least = Math.min(least, units);
      most = Math.max(most, units);
    }
    return { least, most };
  }

  #unitsAfter(step: number, nowMs: number): Units {
    if (step > 0) return this.#events[step - 1]?.units ?? 0;
    return this.endMs !== null && nowMs >= this.endMs ? 0 : this.#first;
  }

  /** A hold that is over, and that nothing but a reversal can follow. */
  isLapsed(nowMs: number): boolean {
    const isOver = this.endMs !== null && nowMs >= this.endMs;
    return isOver && this.#events.every(({ units }) => units === 0);
  }
}

/** One account's grant of one avantage. */
class Pot {
  readonly amount: Units;
  #settled = 0;
  readonly #open = new Set<Line>();

  constructor(amount: Units) {
    this.amount = amount;
  }

  add(line: Line): void {
    this.#open.add(line);
  }

  /** What is taken or held at an instant, before the attempt of this number. */
  usedAt(attempts: number, nowMs: number): Range {
    let [least, most] = [this.#settled, this.#settled];
    for (const line of this.#open) {
      line.moveTo(attempts);
      const range = line.rangeAt(nowMs);
      least += range.least;
      most += range.most;
      if (!line.isSettled) continue;
      this.#settled += range.most;
      this.#open.delete(line);
    }
    return { least, most };
  }

  /** What is written as over stays over. */
  forgetLapsed(nowMs: number): void {
    for (const line of this.#open) if (line.isLapsed(nowMs)) this.#open.delete(line);
  }
}

/** All grants of a day, moved along the ledger's attempts. */
export class Pots {
  readonly #pots = new Map<string, Pot>();

  load(name: string, amount: Units): void {
    this.#pots.set(name, new Pot(amount));
  }

  /** What is used of a grant, and its amount; null where there is no such grant. */
  before(
    attempt: Pick<RowOf<"attempts">, "decidedAtMs"> & { readonly place: number },
    name: string,
  ): { readonly amount: Units; readonly used: Range } | null {
    const pot = this.#pots.get(name);
    if (!pot) return null;
    return { amount: pot.amount, used: pot.usedAt(attempt.place, attempt.decidedAtMs) };
  }

  /** An approval, as the ledger has it, with all that will become of it. */
  approve(
    attempt: RowOf<"attempts">,
    sale: { readonly name: string; readonly holdMs: number; readonly events: readonly Event[] },
  ): void {
    const pot = this.#pots.get(sale.name);
    if (!pot) return;
    const endMs = attempt.holds ? attempt.decidedAtMs + sale.holdMs : null;
    pot.forgetLapsed(attempt.decidedAtMs);
    pot.add(new Line(attempt.units, endMs, sale.events));
  }
}
