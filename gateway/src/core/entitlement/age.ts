// When a holder has the age that an avantage asks for: only what a grant's own window makes use of is kept (T-57).

import type { Grant } from "../model.js";
import type { Window } from "../programme.js";
import { windowState } from "../windows.js";

/** Half-open, UTC milliseconds. */
interface AgeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The part of a window in which its holder has the age. Null: all of it, so that nothing of the birth day is kept. Who
 * never has the age in it gets an empty part, at the window's end whatever the birth day.
 */
export function ageWithin(
  age: AgeWindow,
  window: Pick<Window, "fromMs" | "toMs">,
): Grant["ageWindow"] {
  const fromMs = Math.max(age.fromMs, window.fromMs ?? Number.NEGATIVE_INFINITY);
  const toMs = Math.min(age.toMs, window.toMs);
  if (fromMs >= toMs) return { fromMs: window.toMs, toMs: window.toMs };
  return fromMs === window.fromMs && toMs === window.toMs ? null : { fromMs, toMs };
}

/**
 * What is kept of a grant's ages. A window that is open since ever begins, for this grant, with its loading: no use
 * comes before.
 */
export function keptAges({ ageWindow, window }: Grant, nowMs: number): Grant["ageWindow"] {
  if (ageWindow === null) return null;
  return ageWithin(ageWindow, { fromMs: window.fromMs ?? nowMs, toMs: window.toMs });
}

/** Whether two reckonings of one grant's ages, by {@link keptAges}, come to the same for every use from now on. */
export function sameAges(a: Grant, b: Grant, nowMs: number): boolean {
  if (windowState(a.window, nowMs) === "closed") return true;
  const [one, other] = [keptAges(a, nowMs), keptAges(b, nowMs)];
  return one?.fromMs === other?.fromMs && one?.toMs === other?.toMs;
}
