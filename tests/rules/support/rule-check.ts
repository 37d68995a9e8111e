// What a rule's check is, and the assertions that many of them share.

import { expect } from "vitest";
import type { Decided } from "../../../gateway/src/core/decision.js";
import type { AvantageRule, Programme } from "../../../gateway/src/core/programme.js";
import type { Register } from "./register.js";

/** One behaviour of the programme, shown of one of its rules. */
export interface RuleCheck {
  /** The rule's id in the catalogue; `formations/…`, `generations/…` and `settings/…` by path. */
  readonly rule: string;
  readonly name: string;
  /** Throws where the programme does not behave so. */
  readonly check: (programme: Programme) => void;
}

export function check(rule: string, name: string, run: RuleCheck["check"]): RuleCheck {
  return { rule, name, check: run };
}

/** `approved`, or the code of the refusal. */
export function verdict({ approved, code }: Decided): string {
  return approved ? "approved" : code;
}

/** The avantage's rule. @throws where the programme has none. */
export function avantage(programme: Programme, code: string): AvantageRule {
  const rule = programme.avantages.get(code);
  if (rule === undefined) throw new Error(`the programme has no avantage ${code}`);
  return rule;
}

/** An avantage is usable from one instant on, until just before another. Null: it was open long before. */
export function expectOpen(
  register: Register,
  code: string,
  { from, until }: { readonly from: string | null; readonly until: string },
): void {
  const at = (nowMs: number) => verdict(register.decideSale(code, { nowMs }));
  const untilMs = Date.parse(until);
  if (from === null) expect(at(Date.parse("2021-09-01T10:00:00Z"))).toBe("approved");
  else {
    const fromMs = Date.parse(from);
    expect([at(fromMs - 1), at(fromMs)]).toEqual(["WINDOW_NOT_OPEN", "approved"]);
  }
  expect([at(untilMs - 1), at(untilMs)]).toEqual(["approved", "WINDOW_CLOSED"]);
}

/** A kind of partner takes an avantage; without the flag, or as another kind, it does not. */
export function expectTakenAt(
  register: Register,
  code: string,
  kind: { readonly type: string; readonly flag?: string },
): void {
  const { type, flag } = kind;
  const flags = flag === undefined ? [] : [flag];
  const at = (types: readonly string[], carried: readonly string[]) =>
    verdict(register.decideSale(code, { partner: { types, flags: carried } }));
  expect(at([type], flags)).toBe("approved");
  expect(at(["AUTRE_LIEU"], flags)).toBe("AVANTAGE_NOT_ACCEPTED_HERE");
  if (flag !== undefined) expect(at([type], [])).toBe("AVANTAGE_NOT_ACCEPTED_HERE");
}

/** The data says it itself: it is not left to a default. */
export function expectStated(programme: Programme, ruleId: string): void {
  expect(programme.json).toContain(JSON.stringify({ id: ruleId }).slice(1, -1));
}
