// Alarms by name: raised when so many things happen within a while, calm when that is over.

import { createRecent } from "./recent.js";

interface Happened {
  readonly atMs: number;
  readonly thing: string | null;
}

interface Heard {
  /** The last ones, oldest first; never more than it takes. */
  readonly last: readonly Happened[];
  readonly raisedAtMs: number | null;
}

export interface Happening {
  /** Whose alarm it is. */
  readonly key: string;
  /** What it happened with: counted once in each window. Null where each time counts. */
  readonly thing: string | null;
}

export interface Alarms {
  /** Notes that it happened; true for the one that raises the alarm, once in each window. */
  note(happening: Happening, nowMs: number): boolean;
  /** Whether it has happened often enough within the window that ends now. */
  isRaised(key: string, nowMs: number): boolean;
}

/** Builds the alarms, all of them calm. Instants are of a clock that never goes back, in milliseconds. */
export function createAlarms(options: {
  readonly count: number;
  readonly withinMs: number;
  /** The most names that are remembered. */
  readonly keysMax: number;
}): Alarms {
  const { count, withinMs, keysMax } = options;
  const heard = createRecent<Heard>(keysMax);

  const isRecent = ({ atMs }: Happened, nowMs: number) => nowMs - atMs < withinMs;

  function isOften(last: readonly Happened[], nowMs: number): boolean {
    return last.length === count && last.every((one) => isRecent(one, nowMs));
  }

  return {
    note({ key, thing }, nowMs) {
      const { last: before = [], raisedAtMs = null } = heard.get(key) ?? {};
      const isSame = (one: Happened) => one.thing === thing && isRecent(one, nowMs);
      if (thing !== null && before.some(isSame)) return false;
      const last = [...before, { atMs: nowMs, thing }].slice(-count);
      const isTold = raisedAtMs !== null && nowMs - raisedAtMs < withinMs;
      const raises = isOften(last, nowMs) && !isTold;
      heard.put(key, { last, raisedAtMs: raises ? nowMs : raisedAtMs });
      return raises;
    },
    isRaised: (key, nowMs) => isOften(heard.get(key)?.last ?? [], nowMs),
  };
}
