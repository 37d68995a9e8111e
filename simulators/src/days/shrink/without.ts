// A plan without some of its acts or faults; what was about an act that is gone goes as well.

import type { Act, Plan } from "../plan.js";

/** Leaves out the faults from one place until before another. */
export function withoutFaults(plan: Plan, from: number, until: number): Plan {
  return { ...plan, faults: plan.faults.filter((_, place) => place < from || place >= until) };
}

/** Leaves out the acts from one place until before another, and all that comes of them. */
export function withoutActs(plan: Plan, from: number, until: number): Plan {
  const places = new Map<number, number>();
  const acts: Act[] = [];
  for (const [place, act] of plan.acts.entries()) {
    if (place >= from && place < until) continue;
    const moved = withPlaces(act, places);
    if (moved === null) continue;
    places.set(place, acts.length);
    acts.push(moved);
  }
  return { ...plan, acts };
}

/** An act that knows the new places of others; null where the one that it is about is gone. */
function withPlaces(act: Act, places: ReadonlyMap<number, number>): Act | null {
  const { deed } = act;
  if (deed.type === "inquire") return act;
  if (deed.type !== "sale") {
    const of = places.get(deed.of);
    return of === undefined ? null : { ...act, deed: { ...deed, of } };
  }
  if (deed.mishap?.type !== "replay") return act;
  const of = places.get(deed.mishap.of);
  const mishap = of === undefined ? null : { type: "replay" as const, of };
  return { ...act, deed: { ...deed, mishap } };
}
