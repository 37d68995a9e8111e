// Checks the ledger against itself: every balance recomputed from entries, every entry owed to an answer.

import type { AttemptRow, EntryRow, Ledger, LedgerAttempt, OwnedGrant } from "./driver.js";
import { createFindings, type Findings } from "./findings.js";

export interface VerifyReport {
  readonly attempts: number;
  readonly entries: number;
  readonly grants: number;
  /** Approved sales that stand. */
  readonly approved: number;
  readonly reversed: number;
  /** Σ of all entries, by unit. */
  readonly debited: Readonly<Record<string, number>>;
  /** What does not hold, in words that name the row. Empty when all is well; the last line counts what is not listed. */
  readonly faults: readonly string[];
}

/** Checks a ledger, one row after the other. In memory stand only the sums of the grants that were ever moved. */
export async function verifyLedger(ledger: Ledger): Promise<VerifyReport> {
  const faults = createFindings();
  const { moved, entries } = await sumEntries(ledger);
  const { grants, debited } = await checkGrants({ ledger, moved, faults });
  const counted = await checkAttempts(ledger, faults);
  for await (const entry of ledger.strayEntries()) {
    faults.add(`${nameOfEntry(entry)} belongs to no attempt`);
  }
  return { ...counted, entries, grants, debited, faults: faults.list() };
}

type GrantKey = Pick<EntryRow, "accountId" | "grantId">;

const keyOf = ({ accountId, grantId }: GrantKey): string => `${accountId} ${grantId}`;
const nameOfGrant = ({ accountId, grantId }: GrantKey): string => `grant ${accountId} ${grantId}`;
const nameOfEntry = (entry: EntryRow): string =>
  `entry of ${entry.units} on ${nameOfGrant(entry)} by ${entry.terminalId} ${entry.attemptId}`;

/** The name of an attempt in a finding. */
export const nameOfAttempt = ({ terminalId, id }: Pick<AttemptRow, "terminalId" | "id">): string =>
  `attempt ${terminalId} ${id}`;

async function sumEntries(ledger: Ledger) {
  const moved = new Map<string, number>();
  let entries = 0;
  for await (const entry of ledger.entries()) {
    entries += 1;
    moved.set(keyOf(entry), (moved.get(keyOf(entry)) ?? 0) + entry.units);
  }
  return { moved, entries };
}

async function checkGrants(input: {
  readonly ledger: Ledger;
  readonly moved: Map<string, number>;
  readonly faults: Findings;
}) {
  const { ledger, moved, faults } = input;
  const debited: Record<string, number> = {};
  let grants = 0;
  for await (const grant of ledger.grants()) {
    grants += 1;
    const key = keyOf({ accountId: grant.accountId, grantId: grant.id });
    const total = moved.get(key) ?? 0;
    if (moved.delete(key)) debited[grant.unit] = (debited[grant.unit] ?? 0) + total;
    checkGrant({ grant, total, faults });
  }
  for (const [key, total] of moved) {
    faults.add(`grant ${key}: its entries add up to ${total}, and it is not there`);
  }
  return { grants, debited };
}

function checkGrant(input: {
  readonly grant: OwnedGrant;
  readonly total: number;
  readonly faults: Findings;
}): void {
  const { grant, total, faults } = input;
  const { accountId, id, spent, amount, supplement } = grant;
  const name = nameOfGrant({ accountId, grantId: id });
  const held = amount + (supplement?.amount ?? 0);
  if (total !== spent) faults.add(`${name}: spent ${spent}, its entries add up to ${total}`);
  if (spent < 0 || spent > held) faults.add(`${name}: spent ${spent} of ${held}`);
}

async function checkAttempts(ledger: Ledger, faults: Findings) {
  const counted = { attempts: 0, approved: 0, reversed: 0 };
  for await (const row of ledger.attempts()) {
    const { kind, state } = row.attempt;
    counted.attempts += 1;
    if (kind === "authorization" && state === "approved") counted.approved += 1;
    if (state === "reversed") counted.reversed += 1;
    for (const fault of attemptFaults(row)) {
      faults.add(`${nameOfAttempt(row.attempt)}: ${fault}`);
    }
  }
  return counted;
}

/** What an answer says that bears on the ledger. */
interface AnswerFigures {
  readonly id?: unknown;
  readonly outcome?: unknown;
  readonly amountCents?: number;
  readonly quantity?: number;
}

/** The answer as it is stored; null where nobody can read it. */
export function readAnswer({ answer }: AttemptRow): AnswerFigures | null {
  try {
    const read: unknown = JSON.parse(answer ?? "null");
    return read !== null && typeof read === "object" ? read : null;
  } catch {
    return null;
  }
}

function attemptFaults(row: LedgerAttempt): readonly string[] {
  const { attempt, reversal, entries } = row;
  const { state, kind } = attempt;
  const faults: string[] = [];
  if ((state === "reversed") !== (reversal !== null)) {
    faults.push(`it is ${state}, and ${reversal === null ? "has no" : "has a"} reversal`);
  }
  if (entries.some(({ accountId }) => accountId !== attempt.accountId)) {
    faults.push(`it moved a grant of another account than ${attempt.accountId}`);
  }
  if (kind === "tombstone") {
    if (entries.length > 0) faults.push("it is a tombstone, and moved something");
    return faults;
  }
  const answer = readAnswer(attempt);
  if (!answer) return [...faults, "its answer cannot be read"];
  if (answer.id !== attempt.id) faults.push("its answer is another attempt's");
  const isApproved = answer.outcome === "approved";
  if (state !== "reversed" && isApproved !== (state === "approved")) {
    faults.push(`it is ${state}, and was answered ${answer.outcome}`);
  }
  const units = answer.amountCents ?? answer.quantity ?? 0;
  const owed = kind === "authorization" && isApproved ? units : 0;
  return [...faults, ...entryFaults(row, owed)];
}

/** An answer's amount was taken, from one grant; and was given back to it where the sale was reversed. */
function entryFaults({ attempt, entries }: LedgerAttempt, owed: number): readonly string[] {
  const taken = entries.filter(({ units }) => units > 0);
  const givenBack = entries.filter(({ units }) => units < 0);
  const owedBack = attempt.state === "reversed" ? owed : 0;
  const faults: string[] = [];
  if (sum(taken) !== owed) faults.push(`it took ${sum(taken)}, and was answered ${owed}`);
  if (-sum(givenBack) !== owedBack) {
    faults.push(`it gave back ${-sum(givenBack)}, and owes ${owedBack}`);
  }
  if (new Set(entries.map(keyOf)).size > 1) faults.push("it moved more than one grant");
  return faults;
}

function sum(entries: readonly EntryRow[]): number {
  return entries.reduce((total, { units }) => total + units, 0);
}
