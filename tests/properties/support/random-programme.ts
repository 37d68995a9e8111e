// Random programmes within the schema: windows, amounts, units and rules of which nobody has thought.

import fc from "fast-check";
import { loadProgramme } from "../../../gateway/src/catalogue/programme.js";
import type { Programme } from "../../../gateway/src/core/programme.js";
import { dayAfter } from "./days.js";

/** The day on which the clock of the tests starts, in the middle of the random windows. */
const TODAY = "2023-03-15";
const FAMILIES = ["SCOLAIRE", "CULTURE", "SPORT", "SANTE"] as const;
const AVANTAGES_MAX = 6;
const CENTS_MAX = 900;
const COUNT_MAX = 6;

export const WORDS = {
  status: ["PUPIL", "APPRENTICE"],
  level: ["FIRST", "SECOND"],
  track: ["GENERAL", "VOCATIONAL"],
  flags: ["RAISED", "DOUBLED"],
  commitment: ["MISSION", "SERVICE"],
  proofs: ["CERTIFICATE", "LICENCE"],
  partnerTypes: ["SHOP", "CLUB"],
  partnerFlags: ["combat", "group"],
};

type Rules = readonly object[];

const some = <T>(words: readonly T[]) => fc.subarray([...words], { minLength: 1 });
const oneOf = <T>(words: readonly T[]) => fc.constantFrom(...words);
/** A list with the rule now and then, mostly without. */
const maybe = (rule: fc.Arbitrary<object>): fc.Arbitrary<Rules> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: rule.map((it) => [it]) },
  );
const rules = (...lists: readonly fc.Arbitrary<Rules>[]): fc.Arbitrary<Rules> =>
  fc.tuple(...lists).map((each) => each.flat());
const of = (kind: string, fields: object = {}) => fc.constant([{ kind, ...fields }]);

const criteria = fc.record(
  {
    status: some(WORDS.status),
    level: some(WORDS.level),
    track: some(WORDS.track),
    flags: some(WORDS.flags),
    // The one that every programme has.
    campaign: fc.constant(["C0"]),
  },
  { requiredKeys: [] },
);
const when = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: criteria },
);

/** What most are given, and beside it what some are, or at some partners. */
const grantsUpTo = (max: number): fc.Arbitrary<Rules> => {
  const grant = { kind: fc.constant("grant"), amount: fc.nat({ max }) };
  const special = fc.record(
    { ...grant, when: criteria, onlyAt: oneOf(WORDS.partnerFlags) },
    { requiredKeys: ["kind", "amount", "when"] },
  );
  return fc
    .tuple(fc.record({ ...grant, when }), fc.array(special, { maxLength: 3 }))
    .map(([usually, others]) => [usually, ...others]);
};

const window = oneOf(FAMILIES).map((family) => [{ kind: "window", family }]);
const partners = fc
  .uniqueArray(
    fc.record(
      {
        kind: fc.constant("partner"),
        type: oneOf(WORDS.partnerTypes),
        flag: oneOf(WORDS.partnerFlags),
      },
      { requiredKeys: ["kind", "type"] },
    ),
    { minLength: 1, maxLength: 2, selector: ({ type }) => type },
  )
  .map((list): Rules => list);
const channels = maybe(
  some(["NFC", "QR", "KEYED"]).map((list) => ({ kind: "channels", channels: list })),
);
const everyday = maybe(fc.constant({ kind: "outsideSuspension" }));
const age = fc
  .tuple(fc.integer({ min: 0, max: 20 }), fc.nat({ max: 15 }))
  .map(([fromYears, years]) => ({ kind: "age", fromYears, toYears: fromYears + years }));
const notByDebit = [
  { by: "convention" },
  { by: "nothing" },
  { by: "tariff", tariffCentsPerUnit: 520 },
] as const;
const reimbursed = (...hows: readonly object[]) =>
  fc.constantFrom(...hows).map((how) => [{ kind: "reimbursed", ...how }]);
/** What was debited is money where it is euros, and nowhere else. */
const usual = rules(partners, channels, everyday, reimbursed({ by: "debit" }, ...notByDebit));
const usualCounted = rules(partners, channels, everyday, reimbursed(...notByDebit));

