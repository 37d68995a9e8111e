// Holds every attempt to what it moved: what was answered is what was taken, and what was reversed was given back.

import type { AttemptRow, EntryRow, LedgerAttempt, ReversalRow } from "./driver.js";

/** What an answer says that bears on the ledger. */
interface AnswerFigures {
  readonly id?: unknown;
  readonly outcome?: unknown;
  readonly amountCents?: number;
  readonly quantity?: number;
  readonly returned?: { readonly value?: unknown };
}

/** An answer as it is stored; null where nobody can read it. */
function readAnswer(answer: string | null): AnswerFigures | null {
  try {
    const read: unknown = JSON.parse(answer ?? "null");
    return read !== null && typeof read === "object" ? read : null;
  } catch {
    return null;
  }
}

/** What does not hold of an attempt, in words. */
export function attemptFaults(row: LedgerAttempt): readonly string[] {
  const { attempt, reversal, entries } = row;
  const faults = reversal === null ? [] : [...reversalFaults(row, reversal)];
  if ((attempt.state === "reversed") !== (reversal !== null)) {
    faults.push(`it is ${attempt.state}, and ${reversal === null ? "has no" : "has a"} reversal`);
  }
  if (entries.some(({ accountId }) => accountId !== attempt.accountId)) {
    faults.push(`it moved a grant of another account than ${attempt.accountId}`);
  }
  return [...faults, ...(attempt.kind === "tombstone" ? tombstoneFaults(row) : saleFaults(row))];
}

/** It has seen no request: there is nothing but its reversal. */
function tombstoneFaults({ attempt, entries }: LedgerAttempt): readonly string[] {
  const { state, code, fingerprint, accountId, avantage } = attempt;
  const seen = [attempt.input, attempt.answer, attempt.effectsDigest, fingerprint].some(
    (it) => it !== null,
  );
  return [
    ...(entries.length > 0 ? ["it is a tombstone, and moved something"] : []),
    ...(seen || accountId !== null || avantage !== null
      ? ["it is a tombstone, and says what was asked or answered"]
      : []),
    ...(state !== "reversed" || code !== "REVERSED" ? [`it is a tombstone, and ${code}`] : []),
  ];
}

function saleFaults(row: LedgerAttempt): readonly string[] {
  const { attempt } = row;
  const { state, kind } = attempt;
  const answer = readAnswer(attempt.answer);
  if (!answer) return ["its answer cannot be read"];
  const faults: string[] = [];
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
function entryFaults(row: LedgerAttempt, owed: number): readonly string[] {
  const { attempt, reversal, entries } = row;
  const taken = entries.filter(({ units }) => units > 0);
  const givenBack = entries.filter(({ units }) => units < 0);
  const owedBack = attempt.state === "reversed" ? owed : 0;
  const faults: string[] = [];
  if (sum(taken) !== owed) faults.push(`it took ${sum(taken)}, and was answered ${owed}`);
  if (-sum(givenBack) !== owedBack) {
    faults.push(`it gave back ${-sum(givenBack)}, and owes ${owedBack}`);
  }
  if (new Set(entries.map(({ accountId, grantId }) => `${accountId} ${grantId}`)).size > 1) {
    faults.push("it moved more than one grant");
  }
  if (!areAt(taken, attempt) || !areAt(givenBack, reversal)) {
    faults.push("its entries are not of its instant, or of its reversal's");
  }
  return faults;
}

function areAt(
  entries: readonly EntryRow[],
  of: Pick<AttemptRow, "decidedAtMs"> | Pick<ReversalRow, "atMs"> | null,
): boolean {
  const dueMs = of && ("atMs" in of ? of.atMs : of.decidedAtMs);
  return entries.every(({ atMs }) => atMs === dueMs);
}

/** A reversal says what was given back. */
function reversalFaults(
  { attempt, entries }: LedgerAttempt,
  reversal: ReversalRow,
): readonly string[] {
  const answer = readAnswer(reversal.answer);
  if (!answer) return ["its reversal's answer cannot be read"];
  const faults: string[] = [];
  if (answer.id !== attempt.id || answer.outcome !== "approved") {
    faults.push("its reversal's answer is not that of its reversal");
  }
  const givenBack = -sum(entries.filter(({ units }) => units < 0));
  const said = answer.returned?.value ?? 0;
  if (said !== givenBack) faults.push(`its reversal says ${said} came back, and ${givenBack} did`);
  return faults;
}

function sum(entries: readonly EntryRow[]): number {
  return entries.reduce((total, { units }) => total + units, 0);
}
