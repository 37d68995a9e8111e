// Shows which answers and approvals fit the ledger, and which only seem not to.

import { expect, it } from "vitest";
import { check } from "../check.js";
import type { Fact } from "../facts.js";
import { RULE } from "../rule-words.js";
import { DayWriter } from "../test-kit/day-writer.js";
import type { DayDraft, Draft } from "../test-kit/draft.js";

const rulesBroken = ({ world, facts, ledger }: DayDraft) =>
  check(world, facts, ledger).map(({ rule }) => rule);

type Answered = Extract<Draft<Fact>, { type: "answered" }>;

function answeredToo(day: DayDraft, change: Partial<Answered>): void {
  const first = day.facts.find((fact): fact is Answered => fact.type === "answered");
  if (first) day.facts.push({ ...first, ...change });
}

const DECLINED = { approved: false, units: 0 } as const;

it("takes the same answer twice for one", () => {
  const writer = new DayWriter();
  writer.sale();
  const day = writer.close();
  answeredToo(day, {});
  expect(rulesBroken(day)).toEqual([]);
});

it("takes an approval and, once it was reversed, a refusal of its id, whichever arrives first", () => {
  const writer = new DayWriter();
  writer.reverse(writer.sale());
  const day = writer.close();
  answeredToo(day, { ...DECLINED, code: "ALREADY_REVERSED" });
  expect(rulesBroken(day)).toEqual([]);
  day.facts.reverse();
  expect(rulesBroken(day)).not.toContain(RULE.sameAnswer);
});

it.each(["RATE_LIMITED", "MAINTENANCE", "IN_PROGRESS", "SYSTEM_ERROR"])(
  "takes no %s for an answer: nothing was decided by it",
  (code) => {
    const writer = new DayWriter();
    writer.sale();
    const day = writer.close();
    answeredToo(day, { ...DECLINED, code });
    expect(rulesBroken(day)).toEqual([]);
  },
);

it("finds a decline that a terminal was answered before an approval", () => {
  const writer = new DayWriter();
  writer.sale();
  const day = writer.close();
  answeredToo(day, { ...DECLINED, code: "BALANCE_EXHAUSTED" });
  expect(rulesBroken(day)).toEqual([RULE.answerKept, RULE.sameAnswer]);
});

it("takes a hold that was captured before it was recovered for what was taken", () => {
  const writer = new DayWriter();
  const sale = writer.sale({ purchaseCents: 900, holds: true }, "recovered");
  writer.capture(sale, 400);
  const day = writer.close();
  for (const fact of day.facts) {
    if (fact.type === "recovered") Object.assign(fact, { units: 400, holds: false });
  }
  expect(rulesBroken(day)).toEqual([]);
});

it("finds an approval that was answered before its commit, and lost with the gateway", () => {
  const writer = new DayWriter();
  const sale = writer.sale();
  const day = writer.close();
  day.ledger.attempts = [];
  day.ledger.entries = [];
  expect(rulesBroken(day)).toContain(RULE.approvalKept);
  expect(check(day.world, day.facts, day.ledger)[0]?.sale).toEqual(sale);
});

it("finds a late original that was approved although its reversal came first", () => {
  const writer = new DayWriter();
  writer.sale({}, "unknown");
  const day = writer.close();
  for (const row of day.ledger.reversals) row.afterAttempts = 0;
  expect(rulesBroken(day)).toContain(RULE.tombstone);
});