const euros = rules(
  window,
  grantsUpTo(CENTS_MAX),
  usual,
  maybe(fc.constant({ kind: "singleUse" })),
  maybe(fc.constant({ kind: "individual" })),
  maybe(fc.integer({ min: 1, max: CENTS_MAX }).map((cents) => ({ kind: "purchaseMax", cents }))),
  maybe(
    when.map((criteria) => ({
      kind: "grantByFormation",
      when: criteria,
      totalCentsMin: 1,
      totalCentsMax: 2 * CENTS_MAX,
    })),
  ),
);
const unitsPerSaleMax = maybe(
  fc.integer({ min: 1, max: COUNT_MAX }).map((units) => ({ kind: "unitsPerSaleMax", units })),
);
const seats = rules(
  window,
  grantsUpTo(COUNT_MAX),
  usualCounted,
  unitsPerSaleMax,
  maybe(fc.integer({ min: 1, max: 200 }).map((centsPerUnit) => ({ kind: "copay", centsPerUnit }))),
);
const coupons = rules(window, grantsUpTo(COUNT_MAX), usualCounted, unitsPerSaleMax);
const records = rules(
  window,
  grantsUpTo(0),
  usualCounted,
  maybe(fc.constant({ kind: "declaredValue" })),
  maybe(age),
);
const visits = rules(
  window,
  grantsUpTo(0),
  usualCounted,
  maybe(fc.integer({ min: 1, max: 120 }).map((seconds) => ({ kind: "sameVisit", seconds }))),
);
/** For what somebody did, with a window of its own. */
const rewards = rules(
  fc.integer({ min: 1, max: 30 }).map((months) => [{ kind: "ownWindow", months }]),
  fc.array(
    fc.record({
      kind: fc.constant("grant"),
      amount: fc.nat({ max: CENTS_MAX }),
      when: fc.record(
        { commitment: some(WORDS.commitment), proofs: some(WORDS.proofs) },
        { requiredKeys: ["commitment"] },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  usual,
);

const sort = fc.oneof(
  { weight: 4, arbitrary: euros.map((list) => ({ unit: "EUR_CENT", list })) },
  { weight: 2, arbitrary: seats.map((list) => ({ unit: "SEAT", list })) },
  { weight: 2, arbitrary: coupons.map((list) => ({ unit: "COUPON", list })) },
  { weight: 1, arbitrary: records.map((list) => ({ unit: "RECORD", list })) },
  { weight: 1, arbitrary: visits.map((list) => ({ unit: "UNLIMITED", list })) },
  { weight: 1, arbitrary: rewards.map((list) => ({ unit: "EUR_CENT", list })) },
  {
    weight: 1,
    arbitrary: rules(of("withoutGrant"), usualCounted).map((list) => ({ unit: "RECORD", list })),
  },
);

const named = (code: string, list: Rules) =>
  list.map((rule, index) => ({ id: `${code}/${index}`, invented: "random", ...rule }));

const campaign = fc
  .record({
    families: fc.subarray([...FAMILIES], { minLength: 3 }),
    from: fc.option(fc.integer({ min: -40, max: 3 }), { freq: 5 }),
    days: fc.integer({ min: 0, max: 80 }),
    orders: fc.option(fc.integer({ min: -50, max: -20 })),
    validations: fc.option(fc.integer({ min: -50, max: 1 })),
    grace: fc.option(fc.nat({ max: 20 })),
  })
  .map(({ families, from, days, orders, validations, grace }): Rules => {
    const last = (from ?? -10) + days;
    const firstDay = from === null ? null : dayAfter(TODAY, from);
    const lastDay = dayAfter(TODAY, last);
    const dated = (kind: string, offset: number | null) =>
      offset === null ? [] : [{ kind, day: dayAfter(TODAY, offset) }];
    return [
      ...families.map((family) => ({ kind: "window", family, firstDay, lastDay })),
      ...dated("ordersFrom", orders),
      ...dated("validationsFrom", validations),
      ...(grace === null
        ? []
        : [{ kind: "conventionGrace", endedOn: "2023-03-10", untilDay: dayAfter(TODAY, grace) }]),
    ];
  });

const formation = fc
  .tuple(fc.integer({ min: 1, max: CENTS_MAX }), fc.integer({ min: 1, max: CENTS_MAX }))
  .map(([first, second]) => [
    { no: 1, level: "FIRST", amountCents: first },
    { no: 2, level: "SECOND", amountCents: second },
  ]);

/** The data of a programme, as it would be written. Cards of the generation 2022 prove themselves. */
export const randomProgrammeData: fc.Arbitrary<object> = fc
  .noBias(
    fc.record({
      campaigns: fc.array(campaign, { minLength: 1, maxLength: 3 }),
      avantages: fc.array(sort, { minLength: 1, maxLength: AVANTAGES_MAX, size: "max" }),
      formations: fc.array(formation, { maxLength: 2 }),
      pinTriesMax: fc.integer({ min: 1, max: 5 }),
      nfcRequiresPinDefined: fc.boolean(),
      velocity: fc.option(
        fc.record({
          salesMax: fc.integer({ min: 1, max: 5 }),
          withinSeconds: fc.integer({ min: 1, max: 3_600 }),
        }),
        { freq: 2 },
      ),
    }),
  )
  .map(({ campaigns, avantages, formations, ...settings }) => ({
    vocabulary: WORDS,
    campaigns: campaigns.map((list, index) => ({
      code: `C${index}`,
      rules: named(`C${index}`, list),
    })),
    avantages: avantages.map(({ unit, list }, index) => ({
      code: `AVANTAGE_${index}`,
      label: `Avantage ${index}`,
      unit,
      rules: named(`AVANTAGE_${index}`, list),
    })),
    formations: formations.map((versements, index) => ({
      code: `F${index}`,
      label: `Formation ${index}`,
      invented: "random",
      versements,
    })),
    generations: [{ code: "2022", nfc: "sdm", invented: "random" }],
    settings: { ...settings, accountUrl: "https://compte.example" },
  }));

/** A programme as it is loaded. */
export const randomProgramme: fc.Arbitrary<Programme> = randomProgrammeData.map(loadProgramme);
