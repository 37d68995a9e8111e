// Random sequences of everything that a store is asked, as data.

import fc from "fast-check";
import { randomEvent } from "./random-events.js";

export const CARDS = 2;
export const TERMINALS = 2;
const SECOND_MS = 1_000;
const DAY_MS = 86_400 * SECOND_MS;

const presented = {
  card: fc.nat({ max: CARDS - 1 }),
  terminal: fc.nat({ max: TERMINALS - 1 }),
  how: fc.oneof(
    // On a channel that the avantage takes.
    { weight: 4, arbitrary: fc.constant("fitting") },
    { weight: 2, arbitrary: fc.constantFrom("tap", "scan", "key") },
    { weight: 1, arbitrary: fc.constantFrom("wrongPin", "sameTap", "proof") },
  ),
  avantage: fc.nat({ max: 11 }),
  cents: fc.integer({ min: 1, max: 600 }),
  quantity: fc.integer({ min: 1, max: 4 }),
  // Both an amount and a quantity, which no unit asks for.
  odd: fc.nat({ max: 9 }).map((it) => it === 0),
};
const sale = fc.record({ type: fc.constant("sale"), ...presented, exact: fc.boolean() });
const inquiry = fc.record({ type: fc.constant("inquiry"), ...presented, named: fc.boolean() });
const reversal = fc.record({
  type: fc.constant("reversal"),
  which: fc.nat({ max: 7 }),
  // Mostly of a sale that took something and has not given it back.
  ofTaken: fc.nat({ max: 3 }).map((it) => it > 0),
  reason: fc.constantFrom("automatic", "manual"),
  elsewhere: fc.nat({ max: 4 }).map((it) => it === 0),
});
const repeat = fc.record({ type: fc.constant("repeat"), which: fc.nat({ max: 15 }) });
const event = randomEvent.map((step) => ({ type: "event" as const, step }));

const step = fc.oneof(
  { weight: 12, arbitrary: sale },
  { weight: 1, arbitrary: inquiry },
  { weight: 4, arbitrary: reversal },
  { weight: 1, arbitrary: repeat },
  { weight: 5, arbitrary: event },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

export interface Move {
  /** How long nothing happens before it. */
  readonly waitMs: number;
  readonly step: Step;
}

function movesOf(steps: fc.Arbitrary<Step>, waitMs: fc.Arbitrary<number>, most: number) {
  const move = fc.record({ waitMs, step: steps });
  return fc.noBias(fc.array(move, { minLength: 1, maxLength: most, size: "max" }));
}

/** Anything, over seconds or weeks. */
export const randomMoves = movesOf(
  step,
  fc.constantFrom(0, 0, 0, 0, 0, SECOND_MS, 61 * SECOND_MS, DAY_MS / 24, DAY_MS, 7 * DAY_MS),
  40,
);

/**
 * Mostly events, some sales between them, all at one instant. Nothing is revoked: what a validation gives after a
 * revocation is not what it gave before it.
 */
export const randomHistory = movesOf(
  fc.oneof(
    {
      weight: 3,
      arbitrary: event.filter(({ step: { type } }) => type !== "grants.revoked"),
    },
    { weight: 1, arbitrary: sale },
  ),
  fc.constant(0),
  40,
);

/** Whether a command is about what an account may use: its own sales and inquiries. */
export function presents(move: Move, card: number): boolean {
  const { step: one } = move;
  if (one.type !== "sale" && one.type !== "inquiry") return false;
  // A proof may stand for any card.
  return one.card === card || one.how === "proof";
}
