// Random lives of sales as data: held, captured, reversed, refunded, suspended, settled, paid and returned.

import fc from "fast-check";

export const LIFE_CARDS = 2;
/** Two tills of one partner, and one of another. */
export const LIFE_TERMINALS = 3;
/** Small, so that everything runs out within a life. */
export const LIFE_GRANTS = { SPECTACLE: 1_500, CINEMA: 8, LICENCE: 300, EQUIPEMENT: 5_000 };

/** Of the last ones: mostly of those to which it can happen, now and then of any. */
const earlier = {
  which: fc.nat({ max: 4 }),
  fitting: fc.nat({ max: 3 }).map((it) => it > 0),
};
const terminal = fc.nat({ max: LIFE_TERMINALS - 1 });
/** A part of what there is, in hundredths; null asks for all of it. */
const part = fc.option(fc.constantFrom(1, 30, 60, 100, 101), { nil: null });

const asked = fc.oneof(
  fc.record({
    avantage: fc.constantFrom("SPECTACLE", "LICENCE", "EQUIPEMENT"),
    purchaseCents: fc.integer({ min: 1, max: 700 }),
  }),
  fc.record({ avantage: fc.constant("CINEMA"), quantity: fc.integer({ min: 1, max: 3 }) }),
);

const sale = fc.record({
  type: fc.constant("sale"),
  card: fc.nat({ max: LIFE_CARDS - 1 }),
  terminal,
  asked,
  capture: fc.boolean(),
});
/** Now and then the operator asks in the place of a lost terminal. */
const lost = fc.oneof(
  { weight: 4, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);
const capture = fc.record({ type: fc.constant("capture"), ...earlier, part, lost });
const reversal = fc.record({
  type: fc.constant("reversal"),
  ...earlier,
  reason: fc.constantFrom("automatic", "manual"),
});
/** `again`: under the id of the last refund, which it must not make twice. */
const refund = fc.record({
  type: fc.constant("refund"),
  ...earlier,
  terminal,
  part,
  again: fc.boolean(),
  lost,
});
const revocation = fc.record({
  type: fc.constant("revocation"),
  account: fc.nat({ max: LIFE_CARDS - 1 }),
});
const suspension = fc.record({
  type: fc.constant("suspension"),
  account: fc.nat({ max: LIFE_CARDS - 1 }),
  lifted: fc.boolean(),
});
const paper = fc.record({
  type: fc.constant("paper"),
  partner: fc.constantFrom("partner-1", "partner-2"),
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom("declared", "notConcerned", "received", "rejected") },
    { weight: 2, arbitrary: fc.constant("bank") },
  ),
});
const settlement = fc.record({ type: fc.constant("settlement"), atOnce: fc.boolean() });
const bank = fc.record({
  type: fc.constant("bank"),
  which: fc.nat({ max: 3 }),
  status: fc.constantFrom("PAID", "REJECTED"),
});

const step = fc.oneof(
  { weight: 9, arbitrary: sale },
  { weight: 7, arbitrary: capture },
  { weight: 2, arbitrary: reversal },
  { weight: 4, arbitrary: refund },
  { weight: 1, arbitrary: suspension },
  { weight: 1, arbitrary: revocation },
  { weight: 2, arbitrary: paper },
  { weight: 5, arbitrary: settlement },
  { weight: 2, arbitrary: bank },
);
export type LifeStep = typeof step extends fc.Arbitrary<infer T> ? T : never;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const waitMs = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(0, 0, 1, 10 * MINUTE_MS, 30 * MINUTE_MS - 1) },
  { weight: 1, arbitrary: fc.constant(30 * MINUTE_MS) },
  // Twice, and a settlement period is over.
  { weight: 2, arbitrary: fc.constant(4 * DAY_MS) },
);

/** Rounds of steps: everything in one round arrives at once, after a wait that a hold may not survive. */
export const randomLife = fc.noBias(
  fc.array(
    fc.record({
      waitMs,
      /** The clock of the gateway is set back by so much before the round. */
      stepBackMs: fc.constantFrom(0, 0, 0, 0, MINUTE_MS),
      steps: fc.array(step, { minLength: 1, maxLength: 6, size: "max" }),
    }),
    { minLength: 5, maxLength: 14, size: "max" },
  ),
);
