// Runs one reversal inside the open transaction: stored answer, or what was taken given back, or a tombstone.

import { reversalAnswer } from "../core/after-sale-answers.js";
import { RULES_VERSION } from "../core/decide.js";
import type { Answer, Command, OpenedEvidence } from "../core/ports.js";
import { type Reversed, type ReversibleAttempt, reverse } from "../core/reverse.js";
import { nameOfAsker } from "./asker.js";
import { UNTIMED } from "./attempt.js";
import type { AttemptRow, StoredAttempt } from "./driver.js";
import type { StoreOptions } from "./options.js";
import { readSaleFile, receiptOf, takenAtMs } from "./sale-file.js";

type ReverseCommand = Extract<Command, { type: "reverse" }>;

/** Builds the function that runs one reversal. */
export function createReversalRunner<Opened extends OpenedEvidence>(
  options: StoreOptions<Opened>,
): (command: ReverseCommand) => Promise<Answer> {
  const { driver, programme, clock, cutoffAfter } = options;

  async function reversible(stored: StoredAttempt): Promise<ReversibleAttempt> {
    const { attempt } = stored;
    const sale = await readSaleFile(driver, stored);
    // What took nothing owes nothing that a refund could give back: it can be undone at any time.
    const settles = attempt.state === "approved" && sale.taken > 0;
    return { ...sale, settledFromMs: settles ? cutoffAfter(takenAtMs(stored)) : null };
  }

  function tombstone(at: { terminalId: string; id: string; nowMs: number }): AttemptRow {
    return {
      terminalId: at.terminalId,
      id: at.id,
      kind: "tombstone",
      state: "reversed",
      fingerprint: null,
      code: "REVERSED",
      accountId: null,
      partnerId: null,
      avantage: null,
      decidedAtMs: at.nowMs,
      programmeHash: programme.hash,
      rulesVersion: RULES_VERSION,
      input: null,
      effectsDigest: null,
      answer: null,
    };
  }

  function answerOf(
    { command, stored }: { command: ReverseCommand; stored: StoredAttempt | null },
    { code, figures }: Reversed,
    nowMs: number,
  ) {
    const avantage = stored?.attempt.avantage ?? null;
    return reversalAnswer(command.id, {
      code,
      figures,
      avantage,
      receipt: stored && receiptOf(stored),
      programme,
      nowMs,
    });
  }

  return async (command) => {
    const { terminalId, id, reason } = command;
    const stored = await driver.findAttempt(terminalId, id);
    if (stored?.reversal) {
      const answer = JSON.parse(stored.reversal.answer);
      return { type: "decision", answer, code: "REVERSED", replayed: true, timings: UNTIMED };
    }
    const attempt = stored && (await reversible(stored));
    const seenAtMs = Math.max(stored?.attempt.decidedAtMs ?? 0, stored?.capture?.atMs ?? 0);
    const nowMs = Math.max(clock.nowMs(), seenAtMs);
    const reversed = reverse({ reason, attempt, nowMs });
    if (reversed.code === "ORIGINAL_NOT_FOUND") return { type: "notFound" };
    const answer = answerOf({ command, stored }, reversed, nowMs);
    const { code, mark, units, effects } = reversed;
    const decision = { type: "decision", answer, code, replayed: false, timings: UNTIMED } as const;
    if (mark === "none") return decision;
    await driver.apply({
      terminalId,
      attemptId: id,
      accountId: stored?.attempt.accountId ?? null,
      atMs: nowMs,
      clockMs: clock.nowMs(),
      effects,
      attempt: stored ? null : tombstone({ terminalId, id, nowMs }),
      reversal: {
        terminalId,
        id,
        reason,
        askedBy: nameOfAsker(command.asker),
        units,
        atMs: nowMs,
        answer: JSON.stringify(answer),
      },
      operation: null,
    });
    return decision;
  };
}
