// Shows that decisions are made again by the programme's rules: balances and holds, messages, PINs, and what comes first.

import { describe, expect, it } from "vitest";
import { check } from "../check.js";
import { RULE } from "../rule-words.js";
import { DayWriter } from "../test-kit/day-writer.js";
import type { DayDraft } from "../test-kit/draft.js";

const found = ({ world, facts, ledger }: DayDraft) =>
  check(world, facts, ledger)
    .filter(({ rule }) => DECISION_RULES.has(rule))
    .map(({ rule, found: words }) => `${rule} | ${words}`);

const DECISION_RULES: ReadonlySet<string> = new Set([
  RULE.approvable,
  RULE.declinable,
  RULE.unitsByRule,
  RULE.reasonByRule,
  RULE.cardCounter,
  RULE.cardTries,
]);

type Attempt = DayDraft["ledger"]["attempts"][number];

/** The ledger says something else of one attempt, counted from 0. */
function butSays(day: DayDraft, place: number, change: Partial<Attempt>): DayDraft {
  Object.assign(day.ledger.attempts[place] ?? {}, change);
  return day;
}

describe("balances", () => {
  it("are brought down by what is held: a hold that was ignored is found", () => {
    const writer = new DayWriter();
    writer.sale({ purchaseCents: 2000, holds: true });
    writer.sale({ purchaseCents: 2000 });
    const day = writer.close();
    expect(found(day)).toEqual([]);
    expect(found(butSays(day, 1, { units: 2000 }))).toEqual([
      `${RULE.unitsByRule} | sale s2 of t1: approved with 2000, and the rules approve 1000`,
    ]);
  });

  it("are whole again at the instant at which a hold is over", () => {
    const writer = new DayWriter();
    writer.sale({ purchaseCents: 2000, holds: true });
    writer.wait(1_800_000);
    writer.sale({ purchaseCents: 2500 });
    const day = writer.close();
    expect(day.ledger.attempts[1]?.units).toBe(2500);
    expect(found(day)).toEqual([]);
    expect(found(butSays(day, 1, { units: 1000 }))).toHaveLength(1);
  });

  it("get back what a capture let go of, what was refunded and what was reversed", () => {
    const writer = new DayWriter();
    const held = writer.sale({ purchaseCents: 3000, holds: true });
    writer.capture(held, 1000);
    const taken = writer.sale({ purchaseCents: 2000 });
    writer.refund(taken, 500);
    writer.reverse(held);
    writer.sale({ purchaseCents: 5000 });
    const day = writer.close();
    expect(day.ledger.attempts[2]?.units).toBe(1500);
    expect(found(day)).toEqual([]);
  });

  it("are only bounded where the ledger does not say when a sale was reversed", () => {
    const writer = new DayWriter();
    const held = writer.sale({ purchaseCents: 2000, holds: true });
    writer.sale({ purchaseCents: 100 });
    writer.reverse(held);
    writer.sale({ purchaseCents: 3000 });
    const day = writer.close();
    for (const row of day.ledger.reversals) row.afterAttempts = null;
    for (const units of [900, 1500, 2900]) {
      expect(found(butSays(day, 2, { units }))).toEqual([]);
    }
    expect(found(butSays(day, 2, { units: 899 }))).toEqual([
      `${RULE.unitsByRule} | sale s3 of t1: approved with 899, and the rules approve 900 to 2900`,
    ]);
  });

  it("are known between two entries, whether or not the ledger says when a refund was made", () => {
    const writer = new DayWriter();
    const sale = writer.sale({ purchaseCents: 2500 });
    writer.refund(sale, 1000);
    writer.sale({ purchaseCents: 2000 });
    const day = writer.close();
    for (const row of day.ledger.operations) row.afterAttempts = null;
    expect(found(butSays(day, 1, { units: 500 }))).toHaveLength(1);
  });

  it("are for one sale alone where the avantage is, until all of it is back", () => {
    const writer = new DayWriter();
    const first = writer.sale({ avantage: "LICENCE", purchaseCents: 2000 });
    writer.sale({ avantage: "LICENCE", purchaseCents: 100 });
    writer.refund(first, 2000);
    writer.sale({ avantage: "LICENCE", purchaseCents: 100 });
    const day = writer.close();
    const codes = day.ledger.attempts.map(({ code }) => code);
    expect(codes).toEqual(["APPROVED", "ALREADY_USED", "APPROVED"]);
    expect(found(day)).toEqual([]);
    const taken = { approved: true, code: "APPROVED", units: 100 };
    expect(found(butSays(day, 1, taken))[0]).toContain(RULE.declinable);
  });

  it("are taken in whole pieces, or not at all", () => {
    const writer = new DayWriter();
    writer.sale({ avantage: "CINEMA", quantity: 4 });
    writer.sale({ avantage: "CINEMA", quantity: 2 });
    const day = writer.close();
    expect(found(day)).toEqual([]);
    const part = { approved: true, code: "APPROVED_SEATS", units: 1 };
    expect(found(butSays(day, 1, part))).toEqual([
      `${RULE.declinable} | sale s2 of t1: approved with 1, and the rules decline it (SEATS_EXHAUSTED or COUPONS_EXHAUSTED)`,
    ]);
  });

  it("are taken whole by a sale that asks for the whole", () => {
    const writer = new DayWriter();
    writer.sale({ purchaseCents: 3001, exact: true });
    writer.sale({ purchaseCents: 3000, exact: true });
    const day = writer.close();
    expect(day.ledger.attempts.map(({ units }) => units)).toEqual([0, 3000]);
    expect(found(day)).toEqual([]);
    const part = { approved: true, code: "APPROVED_PARTIAL", units: 3000 };
    expect(found(butSays(day, 0, part))).toHaveLength(2);
  });
});

