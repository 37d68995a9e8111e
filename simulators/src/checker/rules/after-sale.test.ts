// Shows which words on captures, refunds and reversals agree with the ledger, where several were given.

import { expect, it } from "vitest";
import { check } from "../check.js";
import type { Fact, SaleRef } from "../facts.js";
import { RULE } from "../rule-words.js";
import { DayWriter } from "../test-kit/day-writer.js";
import type { DayDraft, Draft } from "../test-kit/draft.js";

const rulesBroken = ({ world, facts, ledger }: DayDraft) =>
  check(world, facts, ledger).map(({ rule }) => rule);

type Done = Extract<Draft<Fact>, { type: "done" }>;

/** What the till asked for once more, and was refused. */
function askedAgain(day: DayDraft, sale: SaleRef, word: Pick<Done, "what" | "code">): void {
  const asked = { sale, operation: null, units: null, what: word.what, atMs: day.ledger.atMs };
  day.facts.push({ type: "asked", ...asked });
  day.facts.push({ type: "done", ...asked, ...word, outcome: "declined", units: 0 });
}

it("takes a refusal because another one waits for no last word", () => {
  const writer = new DayWriter();
  const sale = writer.sale();
  const refund = writer.refund(sale, 300, { how: "later" });
  const day = writer.close();
  askedAgain(day, sale, { what: "refund", code: "IN_PROGRESS" });
  for (const fact of day.facts) {
    if (fact.type === "done" && fact.code === "IN_PROGRESS") fact.operation = refund;
  }
  expect(rulesBroken(day)).toEqual([]);
});

it("takes a second capture's refusal for what it is", () => {
  const writer = new DayWriter();
  const sale = writer.sale({ holds: true });
  writer.capture(sale, 500);
  const day = writer.close();
  askedAgain(day, sale, { what: "capture", code: "ALREADY_CAPTURED" });
  expect(rulesBroken(day)).toEqual([]);
});

it("finds a capture in the ledger that the till was refused", () => {
  const writer = new DayWriter();
  const sale = writer.sale({ holds: true });
  writer.capture(sale, 500);
  const day = writer.close();
  for (const fact of day.facts) {
    if (fact.type === "done") Object.assign(fact, { outcome: "declined", code: "HOLD_EXPIRED" });
  }
  expect(rulesBroken(day)).toEqual([RULE.lastWord]);
});

it("lets a terminal that died over a wish find it done or not", () => {
  const writer = new DayWriter();
  const sale = writer.sale();
  const day = writer.close();
  const { atMs } = day.ledger;
  day.facts.push({ type: "asked", what: "reversal", sale, operation: null, units: null, atMs });
  expect(rulesBroken(day)).toEqual([RULE.askEnds]);
  day.facts.push({ type: "terminalStarted", terminal: sale.terminal, atMs });
  expect(rulesBroken(day)).toEqual([]);
});

it("lets an unknown capture stay one only where its answer was heard in vain", () => {
  const writer = new DayWriter();
  const sale = writer.sale({ holds: true });
  writer.capture(sale, 500, "later");
  const day = writer.close();
  const last = day.facts.findLastIndex(({ type }) => type === "done");
  const { atMs = 0 } = day.facts.find(({ type }) => type === "done") ?? {};
  day.facts.splice(last, 1);
  day.facts.push({ type: "terminalStarted", terminal: sale.terminal, atMs: atMs + 10 });
  expect(rulesBroken(day)).toEqual([RULE.askEnds]);
  const answer = { about: "capture", approved: true, code: "CAPTURED", units: 500 } as const;
  day.facts.push({ type: "answered", sale, ...answer, atMs });
  expect(rulesBroken(day)).toEqual([]);
});

it("finds one refund more than was asked for", () => {
  const writer = new DayWriter();
  const sale = writer.sale();
  writer.refund(sale, 100);
  const day = writer.close();
  for (const fact of day.facts) if (fact.type === "asked") fact.operation = null;
  expect(rulesBroken(day)).toEqual([]);
  const [row] = day.ledger.operations;
  if (row) day.ledger.operations.push({ ...row, id: "another" });
  expect(rulesBroken(day)).toContain(RULE.unasked);
});
