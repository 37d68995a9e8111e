// Proves the ledger: balances recomputed from entries, every decision made again, each entry owed to its decision.

import { decide, RULES_VERSION } from "../core/decide.js";
import type { Decided } from "../core/decision.js";
import type { Programme } from "../core/model.js";
import type { AttemptRow, EntryRow, Ledger } from "./driver.js";
import { parseStoredInput } from "./stored-input.js";

export interface VerifyReport {
  readonly attempts: number;
  readonly entries: number;
  /** Approved sales that stand. */
  readonly approved: number;
  readonly reversed: number;
  /** Σ of all entries, by unit. */
  readonly debited: Readonly<Record<string, number>>;
  /** Decisions under rules or a programme that this version cannot read: checked against their answer alone. */
  readonly notRedecided: number;
  /** What does not hold, in words. Empty when all is well. */
  readonly faults: readonly string[];
}

/** Checks a ledger against itself and against the core, each decision under the programme it was made under. */
export function verifyLedger(
  ledger: Ledger,
  readProgramme: (json: string) => Programme,
): VerifyReport {
  const { attempts, entries } = ledger;
  const programmes = readProgrammes(ledger, readProgramme);
  const moved = entriesByAttempt(entries);
  const reversed = new Set(ledger.reversals.map(keyOf));
  const checks = attempts.map((attempt) =>
    checkAttempt({
      attempt,
      entries: moved.get(keyOf(attempt)) ?? [],
      hasReversal: reversed.has(keyOf(attempt)),
      programme: programmes.get(attempt.programmeHash),
    }),
  );
  const sales = attempts.filter((attempt) => attempt.kind === "authorization");
  return {
    attempts: attempts.length,
    entries: entries.length,
    approved: sales.filter((attempt) => attempt.state === "approved").length,
    reversed: attempts.filter((attempt) => attempt.state === "reversed").length,
    debited: debitedByUnit(ledger),
    notRedecided: checks.filter((check) => !check.redecided).length,
    faults: [
      ...balanceFaults(ledger),
      ...orphanFaults(ledger),
      ...checks.flatMap((check) => check.faults),
    ],
  };
}

type Keyed = Pick<AttemptRow, "terminalId" | "id">;
const keyOf = ({ terminalId, id }: Keyed): string => `${terminalId} ${id}`;
const attemptKeyOf = (entry: EntryRow): string =>
  keyOf({ terminalId: entry.terminalId, id: entry.attemptId });

function entriesByAttempt(entries: readonly EntryRow[]): ReadonlyMap<string, readonly EntryRow[]> {
  const byAttempt = new Map<string, EntryRow[]>();
  for (const entry of entries) {
    const own = byAttempt.get(attemptKeyOf(entry));
    if (own) own.push(entry);
    else byAttempt.set(attemptKeyOf(entry), [entry]);
  }
  return byAttempt;
}

function readProgrammes(
  { programmes }: Ledger,
  readProgramme: (json: string) => Programme,
): ReadonlyMap<string, Programme> {
  const read = new Map<string, Programme>();
  for (const { hash, json } of programmes) {
    try {
      read.set(hash, readProgramme(json));
    } catch {
      // A form that this version does not know any more: its decisions are counted as not made again.
    }
  }
  return read;
}

interface AttemptCheck {
  readonly redecided: boolean;
  readonly faults: readonly string[];
}

interface AttemptInput {
  readonly attempt: AttemptRow;
  readonly entries: readonly EntryRow[];
  readonly hasReversal: boolean;
  readonly programme: Programme | undefined;
}

function checkAttempt(input: AttemptInput): AttemptCheck {
  const { attempt, hasReversal } = input;
  const faults: string[] = [];
  if ((attempt.state === "reversed") !== hasReversal) {
    faults.push(`attempt ${attempt.id}: is ${attempt.state}, and its reversal says otherwise`);
  }
  if (attempt.kind === "tombstone")
    return { redecided: true, faults: [...faults, ...noEntries(input)] };
  const again = redecide(input);
  if (again === "damaged") {
    return { redecided: false, faults: [`attempt ${attempt.id}: its stored input is damaged`] };
  }
  const sums = again ? sumFaults(input, again) : answerFaults(input);
  return {
    redecided: again !== null,
    faults: [...faults, ...(again ? decisionFaults(attempt, again) : []), ...sums],
  };
}

