// Random instants, grants, conventions and suspensions under a given programme, many of them at an edge.

import fc from "fast-check";
import { parisDay } from "../../gateway/src/catalogue/civil-dates.js";
import type { Convention, Grant, Suspension } from "../../gateway/src/core/model.js";
import type { AvantageRule, Programme, Window } from "../../gateway/src/core/programme.js";
import { aConvention } from "../support/builders.js";

const DAY_MS = 86_400_000;

/** One value for the most part, one of the others now and then. */
export function mostly<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 14, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

/** The edges of every window and grace, to the millisecond; and days on which one or the other is open. */
export function instants({ campaigns }: Programme): fc.Arbitrary<number> {
  const edges = campaigns.flatMap(({ windows, conventionGrace }) => [
    ...Object.values(windows).flatMap(({ fromMs, toMs }) => [fromMs ?? toMs, toMs]),
    ...(conventionGrace ? [conventionGrace.endedAtMs, conventionGrace.untilMs] : []),
  ]);
  const days = ["2022-05-20", "2022-06-15", "2022-07-20", "2023-06-10", "2023-07-05"];
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(Date.parse("2023-03-15T10:00:00Z")) },
    { weight: 2, arbitrary: fc.constantFrom(...days.map((day) => Date.parse(`${day}T11:30:00Z`))) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(...edges), fc.integer({ min: -1, max: 1 }))
        .map(([edge, by]) => edge + by),
    },
  );
}

/** A grant of an avantage, in a window that is about to open, open, or over. */
export function grant(
  rule: AvantageRule,
  programme: Programme,
  nowMs: number,
): fc.Arbitrary<Grant> {
  const own = (campaign: string | null, window: Window) => ({ campaign, window });
  const { family } = rule;
  const ofCampaigns = programme.campaigns.flatMap(({ code, windows }) => {
    const window = family && windows[family];
    return window ? [own(code, window)] : [];
  });
  const windowOfOwn = (fromMs: number, toMs: number) =>
    own(null, { fromMs, toMs, firstDay: parisDay(fromMs), lastDay: parisDay(toMs - 1) });
  const ownWindows = [
    windowOfOwn(nowMs - DAY_MS, nowMs + DAY_MS),
    windowOfOwn(nowMs - DAY_MS, nowMs),
    windowOfOwn(nowMs - DAY_MS, nowMs + 1),
    windowOfOwn(nowMs + 1, nowMs + DAY_MS),
    windowOfOwn(nowMs, nowMs + DAY_MS),
  ];
  const uncounted = rule.unit === "RECORD" || rule.unit === "UNLIMITED";
  const amount = uncounted ? 0 : rule.unit === "EUR_CENT" ? 3_000 : 3;
  const supplement = { amount, partnerFlag: "combatSport" };
  return fc
    .record({
      of: fc.constantFrom(...(family === null ? ownWindows : ofCampaigns)),
      spent: fc.constantFrom(0, 0, 0, 1 / 3, 1),
      more: uncounted ? fc.constant(false) : fc.constantFrom(false, false, true),
      revoked: mostly(false, true),
      age: rule.age === null ? fc.constant("none") : fc.constantFrom("right", "young", "old"),
      no: fc.nat({ max: 99 }),
    })
    .map(({ of, spent, more, revoked, age, no }) => ({
      id: `grant-${rule.code}-${of.campaign}-${no}`,
      avantage: rule.code,
      ...of,
      unit: rule.unit,
      amount,
      supplement: more ? supplement : null,
      spent: spent * amount,
      ageWindow: ageWindow(age, nowMs),
      rule: rule.grants[0]?.id ?? "",
      revoked,
    }));
}

function ageWindow(age: string, nowMs: number): Grant["ageWindow"] {
  switch (age) {
    case "right":
      return { fromMs: nowMs, toMs: nowMs + 1 };
    case "young":
      return { fromMs: nowMs + 1, toMs: nowMs + DAY_MS };
    case "old":
      return { fromMs: nowMs - DAY_MS, toMs: nowMs };
    default:
      return null;
  }
}

/** A convention in force for the most part, or one that ended with the campaign's grace. */
export function conventions(programme: Programme): fc.Arbitrary<readonly Convention[]> {
  const endedMs = programme.campaigns.flatMap(({ conventionGrace: it }) => it?.endedAtMs ?? [])[0];
  const ended = aConvention({ toMs: endedMs ?? 1 });
  return fc.oneof(
    { weight: 10, arbitrary: fc.constant([aConvention()]) },
    { weight: 3, arbitrary: fc.constant([ended]) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        [],
        [aConvention({ state: "SENT_FOR_SIGNATURE" })],
        [aConvention({ fromMs: Date.parse("2030-01-01") })],
        [aConvention({ state: "TERMINATED" })],
        [ended, aConvention({ reference: "C-2", fromMs: Date.parse("2022-09-01") })],
      ),
    },
  );
}

/** None for the most part. */
export function suspensions(
  programme: Programme,
  code: string,
): fc.Arbitrary<readonly Suspension[]> {
  const campaigns = programme.campaigns.map((it) => it.code);
  const suspension = fc.record({
    id: fc.constant("S-1"),
    campaign: fc.constantFrom(...campaigns),
    avantages: fc.constantFrom<readonly string[] | "ALL">("ALL", [code], ["PSC1"]),
  });
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(suspension, { minLength: 1, maxLength: 2 }) },
  );
}
