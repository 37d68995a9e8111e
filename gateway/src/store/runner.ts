// Runs one command inside the open transaction, whatever it is, and contains what goes wrong in it.

import { ClosedError } from "../core/closed-error.js";
import type { Answer, Command, OpenedEvidence } from "../core/ports.js";
import { createAttemptRunner } from "./attempt.js";
import { createCaptureRunner } from "./capture.js";
import { type Ahead, TransactionLostError } from "./driver.js";
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

interface Foreseen {
  readonly command: Extract<Command, { type: "authorize" | "inquire" }>;
  readonly ahead: Ahead;
}

export interface Runner {
  /** Runs one command. A bug in it is contained: the answer says so, and nothing is stored. */
  run(command: Command): Promise<Ran>;
  /** What commands are about to read, of those that can tell. */
  ahead(commands: readonly Command[]): readonly Ahead[];
  /** Has presentations take their turns together, where that is a way to a database. */
  admit(commands: readonly Command[]): Promise<void>;
  /** Tells of what presentations were answered, of those that were decided now. Never rejects. */
  note(commands: readonly Command[], ran: readonly Ran[]): Promise<void>;
}

/** Builds what runs commands. */
export function createRunner<Opened extends OpenedEvidence>(options: StoreOptions<Opened>): Runner {
  const { clock } = options;
  const attempts = createAttemptRunner(options);
  const runReversal = createReversalRunner(options);
  const runCapture = createCaptureRunner(options);
  const runRefund = createRefundRunner(options);
  const runEvent = createEventRunner(options);

  function answerTo(command: Command, startedMs: number): Promise<Answer> {
    switch (command.type) {
      case "authorize":
      case "inquire":
        return attempts.run(command, startedMs);
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

  /** Those that can be read ahead. A bug met here is met again by the command itself, which contains it. */
  function foreseen(commands: readonly Command[]): readonly Foreseen[] {
    return commands.flatMap((command) => {
      if (command.type !== "authorize" && command.type !== "inquire") return [];
      try {
        return [{ command, ahead: attempts.ahead(command) }];
      } catch {
        return [];
      }
    });
  }

  async function note(commands: readonly Command[], ran: readonly Ran[]): Promise<void> {
    const { noteDecision } = options;
    if (noteDecision === undefined) return;
    const noting = ran.map(async ({ answer, startedMs }, at) => {
      const command = commands[at];
      if (command?.type !== "authorize" && command?.type !== "inquire") return;
      if (answer.type !== "decision" || answer.replayed) return;
      const { code, cardKey = null } = answer;
      const { terminalId, request } = command;
      await noteDecision({ terminalId, id: request.id, cardKey, code }, startedMs);
    });
    await Promise.allSettled(noting);
  }

  return {
    async run(command) {
      const startedMs = clock.monotonicMs();
      const answer = await contained(() => answerTo(command, startedMs));
      return { answer, startedMs, decideMs: clock.monotonicMs() - startedMs };
    },
    ahead: (commands) => foreseen(commands).map(({ ahead }) => ahead),
    admit: (commands) => attempts.admit(foreseen(commands).map(({ command }) => command)),
    note,
  };
}

/** A bug loses its own command and no other, as does what cannot be judged just now; what ends the transaction goes on up. */
async function contained(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TransactionLostError || error instanceof LedgerFailedError) throw error;
    if (error instanceof ClosedError) return { type: "closed", ...error.closed };
    return { type: "bug", error };
  }
}
