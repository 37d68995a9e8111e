// From what the gateway said, or did not say, to the result of a sale: journaled before anybody sees it.

import type { AuthorizationAnswer } from "@pass-tpe/protocol";
import { appendOrReport } from "../client/append-or-report.js";
import type { AnswerRecord } from "../client/journal-records.js";
import type { ReversalEnd } from "../client/owed-reversals.js";
import type { Settled } from "../client/repeat.js";
import type { TerminalContext } from "../context.js";
import { textOf } from "../errors.js";
import { declinedAs } from "./presentation.js";
import type {
  ApprovedSale,
  Declined,
  SaleResult,
  UnknownResolution,
  UnknownSale,
} from "./results.js";
import type { StepClock } from "./step-clock.js";
import {
  actorOf,
  HELD,
  localRefusal,
  movedBy,
  type RefusalTexts,
  refusalOfDecision,
  refusalOfProblem,
  textsOfDecision,
  textsOfSaid,
  unreachable,
} from "./texts.js";

interface Conclusion {
  readonly context: TerminalContext;
  readonly id: string;
  readonly steps: StepClock;
}

export async function concludeSale(
  options: Conclusion & { readonly settled: Settled<AuthorizationAnswer> },
): Promise<SaleResult> {
  const { settled, steps } = options;
  if (settled.kind === "unknown") return inDoubt(options, settled.reason);
  if (settled.kind !== "answer") return decline(options, refusalOf(settled));
  steps.decided(settled.stages);
  const answer = settled.body;
  if (answer.outcome === "approved") return approve(options, answer);
  const declined = await decline(options, { refusal: refusalOfDecision(answer) });
  return { ...declined, ...declineFields(answer) };
}

/** The refusal of what came to no decision. */
export function refusalOf(settled: Exclude<Settled<unknown>, { kind: "unknown" | "answer" }>): {
  refusal: RefusalTexts;
  detail?: string;
} {
  switch (settled.kind) {
    case "problem":
      return { refusal: refusalOfProblem(settled), detail: settled.problem.detail };
    case "notSent":
      return unreachable(settled.reason);
    case "cancelled":
      return { refusal: localRefusal("SALE_CANCELLED") };
  }
}

async function approve(conclusion: Conclusion, answer: AuthorizationAnswer): Promise<SaleResult> {
  const { context, id, steps } = conclusion;
  const { avantage, decidedAtMs, code, amountCents, quantity, collectCents } = answer;
  const amounts = {
    ...(amountCents === undefined ? {} : { amountCents }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(collectCents === undefined ? {} : { collectCents }),
  };
  const hold = holdOf(answer);
  const unit = context.profile.unitOf(avantage);
  const record: AnswerRecord = {
    type: "answer",
    id,
    atMs: context.clock.nowMs(),
    decidedAtMs,
    outcome: "approved",
    code,
    ...amounts,
    ...(unit === undefined ? {} : { unit }),
    ...(hold === undefined ? {} : { holdExpiresAtMs: hold.expiresAtMs }),
  };
  try {
    await steps.spend("journalMs", () => context.journal.append(record));
  } catch (thrown) {
    // The next start would find an attempt without an answer and reverse it, so it must not be handed out.
    return inDoubt(conclusion, `approved, but the journal cannot keep it: ${textOf(thrown)}`);
  }
  const { remaining, holder, receipt, proofRef, declaredCents } = answer;
  const approved: ApprovedSale = {
    outcome: "approved",
    moneyMoved: hold === undefined ? movedBy(code) : "no",
    id,
    ...textsOfDecision(answer),
    actor: actorOf(answer),
    avantage,
    decidedAtMs,
    ...(hold === undefined ? {} : { hold }),
    ...amounts,
    ...(declaredCents === undefined ? {} : { declaredCents }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(holder === undefined ? {} : { holder }),
    ...(receipt === undefined ? {} : { receipt }),
    ...(proofRef === undefined ? {} : { proofRef }),
    timings: steps.timings(),
  };
  return approved;
}

/** An approval that holds without saying until when is not to be counted on: it may be over already. */
function holdOf(answer: AuthorizationAnswer): { expiresAtMs: number } | undefined {
  const { code, holdExpiresAtMs, decidedAtMs } = answer;
  if (holdExpiresAtMs !== undefined) return { expiresAtMs: holdExpiresAtMs };
  return code === HELD ? { expiresAtMs: decidedAtMs } : undefined;
}

async function decline(
  conclusion: Conclusion,
  options: { refusal: RefusalTexts; detail?: string },
): Promise<Declined> {
  const { id, steps } = conclusion;
  const { refusal, detail } = options;
  await keep(conclusion, { type: "answer", outcome: "declined", code: refusal.code });
  return declinedAs({ id, refusal, detail, steps });
}

function declineFields(answer: AuthorizationAnswer): Partial<Declined> {
  const { available, proofRef, proofExpiresAtMs, holder, reason, usableHere, decidedAtMs } = answer;
  return {
    decidedAtMs,
    ...(holder === undefined ? {} : { holder }),
    ...(reason === undefined ? {} : { reason }),
    ...(usableHere === undefined ? {} : { usableHere }),
    ...(available === undefined ? {} : { available }),
    ...(proofRef === undefined ? {} : { proofRef }),
    ...(proofExpiresAtMs === undefined ? {} : { proofExpiresAtMs }),
  };
}

/** The debt is durable before anybody hears of the doubt; from then on the sale is reversed, whatever it was. */
async function inDoubt(conclusion: Conclusion, detail: string): Promise<UnknownSale> {
  const { context, id, steps } = conclusion;
  // Should this fail, the attempt without an answer, which is durable, says the same at the next start.
  await keep(conclusion, { type: "reversalOwed" });
  const { retry: _, ...texts } = localRefusal("TIMEOUT");
  return {
    outcome: "unknown",
    moneyMoved: "unknown",
    id,
    ...texts,
    detail,
    resolved: context.owed.owe({ id, reason: detail }).then((end) => resolution(context, id, end)),
    timings: steps.timings(),
  };
}

type Kept =
  | { readonly type: "reversalOwed" }
  | { readonly type: "answer"; readonly outcome: "declined"; readonly code: string };

async function keep({ context, id, steps }: Conclusion, fields: Kept): Promise<void> {
  const { journal, hub, clock } = context;
  const record = { ...fields, id, atMs: clock.nowMs() };
  await steps.spend("journalMs", () => appendOrReport({ journal, hub, record }));
}

function resolution(context: TerminalContext, id: string, end: ReversalEnd): UnknownResolution {
  if (end.kind === "pending" || end.kind === "over") return { outcome: "pending" };
  if (end.kind === "refused") return { outcome: "refused", ...textsOfSaid(end.said) };
  const { answer } = end;
  context.hub.emit("unknownResolved", { id, code: answer.code });
  const returned = answer.returned === undefined ? {} : { returned: answer.returned };
  return { outcome: "reversed", ...textsOfDecision(answer), ...returned };
}
