// The life of a sale, whole: where each move leads from each state, and why it is refused.

import { describe, expect, it } from "vitest";
import { type Move, type SaleState, stateAt, wayOf } from "./life.js";

/** A state where the move leads to one; the code that refuses it; null where nobody can ask. */
const TABLE: readonly (readonly [SaleState, Readonly<Record<Move, string | null>>])[] = [
  [
    "held",
    { capture: "approved", expire: "expired", reverse: "reversed", refund: "NOTHING_TO_REFUND" },
  ],
  [
    "approved",
    { capture: "NOTHING_TO_CAPTURE", expire: null, reverse: "reversed", refund: "approved" },
  ],
  [
    "declined",
    {
      capture: "NOTHING_TO_CAPTURE",
      expire: null,
      reverse: "reversed",
      refund: "NOTHING_TO_REFUND",
    },
  ],
  [
    "reversed",
    { capture: "ALREADY_REVERSED", expire: null, reverse: "reversed", refund: "ALREADY_REVERSED" },
  ],
  [
    "expired",
    { capture: "HOLD_EXPIRED", expire: null, reverse: "reversed", refund: "NOTHING_TO_REFUND" },
  ],
];
const MOVES: readonly Move[] = ["capture", "expire", "reverse", "refund"];

describe.each(TABLE)("a sale that is %s", (state, expected) => {
  it.each(MOVES)("answers to %s as the table says", (move) => {
    const way = wayOf(state, move);
    const outcome = way && ("to" in way ? way.to : way.refused);
    expect(outcome).toBe(expected[move]);
    // A state is written small, a code large: neither stands for the other.
    if (way) expect("to" in way).toBe(/^[a-z]+$/.test(outcome ?? ""));
  });
});

describe("a held sale", () => {
  it("is expired from the very instant on that its hold names", () => {
    expect([stateAt("held", 10, 9), stateAt("held", 10, 10)]).toEqual(["held", "expired"]);
  });

  it("is held where nothing says until when", () => {
    expect(stateAt("held", null, 10)).toBe("held");
  });
});

it.each(["approved", "declined", "reversed", "expired"] as const)(
  "a sale that is %s does not expire",
  (state) => {
    expect(stateAt(state, 1, 10)).toBe(state);
  },
);
