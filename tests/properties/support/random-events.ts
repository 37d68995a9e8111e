// Random events of loading as indexes into a programme: mostly fitting, now and then not.

import fc from "fast-check";

/** The one index that stands for a word that nobody knows. */
export const ODD = 60;
const index = fc.nat({ max: ODD });

const scope = fc.option(fc.array(index, { minLength: 1, maxLength: 3 }), { freq: 3 });
const kind = <T extends string>(type: T) => ({ type: fc.constant(type), beneficiary: index });
const ofPartner = <T extends string>(type: T) => ({ type: fc.constant(type) });

const validated = fc.record({
  ...kind("beneficiary.validated"),
  campaign: index,
  etablissement: fc.constantFrom(0, 0, 0, 0, 0, 1),
  words: fc.tuple(index, index, index),
  formation: fc.option(index),
  flags: fc.array(index, { maxLength: 2 }),
  bornDaysBefore: fc.option(fc.nat({ max: 12_000 })),
});
const ordered = fc.record({
  ...kind("card.ordered"),
  campaign: index,
  etablissement: fc.constantFrom(0, 0, 0, 0, 0, 1),
  charter: fc.integer({ min: -1, max: 9 }),
  otherName: fc.nat({ max: 9 }).map((it) => it === 0),
});
const cardEvent = fc.record({
  ...kind("card"),
  what: fc.constantFrom("card.made", "card.issued", "card.replaced"),
  card: index,
  replaced: index,
});
const withdrawn = fc.record({
  ...kind("card.withdrawn"),
  card: index,
  status: fc.constantFrom("BLOCKED", "BLOCKED", "BLOCKED", "LOST", "STOLEN", "EXPIRED"),
});
const fulfilled = fc.record({
  ...kind("commitment.fulfilled"),
  commitment: index,
  proofs: fc.array(index, { maxLength: 3 }),
});
const convention = fc.record({
  ...ofPartner("convention.saved"),
  reference: fc.constantFrom("K-1", "K-2"),
  state: index,
  fromDays: fc.integer({ min: -30, max: 5 }),
  days: fc.integer({ min: -1, max: 60 }),
  signed: fc.integer({ min: 0, max: 3 }),
});
const partnerSaved = fc.record({
  ...ofPartner("partner.saved"),
  status: fc.constantFrom("active", "active", "suspended"),
  types: fc.array(index, { minLength: 1, maxLength: 3 }),
  all: fc.boolean(),
});

/** About a young person; `card.*` change what the person holds. */
const rights = fc.oneof(
  { weight: 6, arbitrary: validated },
  { weight: 3, arbitrary: ordered },
  {
    weight: 1,
    arbitrary: fc.record({ ...kind("beneficiary.moved"), etablissement: fc.nat({ max: 1 }) }),
  },
  { weight: 3, arbitrary: fulfilled },
  {
    weight: 3,
    arbitrary: fc.record({
      ...kind("coupons.loaded"),
      campaign: index,
      avantage: index,
      count: fc.nat({ max: 9 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ ...kind("grants.revoked"), campaign: index, scope }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...kind("suspension.decided"),
      // Mostly what this number stands for; now and then the same number for something else.
      no: fc.nat({ max: 1 }),
      other: fc.oneof(
        { weight: 4, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.record({ campaign: index, scope }) },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ ...kind("suspension.lifted"), no: fc.nat({ max: 1 }) }),
  },
);
const cards = fc.oneof(
  { weight: 2, arbitrary: withdrawn },
  { weight: 3, arbitrary: fc.record({ ...kind("card.restored"), card: index }) },
  { weight: 2, arbitrary: cardEvent },
);
const partners = fc.oneof(
  partnerSaved,
  convention,
  fc.record({ ...ofPartner("agrement.given"), avantage: index }),
  fc.record({ ...ofPartner("agrement.withdrawn"), avantage: index }),
  fc.record({ ...ofPartner("pointOfSale.saved"), city: fc.constantFrom("Lyon", "Vichy") }),
  fc.record({ ...ofPartner("incivility.reported"), report: fc.constantFrom("R-1", "R-2") }),
);

/** An event as indexes into whatever programme it is sent to. */
export const randomEvent = fc.oneof(
  { weight: 6, arbitrary: rights },
  { weight: 2, arbitrary: cards },
  { weight: 2, arbitrary: partners },
);
export type EventStep = typeof randomEvent extends fc.Arbitrary<infer T> ? T : never;
