// Runs one command inside the open transaction, whatever it is, and contains what goes wrong in it.

import type { Answer, Command, OpenedEvidence } from "../core/ports.js";
import { createAttemptRunner } from "./attempt.js";
import { createCaptureRunner } from "./capture.js";
import { TransactionLostError } from "./driver.js";
import { LedgerFailedError } from "./failures.js";
import { createEventRunner } from "./load-event.js";
import type { StoreOptions } from "./options.js";
import { createRefundRunner } from "./refund.js";
import { createReversalRunner } from "./reversal.js";

export interface Ran {
  readonly answer: Answer;
  readonly startedMs: number;
  readonly decideMs: number;
}

/** Builds the function that runs one command. A bug in it is contained: the answer says so, and nothing is stored. */
export function createRunner<Opened extends OpenedEvidence>(
  options: StoreOptions<Opened>,
): (command: Command) => Promise<Ran> {
  const { clock } = options;
  const runAttempt = createAttemptRunner(options);
  const runReversal = createReversalRunner(options);
  const runCapture = createCaptureRunner(options);
  const runRefund = createRefundRunner(options);
  const runEvent = createEventRunner(options);

  function answerTo(command: Command, startedMs: number): Promise<Answer> {
    switch (command.type) {
      case "authorize":
      case "inquire":
        return runAttempt(command, startedMs);
      case "reverse":
        return runReversal(command);
      case "capture":
        return runCapture(command);
      case "refund":
        return runRefund(command);
      case "load":
        return runEvent(command);
    }
  }

  return async (command) => {
    const startedMs = clock.monotonicMs();
    const answer = await contained(() => answerTo(command, startedMs));
    return { answer, startedMs, decideMs: clock.monotonicMs() - startedMs };
  };
}

/** A bug loses its own command and no other; what ends the whole transaction goes on up. */
async function contained(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TransactionLostError || error instanceof LedgerFailedError) throw error;
    return { type: "bug", error };
  }
}
