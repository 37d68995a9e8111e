// What bounds a sale that rights and balance would allow: ceilings of a weak chip, and how often.

import type { Effect, Refusal } from "./decision.js";
import type { Snapshot } from "./model.js";
import type { Programme } from "./programme.js";

/**
 * The ceilings of a tap that proves little: what it takes, and what such taps took on the same Paris day (T-12). Above
 * them the code secret is asked. Gives the new day's total where there are ceilings and they hold.
 */
export function checkCeilings(input: {
  readonly snapshot: Snapshot;
  readonly programme: Programme;
  readonly isTap: boolean;
  /** What this sale takes, in cents; 0 for what is not counted in euros. */
  readonly cents: number;
  readonly day: string;
}): { readonly refusal: Refusal } | { readonly effects: readonly Effect[] } {
  const { snapshot, programme, isTap, cents, day } = input;
  const { card } = snapshot;
  const ceilings = programme.generations.get(card?.generation ?? "")?.ceilings ?? null;
  if (ceilings === null || card === null || !isTap || cents === 0) return { effects: [] };
  const before = card.tapped?.day === day ? card.tapped.cents : 0;
  const total = before + cents;
  if (cents > ceilings.tapCents || total > ceilings.dayCents) {
    return { refusal: { code: "PIN_REQUIRED" } };
  }
  return {
    effects: [{ type: "noteTap", cardId: card.id, from: card.tapped, to: { day, cents: total } }],
  };
}

/** The most approved sales of an account in a time, where the programme sets such a limit. */
export function checkVelocity(
  snapshot: Snapshot,
  programme: Programme,
  nowMs: number,
): Refusal | null {
  const { velocity } = programme.settings;
  if (velocity === null) return null;
  const recent = snapshot.recentSalesMs.filter((atMs) => atMs > nowMs - velocity.withinMs);
  const oldest = recent[recent.length - velocity.salesMax];
  if (oldest === undefined) return null;
  return {
    code: "VELOCITY_LIMIT",
    figures: { retryAfterMs: oldest + velocity.withinMs - nowMs },
  };
}
