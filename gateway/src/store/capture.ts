// Runs one capture inside the open transaction: its stored answer, or what was held taken.

import { captureAnswer } from "../core/after-sale-answers.js";
import { capture, expiryOf } from "../core/capture.js";
import type { Figures } from "../core/decision.js";
import type { Answer, CaptureCommand, OpenedEvidence } from "../core/ports.js";
import { type Asked, askedUnits, type SaleFile } from "../core/sale-file.js";
import { nameOfAsker } from "./asker.js";
import { UNTIMED } from "./attempt.js";
import type { OperationRow, StoredAttempt } from "./driver.js";
import { operationInput } from "./operation-input.js";
import type { StoreOptions } from "./options.js";
import { readSaleFile, receiptOf } from "./sale-file.js";

/** Builds the function that runs one capture. */
export function createCaptureRunner<Opened extends OpenedEvidence>(
  options: StoreOptions<Opened>,
): (command: CaptureCommand) => Promise<Answer> {
  const { driver, programme, clock } = options;

  function answerOf(
    stored: StoredAttempt,
    made: { code: Parameters<typeof captureAnswer>[1]["code"]; figures: Figures; nowMs: number },
  ) {
    const { avantage, id } = stored.attempt;
    return captureAnswer(id, { ...made, avantage, receipt: receiptOf(stored), programme });
  }

  function declined(
    stored: StoredAttempt,
    made: Parameters<typeof answerOf>[1],
  ): Extract<Answer, { type: "decision" }> {
    const answer = answerOf(stored, made);
    return { type: "decision", answer, code: made.code, replayed: false, timings: UNTIMED };
  }

  /** The same capture again gets its first answer; another amount comes too late. */
  async function again(stored: StoredAttempt, done: OperationRow, asked: Asked): Promise<Answer> {
    const { grant } = await readSaleFile(driver, stored);
    const wanted = grant && askedUnits(grant, asked);
    if (wanted && "refusal" in wanted) {
      return declined(stored, { ...wanted.refusal, figures: {}, nowMs: clock.nowMs() });
    }
    if (wanted && (wanted.units === done.asked || wanted.units === done.units)) {
      const answer = JSON.parse(done.answer);
      return { type: "decision", answer, code: "CAPTURED", replayed: true, timings: UNTIMED };
    }
    return declined(stored, { code: "ALREADY_CAPTURED", figures: {}, nowMs: clock.nowMs() });
  }

  async function writeExpiry(
    { attempt }: StoredAttempt,
    { sale, nowMs }: { sale: SaleFile; nowMs: number },
  ): Promise<void> {
    const effects = expiryOf(sale, nowMs);
    if (effects.length === 0) return;
    const { terminalId, id: attemptId, accountId } = attempt;
    const at = { terminalId, attemptId, accountId, atMs: nowMs, clockMs: clock.nowMs() };
    await driver.apply({ ...at, effects, attempt: null, reversal: null, operation: null });
  }

  async function take(
    command: CaptureCommand,
    stored: StoredAttempt,
    { sale, asked, nowMs }: { sale: SaleFile; asked: Asked; nowMs: number },
  ): Promise<Answer> {
    const { attempt } = stored;
    const rule = programme.avantages.get(attempt.avantage ?? "");
    if (!rule) return declined(stored, { code: "OPERATION_NOT_SUPPORTED", figures: {}, nowMs });
    const captured = capture({ sale, asked, rule, nowMs });
    if ("refusal" in captured) {
      const { code, figures = {} } = captured.refusal;
      await writeExpiry(stored, { sale, nowMs });
      return declined(stored, { code, figures, nowMs });
    }
    const { units, figures, effects } = captured;
    const answer = answerOf(stored, { code: "CAPTURED", figures, nowMs });
    const { terminalId, id } = attempt;
    await driver.apply({
      terminalId,
      attemptId: id,
      accountId: attempt.accountId,
      atMs: nowMs,
      clockMs: clock.nowMs(),
      effects,
      attempt: null,
      reversal: null,
      operation: {
        kind: "capture",
        terminalId,
        attemptId: id,
        id,
        askedBy: nameOfAsker(command.asker),
        asked: asked.amountCents ?? asked.quantity,
        units,
        atMs: nowMs,
        programmeHash: programme.hash,
        input: operationInput({ sale, asked, nowMs }),
        answer: JSON.stringify(answer),
      },
    });
    return { type: "decision", answer, code: "CAPTURED", replayed: false, timings: UNTIMED };
  }

  return async (command) => {
    const { terminalId, id, request } = command;
    const stored = await driver.findAttempt(terminalId, id);
    if (stored?.attempt.kind !== "authorization") return { type: "notFound" };
    const { amountCents = null, quantity = null } = request;
    const asked = { amountCents, quantity };
    if (stored.capture && !stored.reversal) return again(stored, stored.capture, asked);
    const sale = await readSaleFile(driver, stored);
    const nowMs = Math.max(clock.nowMs(), sale.account?.lastDecisionAtMs ?? 0);
    return take(command, stored, { sale, asked, nowMs });
  };
}
