// Runs one reversal inside the open transaction: stored answer, or what was taken given back, or a tombstone.

import { reversalAnswer } from "../core/answers.js";
import { RULES_VERSION } from "../core/decide.js";
import type { Answer, Command, OpenedEvidence } from "../core/ports.js";
import { reverse } from "../core/reverse.js";
import { UNTIMED } from "./attempt.js";
import type { AttemptRow } from "./driver.js";
import type { StoreOptions } from "./options.js";

export type ReverseCommand = Extract<Command, { type: "reverse" }>;

/** Builds the function that runs one reversal. */
export function createReversalRunner<Opened extends OpenedEvidence>(
  options: StoreOptions<Opened>,
): (command: ReverseCommand) => Promise<Answer> {
  const { driver, programme, clock } = options;

  function tombstone(at: { terminalId: string; id: string; nowMs: number }): AttemptRow {
    return {
      terminalId: at.terminalId,
      id: at.id,
      kind: "tombstone",
      state: "reversed",
      fingerprint: null,
      code: "REVERSED",
      accountId: null,
      avantage: null,
      decidedAtMs: at.nowMs,
      programmeHash: programme.hash,
      rulesVersion: RULES_VERSION,
      input: null,
      effectsDigest: null,
      answer: null,
    };
  }

  return async ({ terminalId, id, reason }) => {
    const stored = await driver.findAttempt(terminalId, id);
    if (stored?.reversal) {
      const answer = JSON.parse(stored.reversal.answer);
      return { type: "decision", answer, code: "REVERSED", replayed: true, timings: UNTIMED };
    }
    const debits = stored ? await driver.readDebits(terminalId, id) : [];
    const accountId = stored?.attempt.accountId ?? null;
    const attempt = stored ? { state: stored.attempt.state, accountId, debits } : null;
    const { code, mark, figures, effects } = reverse({ reason, attempt });
    if (mark === "none") return { type: "notFound" };
    const nowMs = Math.max(clock.nowMs(), stored?.attempt.decidedAtMs ?? 0);
    const avantage = stored?.attempt.avantage ?? null;
    const avantageLabel =
      avantage === null ? null : (programme.avantages.get(avantage)?.label ?? avantage);
    const answer = reversalAnswer({ id, figures, avantageLabel, programme, nowMs });
    await driver.apply({
      terminalId,
      attemptId: id,
      accountId,
      atMs: nowMs,
      clockMs: clock.nowMs(),
      effects,
      attempt: stored ? null : tombstone({ terminalId, id, nowMs }),
      reversal: { terminalId, id, reason, atMs: nowMs, answer: JSON.stringify(answer) },
    });
    return { type: "decision", answer, code, replayed: false, timings: UNTIMED };
  };
}
