// Where an instant stands against a window: integers compared, no calendar.

import type { Campaign, Family, Window } from "./programme.js";

type WindowState = "notOpen" | "open" | "closed";

/** The state of a half-open window `[fromMs, toMs)` at an instant, both in Unix milliseconds. */
export function windowState(window: Window, nowMs: number): WindowState {
  if (window.fromMs !== null && nowMs < window.fromMs) return "notOpen";
  return nowMs < window.toMs ? "open" : "closed";
}

/** The campaigns whose window of this family is open now. Several can be: there is no "current campaign" (T-01). */
export function campaignsOpenFor(
  campaigns: readonly Campaign[],
  family: Family,
  nowMs: number,
): readonly Campaign[] {
  return campaigns.filter((campaign) => {
    const window = campaign.windows[family];
    return window !== undefined && windowState(window, nowMs) === "open";
  });
}
