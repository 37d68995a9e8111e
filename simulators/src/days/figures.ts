// What days have exercised, counted: so that nobody takes days in which nothing happened for a proof.

import { struckFaults } from "./faults/told.js";
import type { Plan } from "./plan.js";
import type { DayOutcome } from "./run-plan.js";
import { MISHAP } from "./till.js";

/** Counts by subject and by what is counted. */
export type Figures = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** As {@link runPlan} tells a problem that a terminal was answered. */
const PROBLEM = /: (sale|capture|refund|reversal) \S+: HTTP \d+ (\w+)$/;

/** Counts one day. */
export function figuresOf(plan: Plan, { facts, ledger, trace }: DayOutcome): Figures {
  const sales = new Tally();
  const operations = new Tally();
  const deaths = new Tally();
  const pinTries = new Tally();
  const codes = new Tally();
  for (const fact of facts) {
    switch (fact.type) {
      case "began":
        sales.add("begun");
        if (fact.intent.pin !== null) pinTries.add(fact.intent.pin);
        break;
      case "told":
        sales.add(fact.outcome);
        codes.add(fact.code);
        break;
      case "resolved":
      case "recovered":
        sales.add(fact.type);
        break;
      case "asked":
        operations.add(`${fact.what} asked`);
        break;
      case "done":
        operations.add(`${fact.what} ${fact.outcome}`);
        break;
      case "terminalDied":
        deaths.add("terminal");
        break;
      case "gatewayDied":
        deaths.add(`gateway ${fact.why}`);
        break;
      default:
    }
  }
  const deeds = new Tally();
  for (const { deed } of plan.acts) {
    deeds.add(deed.type === "sale" ? `sale by ${deed.how}` : deed.type);
  }
  const mishaps = new Tally();
  const problems = new Tally();
  for (const line of trace) {
    const at = line.indexOf(MISHAP);
    if (at >= 0) mishaps.add(line.slice(at + MISHAP.length));
    const problem = PROBLEM.exec(line);
    if (problem !== null) problems.add(`${problem[1]} answered ${problem[2]}`);
  }
  for (const { code } of ledger.attempts)
    if (code === "DEADLINE_PASSED") codes.add(`${code} decided`);
  for (const { reason } of ledger.reversals) operations.add(`reversal in the ledger, ${reason}`);
  return {
    deeds: deeds.counts(),
    mishaps: mishaps.counts(),
    problems: problems.counts(),
    sales: sales.counts(),
    operations: operations.counts(),
    pinTries: pinTries.counts(),
    codes: codes.counts(),
    deaths: deaths.counts(),
    faults: struckFaults(trace),
  };
}

/** Adds counts up. */
export function sumOf(all: readonly Figures[]): Figures {
  const subjects = new Map<string, Tally>();
  for (const figures of all) {
    for (const [subject, counts] of Object.entries(figures)) {
      const tally = subjects.get(subject) ?? new Tally();
      subjects.set(subject, tally);
      for (const [what, count] of Object.entries(counts)) tally.add(what, count);
    }
  }
  return Object.fromEntries([...subjects].map(([subject, tally]) => [subject, tally.counts()]));
}

class Tally {
  readonly #counts = new Map<string, number>();

  add(what: string, count = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  }
}
