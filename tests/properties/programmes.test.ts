// Whatever a programme says within the schema: it loads, grants by its rules alone, and never mixes its units.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as calendar from "../../gateway/src/catalogue/civil-dates.js";
import { loadProgramme } from "../../gateway/src/catalogue/programme.js";
import type { DecideInput } from "../../gateway/src/core/attempt.js";
import { decide } from "../../gateway/src/core/decide.js";
import type { SaleRequest } from "../../gateway/src/core/decision.js";
import { entitle } from "../../gateway/src/core/entitlement/entitle.js";
import type { Attributes } from "../../gateway/src/core/loading/event.js";
import type { Grant } from "../../gateway/src/core/model.js";
import type { AvantageRule, GrantRule, Programme } from "../../gateway/src/core/programme.js";
import { NOW_MS, nfcFacts, qrFacts, saleCase } from "../support/builders.js";
import { randomProgramme, randomProgrammeData, WORDS } from "./support/random-programme.js";
import { PROPERTY_TIMEOUT_MS, runsOf } from "./support/runs.js";

const attributes: fc.Arbitrary<Attributes> = fc.record({
  status: fc.constantFrom(...WORDS.status),
  level: fc.constantFrom(...WORDS.level),
  track: fc.constantFrom(...WORDS.track),
  flags: fc.subarray(WORDS.flags),
  formation: fc.constantFrom(null, "F0", "F1"),
  birthDay: fc.constantFrom(null, "2005-02-28", "2015-10-25"),
});

/** What one validation gives, campaign by campaign. */
function grantsOf(programme: Programme, said: Attributes): readonly Grant[] {
  return programme.campaigns.flatMap(
    (campaign) =>
      entitle({ programme, campaign, accountId: "a-1", attributes: said, calendar }).grants,
  );
}

const totalOf = ({ amount, supplement }: Grant) => amount + (supplement?.amount ?? 0);
const isOfFormation = ({ id, avantage }: Grant) => id.startsWith(`a-1/${avantage}/F`);

/** An oracle in other words: does everything hold that a rule asks of a pupil in a campaign? */
function holds({ when }: GrantRule, said: Attributes, code: string | null): boolean {
  const { commitment, proofs, flags, campaign, status, level, track } = when;
  if (commitment ?? proofs) return false;
  if (flags && !flags.some((flag) => said.flags.includes(flag))) return false;
  const asked = [
    { words: campaign, word: code },
    { words: status, word: said.status },
    { words: level, word: said.level },
    { words: track, word: said.track },
  ];
  return asked.every(({ words, word }) => !words || words.some((it) => it === word));
}

describe("any programme within the schema", { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it("loads, and loads again from what it keeps, under the same hash", () => {
    fc.assert(
      fc.property(randomProgrammeData, (data) => {
        const programme = loadProgramme(data);
        const again = loadProgramme(JSON.parse(programme.json));
        expect(again).toEqual(programme);
      }),
      runsOf("programmes load", 80),
    );
  });

  it("grants the highest amount of the rules that hold, never a sum, in the avantage's unit", () => {
    fc.assert(
      fc.property(randomProgramme, attributes, (programme, said) => {
        for (const grant of grantsOf(programme, said)) {
          const rule = programme.avantages.get(grant.avantage);
          if (!rule) throw new Error(`${grant.avantage} is of the programme`);
          expect(grant.unit).toBe(rule.unit);
          if (isOfFormation(grant)) {
            const given = programme.formations.get(said.formation ?? "")?.versements ?? [];
            expect(given.map(({ amountCents }) => amountCents)).toContain(grant.amount);
            continue;
          }
          const holding = rule.grants.filter(
            (it) => it.amount !== null && holds(it, said, grant.campaign),
          );
          const amounts = (list: typeof holding) => list.map(({ amount }) => amount ?? 0);
          const everywhere = holding.filter(({ onlyAt }) => onlyAt === null);
          expect(grant.amount).toBe(Math.max(...amounts(everywhere)));
          expect(totalOf(grant)).toBe(Math.max(...amounts(holding)));
        }
      }),
      runsOf("highest amounts", 100),
    );
  });

  it("gives nobody less for one flag more", () => {
    fc.assert(
      fc.property(
        randomProgramme,
        attributes,
        fc.constantFrom(...WORDS.flags),
        (programme, said, flag) => {
          const more = { ...said, flags: [...new Set([...said.flags, flag])] };
          const raised = new Map(grantsOf(programme, more).map((grant) => [grant.id, grant]));
          for (const grant of grantsOf(programme, said)) {
            const other = raised.get(grant.id);
            expect(other?.amount).toBeGreaterThanOrEqual(grant.amount);
            expect(other && totalOf(other)).toBeGreaterThanOrEqual(totalOf(grant));
          }
        },
      ),
      runsOf("one flag more", 80),
    );
  });

  it("grants the same however its rules are ordered", () => {
    fc.assert(
      fc.property(randomProgramme, attributes, (programme, said) => {
        const reversed = new Map(
          [...programme.avantages].map(([code, rule]) => [
            code,
            { ...rule, grants: [...rule.grants].reverse() },
          ]),
        );
        const amounts = (grants: readonly Grant[]) =>
          grants.map(({ id, amount, supplement }) => ({ id, amount, more: supplement?.amount }));
        expect(amounts(grantsOf({ ...programme, avantages: reversed }, said))).toEqual(
          amounts(grantsOf(programme, said)),
        );
      }),
      runsOf("order of rules", 60),
    );
  });
});