describe("a chip's message", () => {
  it("is used up by the first decision on it, whatever that was", () => {
    const writer = new DayWriter();
    writer.sale({ avantage: "LICENCE", card: "c2" });
    writer.sale({ card: "c2", message: 1 });
    const day = writer.close();
    const codes = day.ledger.attempts.map(({ code }) => code);
    expect(codes).toEqual(["AVANTAGE_NOT_GRANTED", "CARD_NOT_GENUINE"]);
    expect(found(day)).toEqual([]);
    expect(found(butSays(day, 1, { approved: true, units: 1000 }))).toHaveLength(1);
  });

  it("is used up by one that came too late, and not by one that found its reversal", () => {
    const writer = new DayWriter();
    writer.sale({}, "tombstone");
    writer.sale({ message: 1 });
    writer.sale({ message: 2 }, "late");
    writer.sale({ message: 2 });
    const day = writer.close();
    const codes = day.ledger.attempts.map(({ code }) => code);
    expect(codes).toEqual(["APPROVED", "DEADLINE_PASSED", "CARD_NOT_GENUINE"]);
    expect(found(day)).toEqual([]);
  });

  it("came too late only where it had waited out its deadline at the gateway", () => {
    const writer = new DayWriter();
    const sale = writer.sale({}, "late");
    const day = writer.close();
    const [attempt] = day.ledger.attempts;
    if (attempt) attempt.seenAtMs = attempt.decidedAtMs;
    const atMs = (attempt?.decidedAtMs ?? 0) - 3_000;
    const arrived = { type: "arrived" as const, sale, deadlineMs: 3_900, atMs };
    day.facts.push(arrived);
    expect(found(day)).toHaveLength(1);
    arrived.deadlineMs = 3_000;
    expect(found(day)).toEqual([]);
  });

  it("may leave out numbers, and never goes back", () => {
    const writer = new DayWriter();
    writer.sale({ message: 7 });
    writer.sale({ message: 6 });
    const day = writer.close();
    expect(day.ledger.attempts.map(({ approved }) => approved)).toEqual([true, false]);
    expect(found(day)).toEqual([]);
  });
});

