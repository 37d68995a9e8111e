// What is done in steps that are each durable, and stopped on its way: told as that, never as if nothing had been done.

import { ProblemError } from "../problem-error.js";

/** How long to wait before the same is asked again. */
const RETRY_AFTER_MS = 1_000;

/** Failures that have words of their own, or may not be told at all. */
const TOLD_OTHERWISE: readonly string[] = [
  "ProblemError",
  "StoreStoppedError",
  "StoreBusyError",
  "ClosedError",
];

/**
 * The result of something that may be asked again without harm.
 *
 * @throws ProblemError SYSTEM_ERROR where it stopped on its way: 503 where the same again goes on, 500 where somebody
 * must act first.
 */
export async function stepByStep<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (TOLD_OTHERWISE.includes(name)) throw error;
    if (error instanceof Error && name === "PaymentFileError") {
      throw new ProblemError(
        { code: "SYSTEM_ERROR", detail: `${error.message}. ${FILE_FAULT}` },
        error,
      );
    }
    throw new ProblemError(
      { code: "SYSTEM_ERROR", status: 503, detail: STOPPED, retryAfterMs: RETRY_AFTER_MS },
      error,
    );
  }
}

const STOPPED =
  "This stopped on its way; what is done stays. Send the same again: it goes on there. Operator: where it stops again, see the log.";

const FILE_FAULT =
  "No file was kept; what is done stays. Operator: tell the developers of the programme, and settle the same day again when it is mended.";