const asked = fc.record({
  cents: fc.integer({ min: -1, max: 1200 }),
  quantity: fc.integer({ min: -1, max: 8 }),
  exact: fc.boolean(),
  // Mostly what the unit asks for; now and then both, which no unit does.
  both: fc.nat({ max: 9 }).map((it) => it === 0),
  partnerFlags: fc.subarray(WORDS.partnerFlags),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

function saleOf(programme: Programme, rule: AvantageRule, grants: readonly Grant[], one: Asked) {
  const { both, cents, quantity, exact, partnerFlags } = one;
  const isCounted = rule.unit === "SEAT" || rule.unit === "COUPON";
  return saleCase({
    avantage: rule.code,
    purchaseCents: both || rule.unit === "EUR_CENT" ? cents : null,
    quantity: both || isCounted ? quantity : null,
    exact,
    facts: rule.channels.includes("QR") ? qrFacts() : nfcFacts(),
    grants,
    programme,
    nowMs: NOW_MS,
    partner: {
      types: WORDS.partnerTypes,
      flags: partnerFlags,
      agrements: [...programme.avantages.keys()],
    },
  });
}

const UNIT_FIGURES = ["remaining", "available", "returned"] as const;

/** Checks what one decision takes, and gives the grants as they are after it. */
function checkSale(input: DecideInput<SaleRequest>, rule: AvantageRule): readonly Grant[] {
  const { figures, effects, approved } = decide(input);
  const { grants, partner } = input.snapshot;
  const { purchaseCents, quantity } = input.request;
  for (const name of UNIT_FIGURES) {
    if (figures[name]) expect(figures[name].unit).toBe(rule.unit);
  }
  const [post, ...more] = effects.flatMap((it) => (it.type === "post" ? [it] : []));
  expect(more).toEqual([]);
  if (!post) return grants;
  expect(approved).toBe(true);
  const { grantId, units, spentBefore } = post;
  const grant = grants.find(({ id }) => id === grantId);
  if (!grant) throw new Error("a debit is from a grant that was there");
  expect(grant).toMatchObject({ unit: rule.unit, spent: spentBefore });
  expect(units).toBeGreaterThan(0);
  const spent = spentBefore + units;
  const { supplement } = grant;
  const reachable = supplement && partner?.flags.includes(supplement.partnerFlag);
  expect(spent).toBeLessThanOrEqual(grant.amount + (reachable ? supplement.amount : 0));
  const inCents = rule.unit === "EUR_CENT";
  expect(figures.amountCents).toBe(inCents ? units : undefined);
  expect(figures.quantity).toBe(inCents ? undefined : units);
  expect(inCents ? units + (figures.collectCents ?? Number.NaN) : units).toBe(
    inCents ? purchaseCents : quantity,
  );
  return grants.map((it) => (it.id === grantId ? { ...it, spent } : it));
}

describe("sales under any programme", { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it("take from a grant of their own unit, never above what it holds, and add up", () => {
    const numbers = { sales: 0, taken: 0 };
    const days = fc.array(asked, { minLength: 1, maxLength: 6, size: "max" });
    fc.assert(
      fc.property(randomProgramme, attributes, days, (programme, said, sales) => {
        for (const rule of programme.avantages.values()) {
          let grants = grantsOf(programme, said);
          for (const one of sales) {
            const after = checkSale(saleOf(programme, rule, grants, one), rule);
            numbers.sales += 1;
            numbers.taken += after === grants ? 0 : 1;
            grants = after;
          }
        }
      }),
      runsOf("one unit only", 100),
    );
    // Sales of which none ever takes anything would prove nothing.
    expect(numbers.taken).toBeGreaterThan(numbers.sales / 25);
  });
});