describe("a PIN", () => {
  const wrong = { how: "code", pin: "wrong" } as const;
  const right = { how: "number", pin: "right" } as const;

  it("is tried three times over all terminals: tries counted by terminal are found", () => {
    const writer = new DayWriter();
    for (const terminal of ["t1", "t2", "t3"]) writer.sale({ ...wrong, terminal });
    writer.sale(right);
    const day = writer.close();
    const codes = day.ledger.attempts.map(({ code }) => code);
    expect(codes).toEqual(["PIN_INCORRECT", "PIN_INCORRECT_LAST", "PIN_LOCKED", "PIN_LOCKED"]);
    expect(found(day)).toEqual([]);
    butSays(day, 1, { code: "PIN_INCORRECT" });
    butSays(day, 2, { code: "PIN_INCORRECT" });
    expect(found(butSays(day, 3, { approved: true, units: 1000 }))).toEqual([
      `${RULE.reasonByRule} | sale s2 of t2: declined with PIN_INCORRECT, and the rules decline it (PIN_INCORRECT_LAST)`,
      `${RULE.reasonByRule} | sale s3 of t3: declined with PIN_INCORRECT, and the rules decline it (PIN_LOCKED)`,
      `${RULE.declinable} | sale s4 of t1: approved with 1000, and the rules decline it (PIN_LOCKED)`,
    ]);
  });

  it("that is right begins the count anew, also where the balance then declines", () => {
    const writer = new DayWriter();
    writer.sale(wrong);
    writer.sale(wrong);
    writer.sale({ ...right, purchaseCents: 9000, exact: true });
    writer.sale(wrong);
    const day = writer.close();
    expect(day.ledger.attempts.map(({ code }) => code)).toEqual([
      "PIN_INCORRECT",
      "PIN_INCORRECT_LAST",
      "INSUFFICIENT_BALANCE",
      "PIN_INCORRECT",
    ]);
    expect(found(day)).toEqual([]);
  });

  it("costs no try where the request came too late", () => {
    const writer = new DayWriter();
    writer.sale(wrong, "late");
    const day = writer.close();
    expect(found(day)).toEqual([]);
    for (const card of day.ledger.cards) if (card.card === "c1") card.pinFailures = 1;
    expect(found(day)).toHaveLength(1);
  });

  it("does not lock the tap of its card", () => {
    const writer = new DayWriter();
    for (let count = 0; count < 3; count += 1) writer.sale(wrong);
    writer.sale();
    const day = writer.close();
    expect(day.ledger.attempts.at(-1)?.code).toBe("APPROVED");
    expect(found(day)).toEqual([]);
  });

  it("that arrives after a later one of its terminal is read by nobody", () => {
    const writer = new DayWriter();
    const delayed = writer.begin(wrong);
    writer.sale(right);
    writer.end(delayed, "unknown");
    const day = writer.close();
    expect(day.ledger.attempts.map(({ code }) => code)).toEqual(["APPROVED", "PIN_BLOCK_INVALID"]);
    expect(found(day)).toEqual([]);
  });
});

describe("what comes first", () => {
  it("is the form, before the card is looked at", () => {
    const writer = new DayWriter();
    writer.sale({ how: "code", pin: "wrong" });
    const day = writer.close();
    for (const fact of day.facts) if (fact.type === "began") fact.intent.purchaseCents = 0;
    expect(found(butSays(day, 0, { code: "AMOUNT_INVALID" }))).toEqual([
      `${RULE.cardTries} | card c1 has 1 wrong PINs, and 0 were made in a row`,
    ]);
  });

  it("is the card, also where nobody was granted the avantage", () => {
    const writer = new DayWriter();
    writer.sale({ avantage: "LIVRES_LOISIR", how: "code", pin: "wrong" });
    writer.sale({ avantage: "LIVRES_LOISIR", how: "code" });
    const day = writer.close();
    const codes = day.ledger.attempts.map(({ code }) => code);
    expect(codes).toEqual(["PIN_INCORRECT", "AVANTAGE_NOT_GRANTED"]);
    expect(found(day)).toEqual([]);
  });

  it("is the card, before anything is said of its rights", () => {
    const writer = new DayWriter();
    writer.sale({ card: "c2", avantage: "LICENCE", how: "code", pin: "wrong" });
    const day = writer.close();
    expect(found(day)).toEqual([]);
    expect(found(butSays(day, 0, { code: "AVANTAGE_NOT_GRANTED" }))).toHaveLength(1);
  });
});
