// Shows which ends of a sale are true, where a crash or a hold makes them look untrue.

import { expect, it } from "vitest";
import { check } from "../check.js";
import { RULE } from "../rule-words.js";
import { DayWriter, WORLD } from "../test-kit/day-writer.js";
import type { DayDraft } from "../test-kit/draft.js";

const rulesBroken = ({ world, facts, ledger }: DayDraft) =>
  check(world, facts, ledger).map(({ rule }) => rule);

function without(day: DayDraft, type: DayDraft["facts"][number]["type"]): DayDraft {
  return { ...day, facts: day.facts.filter((fact) => fact.type !== type) };
}

it("lets an unknown have no end only where a death came between the reversal's answer and the word on it", () => {
  const writer = new DayWriter();
  const sale = writer.sale({}, "unknown");
  const day = without(writer.close(), "resolved");
  const { atMs } = day.ledger;
  const lives = ["terminalDied", "terminalStarted"] as const;
  for (const type of lives) day.facts.push({ type, terminal: "t1", atMs });
  expect(rulesBroken(day)).toEqual([RULE.unknownEnds]);
  const answer = { about: "reversal", approved: true, code: "REVERSED", units: 0 } as const;
  const told = day.facts.find(({ type }) => type === "told");
  const answered = { type: "answered", sale, ...answer, atMs: told?.atMs ?? 0 } as const;
  const heard = { ...answered };
  day.facts.push(heard);
  expect(rulesBroken(day)).toEqual([]);
  day.world.wordWithinMs = 0;
  expect(rulesBroken(day)).toEqual([RULE.unknownEnds]);
  heard.atMs = atMs;
  expect(rulesBroken(day)).toEqual([]);
});

it("takes an approval that is offered again as the end of an unknown only where the journal failed, and lets nothing of it stand", () => {
  const writer = new DayWriter();
  const sale = writer.sale({}, "unknown");
  const day = without(writer.close(), "resolved");
  const told = day.facts.find(({ type }) => type === "told");
  const units = day.ledger.attempts.find((row) => row.sale.id === sale.id)?.units ?? 0;
  const offered = { type: "recovered", sale, units, holds: false, atMs: 0 } as const;
  const recovered = { ...offered, atMs: told?.atMs ?? 0 };
  day.facts.push(recovered, {
    type: "asked",
    what: "reversal",
    sale,
    operation: null,
    units: null,
    atMs: recovered.atMs,
  });
  const done = { outcome: "done", code: "REVERSED", units } as const;
  day.facts.push({
    type: "done",
    what: "reversal",
    sale,
    operation: null,
    ...done,
    atMs: recovered.atMs,
  });
  expect(rulesBroken(day)).toEqual([RULE.unknownEnds]);
  const failure = { type: "journalFailed", terminal: "t1", atMs: recovered.atMs } as const;
  const failed = { ...failure };
  day.facts.push(failed);
  expect(rulesBroken(day)).toEqual([RULE.unknownEnds]);
  day.facts.push({ type: "terminalStarted", terminal: "t1", atMs: recovered.atMs });
  expect(rulesBroken(day)).toEqual([]);
  failed.atMs += 1;
  expect(rulesBroken(day)).toEqual([RULE.unknownEnds]);
  failed.atMs -= 1;
  day.ledger.reversals = [];
  expect(rulesBroken(day)).toContain(RULE.unknownClosed);
});

it("lets a sale go untold only where its terminal died before its time was over", () => {
  const writer = new DayWriter({ ...WORLD, wordWithinMs: 60_000 });
  writer.sale({ pin: "wrong", how: "code" });
  const day = without(writer.close(), "told");
  const began = day.facts.find(({ type }) => type === "began");
  const death = { type: "terminalStarted", terminal: "t1", atMs: 0 } as const;
  const died = { ...death, atMs: (began?.atMs ?? 0) + 60_001 };
  day.facts.push(died);
  expect(rulesBroken(day)).toEqual([RULE.saleEnds]);
  died.atMs -= 1;
  expect(rulesBroken(day)).toEqual([]);
});

it("asks for a reversal of what a crash left open only where it had left, and was let in", () => {
  const writer = new DayWriter();
  const sale = writer.sale({}, "crashed");
  const other = writer.sale();
  const day = writer.close();
  day.ledger.attempts = day.ledger.attempts.filter((row) => row.sale.id !== sale.id);
  day.ledger.entries = day.ledger.entries.filter((row) => row.sale.id !== sale.id);
  day.ledger.reversals = [];
  const [card] = day.ledger.cards;
  for (const row of day.ledger.cards) if (row === card) row.messageCounter = 2;
  const closed = () => rulesBroken(day).filter((rule) => rule === RULE.crashClosed);
  expect(closed()).toEqual([RULE.crashClosed]);
  const { atMs } = day.ledger;
  day.facts.push({ type: "left", sale: other, atMs });
  expect(closed()).toEqual([]);
  day.facts.push({ type: "left", sale, atMs });
  expect(closed()).toEqual([RULE.crashClosed]);
  const refused = { type: "refused" as const, sale, code: "SYSTEM_ERROR", atMs };
  day.facts.push(refused);
  expect(closed()).toEqual([RULE.crashClosed]);
  refused.code = "RATE_LIMITED";
  expect(closed()).toEqual([]);
});

it("lets a hold lapse that a crash left in doubt", () => {
  const writer = new DayWriter();
  writer.sale({ holds: true }, "recovered");
  writer.wait(2_000_000);
  const day = without(writer.close(), "recovered");
  expect(rulesBroken(day)).toEqual([]);
});

it("finds a hold that a crash left in doubt while it still holds", () => {
  const writer = new DayWriter();
  writer.sale({ holds: true }, "recovered");
  const day = without(writer.close(), "recovered");
  expect(rulesBroken(day)).toEqual([RULE.crashStands]);
});

it("finds an attempt that was sent again under a new id", () => {
  const writer = new DayWriter();
  const first = writer.sale({ how: "code" });
  writer.sale({ how: "code" });
  const day = writer.close();
  day.facts.splice(
    day.facts.findIndex((fact) => fact.type === "told" && fact.sale.id === first.id),
    1,
  );
  expect(rulesBroken(day)).toEqual([RULE.saleEnds, RULE.crashStands]);
});

it("asks nothing of an inquiry but that it was begun", () => {
  const writer = new DayWriter();
  writer.sale({ inquires: true });
  expect(rulesBroken(writer.close())).toEqual([]);
});
