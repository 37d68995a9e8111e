// Runs one refund inside the open transaction: its stored answer, or a part of what a sale took given back.

import { refundAnswer } from "../core/after-sale-answers.js";
import type { Figures } from "../core/decision.js";
import type { Answer, OpenedEvidence, RefundCommand } from "../core/ports.js";
import { refund } from "../core/refund.js";
import { type Asked, askedUnits } from "../core/sale-file.js";
import { AGENTS, nameOfAsker } from "./asker.js";
import { UNTIMED } from "./attempt.js";
import type { OperationRow, StoredAttempt } from "./driver.js";
import { operationInput } from "./operation-input.js";
import type { StoreOptions } from "./options.js";
import { readSaleFile, receiptOf } from "./sale-file.js";

/** Builds the function that runs one refund. */
export function createRefundRunner<Opened extends OpenedEvidence>(
  options: StoreOptions<Opened>,
): (command: RefundCommand) => Promise<Answer> {
  const { driver, programme, clock } = options;

  /** A terminal reaches the sales of its partner; the operator those of the terminal that is named. */
  async function find({ asker, of }: RefundCommand): Promise<readonly StoredAttempt[]> {
    if (asker.kind === "agent") {
      const found = of.terminalId === null ? null : await driver.findAttempt(of.terminalId, of.id);
      return found ? [found] : [];
    }
    const place = await driver.findPlace(asker.terminalId);
    if (place === null) return [];
    const sales = await driver.findSalesOfPartner(place.partner.id, of.id);
    const isAsked = ({ attempt }: StoredAttempt) =>
      of.terminalId === null || attempt.terminalId === of.terminalId;
    return sales.filter(isAsked);
  }

  function answerOf(
    { command, stored }: { command: RefundCommand; stored: StoredAttempt },
    made: { code: Parameters<typeof refundAnswer>[1]["code"]; figures: Figures; nowMs: number },
  ) {
    const { avantage } = stored.attempt;
    const named = { id: command.request.id, of: command.of.id };
    return refundAnswer(named, { ...made, avantage, receipt: receiptOf(stored), programme });
  }

  async function giveBack(
    command: RefundCommand,
    stored: StoredAttempt,
    asked: Asked,
  ): Promise<Answer> {
    const { attempt } = stored;
    const sale = await readSaleFile(driver, stored);
    const nowMs = Math.max(clock.nowMs(), sale.account?.lastDecisionAtMs ?? 0);
    const rule = programme.avantages.get(attempt.avantage ?? "") ?? { singleUse: false };
    const refunded = refund({ sale, asked, rule, nowMs });
    const made =
      "refusal" in refunded
        ? { code: refunded.refusal.code, figures: refunded.refusal.figures ?? {}, nowMs }
        : { code: "REFUNDED" as const, figures: refunded.figures, nowMs };
    const answer = answerOf({ command, stored }, made);
    const decision = { type: "decision", answer, code: made.code, replayed: false } as const;
    if ("refusal" in refunded) return { ...decision, timings: UNTIMED };
    const { terminalId, id: attemptId, accountId } = attempt;
    await driver.apply({
      terminalId,
      attemptId,
      accountId,
      atMs: nowMs,
      clockMs: clock.nowMs(),
      effects: refunded.effects,
      attempt: null,
      reversal: null,
      operation: {
        kind: "refund",
        terminalId,
        attemptId,
        id: command.request.id,
        askedBy: nameOfAsker(command.asker),
        asked: asked.amountCents ?? asked.quantity,
        units: refunded.units,
        atMs: nowMs,
        programmeHash: programme.hash,
        input: operationInput({ sale, asked, nowMs }),
        answer: JSON.stringify(answer),
      },
    });
    return { ...decision, timings: UNTIMED };
  }

  /** The same refund again gives back nothing more; its id for another refund is a mistake. */
  async function again(done: OperationRow, { of, request }: RefundCommand): Promise<Answer> {
    const { amountCents = null, quantity = null } = request;
    const { grant } = await driver.readSale(done.terminalId, done.attemptId);
    const wanted = grant && askedUnits(grant, { amountCents, quantity });
    const isSame =
      done.attemptId === of.id &&
      (of.terminalId === null || of.terminalId === done.terminalId) &&
      wanted !== null &&
      "units" in wanted &&
      wanted.units === done.asked;
    if (!isSame) return { type: "conflict" };
    const answer = JSON.parse(done.answer);
    return { type: "decision", answer, code: "REFUNDED", replayed: true, timings: UNTIMED };
  }

  return async (command) => {
    const { amountCents = null, quantity = null, id } = command.request;
    const asked = { amountCents, quantity };
    const done = await driver.findRefund(nameOfAsker(command.asker), id);
    if (done) return again(done, command);
    const sales = (await find(command)).filter(({ attempt }) => attempt.kind === "authorization");
    const [stored, second] = sales;
    // Two terminals that made the same id: giving back the wrong one would be worse than giving back none.
    if (!stored || second) return { type: "notFound" };
    // Looked for once more: where several gateways write, it may have been made since it was looked for by its own id.
    const made = stored.refunds.find(isOf(command));
    if (made) return again(made, command);
    return giveBack(command, stored, asked);
  };
}

/** Agents are one office: whoever of it sends a refund again, under a new name too, gives back nothing more. */
const isOf = ({ asker, request }: RefundCommand) => {
  const name = nameOfAsker(asker);
  return ({ id, askedBy }: OperationRow): boolean =>
    id === request.id &&
    (askedBy === name || (asker.kind === "agent" && askedBy.startsWith(AGENTS)));
};
