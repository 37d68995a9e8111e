// One inquiry: what a card can use here. It moves nothing, so it needs no journal and leaves no doubt.

import type {
  Evidence,
  InquiryAnswer,
  InquiryRequest,
  PublicCode,
  TerminalProfile,
} from "@pass-tpe/protocol";
import { repeatSameId, type Settled } from "../client/repeat.js";
import type { TerminalContext } from "../context.js";
import { type Purchase, refusePurchase } from "./local-checks.js";
import { declinedAs, present } from "./presentation.js";
import type { AnsweredInquiry, InquiryResult } from "./results.js";
import { newId, purchaseFields } from "./sale.js";
import { refusalOf } from "./sale-result.js";
import { StepClock } from "./step-clock.js";
import { actorOf, localRefusal, refusalOfDecision, textsOfDecision } from "./texts.js";
import { tryEvents } from "./try-events.js";

/** Without an avantage: all that are accepted here. With an amount too, the answer says how much it would cover. */
export type InquiryOptions = Partial<Purchase>;

/** Runs one inquiry. Never rejects. */
export async function runInquiry(options: {
  context: TerminalContext;
  request: InquiryOptions;
  signal: AbortSignal;
}): Promise<InquiryResult> {
  const { context, request, signal } = options;
  const steps = new StepClock(context.clock);
  const presentation = await present({
    context,
    purchase: request,
    proofRef: undefined,
    refuse: (profile) => refuseInquiry(request, profile),
    steps,
    signal,
  });
  if (!presentation.ok) return presentation.declined;
  const { evidence } = presentation;
  const id = newId(context);
  const settled = await steps.spend("networkMs", () =>
    sendInquiry({ context, id, request, evidence, signal }),
  );
  return concludeInquiry({ id, settled, steps });
}

/** An amount is only looked at where an avantage says what it is counted in. */
function refuseInquiry(request: InquiryOptions, profile: TerminalProfile): PublicCode | null {
  const { avantage, purchaseCents, quantity } = request;
  if (avantage === undefined) return null;
  if (purchaseCents === undefined && quantity === undefined) {
    const accepted = profile.avantages.some((one) => one.avantage === avantage);
    return accepted ? null : "AVANTAGE_NOT_ACCEPTED_HERE";
  }
  return refusePurchase({ purchase: { ...request, avantage }, profile });
}

function sendInquiry(options: {
  context: TerminalContext;
  id: string;
  request: InquiryOptions;
  evidence: Evidence;
  signal: AbortSignal;
}): Promise<Settled<InquiryAnswer>> {
  const { context, id, request, evidence, signal } = options;
  const { clock, deadlines, gateway, hub } = context;
  const message: InquiryRequest = { id, evidence, ...purchaseFields(request) };
  return repeatSameId({
    send: ({ timeoutMs, deadlineMs }) => gateway.inquire({ ...message, deadlineMs }, timeoutMs),
    clock,
    deadlines,
    startedAtMs: clock.monotonicMs(),
    signal,
    observer: tryEvents({ hub, id }),
  });
}

function concludeInquiry(options: {
  id: string;
  settled: Settled<InquiryAnswer>;
  steps: StepClock;
}): InquiryResult {
  const { id, settled, steps } = options;
  if (settled.kind === "unknown") {
    // Nothing can have moved: for the cashier the service just did not answer.
    const refusal = localRefusal("UNREACHABLE");
    return declinedAs({ id, refusal, detail: settled.reason, steps });
  }
  if (settled.kind !== "answer") return declinedAs({ id, ...refusalOf(settled), steps });
  steps.decided(settled.stages);
  const answer = settled.body;
  if (answer.outcome === "declined") {
    return declinedAs({ id, refusal: refusalOfDecision(answer), steps });
  }
  const { avantages, holder, proofRef } = answer;
  const answered: AnsweredInquiry = {
    outcome: "approved",
    moneyMoved: "no",
    id,
    ...textsOfDecision(answer),
    actor: actorOf(answer),
    avantages,
    ...(holder === undefined ? {} : { holder }),
    ...(proofRef === undefined ? {} : { proofRef }),
    timings: steps.timings(),
  };
  return answered;
}
