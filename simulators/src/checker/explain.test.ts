// Shows that a violation is told with what concerns it, in order, and with nothing else.

import { expect, it } from "vitest";
import { check } from "./check.js";
import { explain } from "./explain.js";
import { RULE } from "./rule-words.js";
import { DayWriter } from "./test-kit/day-writer.js";

it("tells a sale's own story, and that of the balance and the card that it was decided by", () => {
  const writer = new DayWriter();
  writer.sale({ purchaseCents: 2000, holds: true });
  writer.sale({ card: "c2" });
  writer.sale({ purchaseCents: 2000 });
  writer.sale({ purchaseCents: 10 });
  const day = writer.close();
  Object.assign(day.ledger.attempts[2] ?? {}, { units: 2000 });
  const violations = check(day.world, day.facts, day.ledger);
  const violation = violations.find(({ rule }) => rule === RULE.unitsByRule);
  if (!violation) throw new Error("the fault was not found");
  expect(explain(violation, day.facts, day.ledger)).toEqual([
    "an approval takes what the rules say",
    "  sale s3 of t1: approved with 2000, and the rules approve 1000",
    "seen:",
    "      1.000 t1/s1 began: SPECTACLE 2000 cents, card c1, tap, message 1, to hold",
    "      2.000 t1/s1 sale answered: approved APPROVED 2000",
    "      3.000 t1/s1 told: approved APPROVED 2000 (held), money moved: no",
    "      7.000 t1/s3 began: SPECTACLE 2000 cents, card c1, tap, message 2",
    "      8.000 t1/s3 sale answered: approved APPROVED_PARTIAL 1000",
    "      9.000 t1/s3 told: approved APPROVED_PARTIAL 1000, money moved: yes",
    '     13.000 t1 day totals: {"SPECTACLE":2000}',
    "ledger:",
    "  t1/s1 attempt 1: sale approved APPROVED 2000 (held) at 1790000002000",
    "  t1/s3 attempt 3: sale approved APPROVED_PARTIAL 2000 at 1790000008000",
    "  t1/s3 entry 2: 1000 of SPECTACLE of a1",
    "  t1/s1 holds 2000 until 1790001802000",
    "  SPECTACLE of a1: 1000 of 3000 spent",
    "  card c1: message 3, 0 wrong PINs",
  ]);
});

it("tells the end of a long story", () => {
  const writer = new DayWriter();
  for (let count = 0; count < 30; count += 1) writer.sale({ how: "code", pin: "wrong" });
  const day = writer.close();
  for (const card of day.ledger.cards) if (card.card === "c1") card.pinFailures = 0;
  const [violation] = check(day.world, day.facts, day.ledger);
  if (!violation) throw new Error("the fault was not found");
  const lines = explain(violation, day.facts, day.ledger);
  expect(lines).toContain("  (30 earlier lines)");
  expect(lines.at(-1)).toBe("  card c1: message 0, 0 wrong PINs");
});