/** Null where rules or programme are not those of this version any more. */
function redecide({ attempt, programme }: AttemptInput): Decided | "damaged" | null {
  if (attempt.input === null || !programme || attempt.rulesVersion !== RULES_VERSION) return null;
  try {
    return decide({ ...parseStoredInput(attempt.input), programme });
  } catch {
    return "damaged";
  }
}

function decisionFaults(attempt: AttemptRow, again: Decided): readonly string[] {
  const answer = amountsOf(attempt);
  const same =
    again.code === attempt.code &&
    again.figures.amountCents === answer.amountCents &&
    again.figures.quantity === answer.quantity;
  return same ? [] : [`attempt ${attempt.id}: decided ${attempt.code}, now ${again.code}`];
}

/** Each grant was moved by what the decision says, and moved back by as much if the sale was reversed. */
function sumFaults({ attempt, entries }: AttemptInput, again: Decided): readonly string[] {
  const posts = again.effects.flatMap((effect) => (effect.type === "post" ? [effect] : []));
  const grants = new Set([...posts, ...entries].map(({ grantId }) => grantId));
  return [...grants].flatMap((grantId) => {
    const own = entries.filter((entry) => entry.grantId === grantId);
    const taken = sum(own.filter((entry) => entry.units > 0));
    const givenBack = -sum(own.filter((entry) => entry.units < 0));
    const owed = sum(posts.filter((post) => post.grantId === grantId));
    const owedBack = attempt.state === "reversed" ? owed : 0;
    return taken === owed && givenBack === owedBack
      ? []
      : [
          `attempt ${attempt.id}: grant ${grantId} moved by ${taken} and back by ${givenBack}, decided ${owed} and ${owedBack}`,
        ];
  });
}

/** Without the decision: the entries add up to what was answered, or to nothing once reversed. */
function answerFaults({ attempt, entries }: AttemptInput): readonly string[] {
  const { amountCents, quantity } = amountsOf(attempt);
  const expected = attempt.state === "approved" ? (amountCents ?? quantity ?? 0) : 0;
  const moved = sum(entries);
  return moved === expected
    ? []
    : [`attempt ${attempt.id}: entries ${moved}, its answer says ${expected}`];
}

function noEntries({ attempt, entries }: AttemptInput): readonly string[] {
  return entries.length === 0 ? [] : [`attempt ${attempt.id}: a tombstone has moved something`];
}

function amountsOf(attempt: AttemptRow): { amountCents?: number; quantity?: number } {
  return JSON.parse(attempt.answer ?? "{}");
}

function sum(items: readonly { readonly units: number }[]): number {
  return items.reduce((total, { units }) => total + units, 0);
}

function debitedByUnit({ entries, grants }: Ledger): Record<string, number> {
  const units = new Map(grants.map((grant) => [grant.id, grant.unit]));
  const debited: Record<string, number> = {};
  for (const entry of entries) {
    const unit = units.get(entry.grantId) ?? "unknown grant";
    debited[unit] = (debited[unit] ?? 0) + entry.units;
  }
  return debited;
}

function balanceFaults({ entries, grants }: Ledger): readonly string[] {
  const spent = new Map<string, number>();
  for (const { grantId, units } of entries) spent.set(grantId, (spent.get(grantId) ?? 0) + units);
  return grants.flatMap((grant) => {
    const total = spent.get(grant.id) ?? 0;
    const faults: string[] = [];
    if (total !== grant.spent) {
      faults.push(`grant ${grant.id}: spent ${grant.spent}, entries ${total}`);
    }
    if (grant.spent > grant.amount) faults.push(`grant ${grant.id}: spent above its amount`);
    return faults;
  });
}

function orphanFaults({ attempts, entries }: Ledger): readonly string[] {
  const known = new Set(attempts.map(keyOf));
  return entries
    .filter((entry) => !known.has(attemptKeyOf(entry)))
    .map((entry) => `grant ${entry.grantId}: an entry of ${entry.units} belongs to no attempt`);
}
