// What a terminal is told of an earlier sale: its stored answer, and what has become of it by now.

import { type StatusAnswer, StatusAnswerSchema } from "@pass-tpe/protocol";
import { stateAt } from "../core/life.js";
import type { StoredAttempt } from "./driver.js";

/** The status of a sale at an instant: a hold whose time is over is expired, whether or not that was written. */
export function statusOf(stored: StoredAttempt, nowMs: number): StatusAnswer {
  const { attempt, reversal, capture, refunds, hold } = stored;
  return StatusAnswerSchema.parse({
    id: attempt.id,
    state: stateAt(attempt.state, hold?.expiresAtMs ?? null, nowMs),
    ...(attempt.answer === null ? {} : { answer: JSON.parse(attempt.answer) }),
    ...(reversal === null ? {} : { reversal: JSON.parse(reversal.answer) }),
    ...(capture === null ? {} : { capture: JSON.parse(capture.answer) }),
    ...(refunds.length === 0 ? {} : { refunds: refunds.map(({ answer }) => JSON.parse(answer)) }),
  });
}
