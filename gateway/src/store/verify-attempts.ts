// Holds every attempt to what it moved: what was answered is what was taken, and what was reversed was given back.

import type { EntryRow, LedgerAttempt, ReversalRow } from "./driver.js";
import { readAnswer, unitsOf } from "./said.js";
import { HELD_CODE, holdFaults } from "./verify-operations.js";

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
  const { attempt, capture } = row;
  const { state, kind } = attempt;
  const answer = readAnswer(attempt.answer);
  if (!answer) return ["its answer cannot be read"];
  const faults: string[] = [];
  if (answer.id !== attempt.id) faults.push("its answer is another attempt's");
  const isApproved = answer.outcome === "approved";
  if (state !== "reversed" && isApproved !== (state !== "declined")) {
    faults.push(`it is ${state}, and was answered ${answer.outcome}`);
  }
  const answered = kind === "authorization" && isApproved ? unitsOf(answer) : 0;
  const wasHeld = attempt.code === HELD_CODE;
  const held = wasHeld ? { units: answered, expiresAtMs: answer.holdExpiresAtMs } : null;
  const owed = wasHeld ? (capture?.units ?? 0) : answered;
  return [...faults, ...holdFaults(row, held), ...entryFaults(row, owed)];
}

/**
 * What was answered was taken, from one grant, at once or by its capture; what was refunded came back, and all the rest
 * where the sale was reversed.
 */
function entryFaults(row: LedgerAttempt, owed: number): readonly string[] {
  const { attempt, capture, refunds, reversal, entries } = row;
  const taken = entries.filter(({ units }) => units > 0);
  const givenBack = entries.filter(({ units }) => units < 0);
  const refunded = refunds.reduce((total, { units }) => total + units, 0);
  const owedBack = attempt.state === "reversed" ? owed : refunded;
  const faults: string[] = [];
  if (sum(taken) !== owed) faults.push(`it took ${sum(taken)}, and was answered ${owed}`);
  if (-sum(givenBack) !== owedBack) {
    faults.push(`it gave back ${-sum(givenBack)}, and owes ${owedBack}`);
  }
  if (refunded > owed) faults.push(`${refunded} of it were refunded, and it took ${owed}`);
  if (new Set(entries.map(({ accountId, grantId }) => `${accountId} ${grantId}`)).size > 1) {
    faults.push("it moved more than one grant");
  }
  const takenAtMs = capture?.atMs ?? attempt.decidedAtMs;
  const backDue = [...refunds, ...(reversal && reversal.units > 0 ? [reversal] : [])];
  const isBack = ({ units, atMs }: EntryRow) =>
    backDue.some((due) => due.units === -units && due.atMs === atMs);
  if (taken.some(({ atMs }) => atMs !== takenAtMs) || !givenBack.every(isBack)) {
    faults.push("its entries are not of its instant, or of its reversal's");
  }
  return faults;
}

/** A reversal says what was given back. */
function reversalFaults(
  { attempt, refunds, entries }: LedgerAttempt,
  reversal: ReversalRow,
): readonly string[] {
  const answer = readAnswer(reversal.answer);
  if (!answer) return ["its reversal's answer cannot be read"];
  const faults: string[] = [];
  if (answer.id !== attempt.id || answer.outcome !== "approved") {
    faults.push("its reversal's answer is not that of its reversal");
  }
  const givenBack = -sum(entries.filter(({ units }) => units < 0));
  const said = Number(answer.returned?.value ?? 0);
  const refunded = refunds.reduce((total, { units }) => total + units, 0);
  if (said !== reversal.units) {
    faults.push(`its reversal says ${said} came back, and is stored with ${reversal.units}`);
  }
  if (said + refunded !== givenBack) {
    faults.push(`its reversal says ${said} came back, and ${givenBack - refunded} did`);
  }
  return faults;
}

function sum(entries: readonly EntryRow[]): number {
  return entries.reduce((total, { units }) => total + units, 0);
}
