// Holds what was done with a sale to the sale: its hold, its one capture, its refunds.

import type { LedgerAttempt, OperationRow } from "./driver.js";
import { readAnswer, unitsOf } from "./said.js";

/** The code of an authorization that waited for its capture. */
export const HELD_CODE = "APPROVED_HELD";

/** What an authorization answered that it holds. */
interface AnsweredHold {
  readonly units: number;
  readonly expiresAtMs: number | undefined;
}

/** What does not hold of a sale's hold, capture and refunds, in words. `held` is null where it was taken at once. */
export function holdFaults(row: LedgerAttempt, held: AnsweredHold | null): readonly string[] {
  const { attempt, hold, capture, refunds } = row;
  const faults = refunds.flatMap((refund) => refundFaults(refund));
  if (held === null) {
    if (hold || capture) faults.push("it was taken at once, and has a hold or a capture");
    if (attempt.state === "held" || attempt.state === "expired") {
      faults.push(`it is ${attempt.state}, and was taken at once`);
    }
    return faults;
  }
  if (hold && (hold.units !== held.units || hold.expiresAtMs !== held.expiresAtMs)) {
    faults.push(`it holds ${hold.units}, and was answered ${held.units}, or until another time`);
  }
  if ((attempt.state === "held") !== (hold !== null)) {
    faults.push(`it is ${attempt.state}, and ${hold === null ? "holds nothing" : "holds still"}`);
  }
  if (attempt.state !== "reversed" && (attempt.state === "approved") !== (capture !== null)) {
    faults.push(`it is ${attempt.state}, and ${capture === null ? "has no" : "has a"} capture`);
  }
  return capture === null ? faults : [...faults, ...captureFaults(capture, held)];
}

function captureFaults(capture: OperationRow, held: AnsweredHold): readonly string[] {
  const answer = readAnswer(capture.answer);
  const faults: string[] = [];
  if (capture.units > held.units) {
    faults.push(`its capture took ${capture.units}, and it held ${held.units}`);
  }
  if (capture.atMs >= (held.expiresAtMs ?? 0))
    faults.push("it was captured after its hold was over");
  if (!answer || unitsOf(answer) !== capture.units || answer.id !== capture.attemptId) {
    faults.push("its capture's answer is not that of its capture");
  }
  return faults;
}

function refundFaults(refund: OperationRow): readonly string[] {
  const answer = readAnswer(refund.answer);
  const isOwn = answer?.id === refund.id && answer.returned?.value === refund.units;
  return isOwn ? [] : [`the answer of its refund ${refund.id} is not that of its refund`];
}
