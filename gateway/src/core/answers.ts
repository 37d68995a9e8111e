// Turns a decision into what the terminal gets: public code, texts, figures; nothing that the till must not know.

import {
  type AuthorizationAnswer,
  type Channel,
  type Decision,
  type InquiryAnswer,
  type OutcomeCode,
  type OutcomeParams,
  publicCodeOf,
  publicIso39Of,
  publicRetryOf,
  renderOutcome,
} from "@pass-tpe/protocol";
import { assert } from "./assert.js";
import type { Decided, Figures, SaleRequest } from "./decision.js";
import type { Snapshot } from "./model.js";
import type { Programme } from "./programme.js";

interface AnswerContext {
  readonly snapshot: Snapshot;
  readonly programme: Programme;
  readonly nowMs: number;
}

/** The values that an outcome's texts may name. */
export function textParams(
  figures: Figures,
  context: {
    readonly avantageLabel?: string;
    readonly accountUrl: string;
    readonly channel: Channel | null;
  },
): OutcomeParams {
  const { available, remaining = available, amountCents, collectCents, quantity } = figures;
  const { returned, date, triesLeft, maxCents, taken, notUsable } = figures;
  return {
    accountUrl: context.accountUrl,
    keyed: context.channel === "KEYED",
    ...(context.avantageLabel === undefined ? {} : { avantageLabel: context.avantageLabel }),
    ...(amountCents === undefined ? {} : { amountCents }),
    ...(collectCents === undefined ? {} : { collectCents }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(returned === undefined ? {} : { returned }),
    ...(taken === undefined ? {} : { taken }),
    ...(notUsable === undefined ? {} : { notUsable }),
    ...(date === undefined ? {} : { date }),
    ...(triesLeft === undefined ? {} : { triesLeft }),
    ...(maxCents === undefined ? {} : { maxCents }),
  };
}

/** What every decision says. */
export function decisionFields(input: {
  readonly id: string;
  readonly code: OutcomeCode;
  readonly approved: boolean;
  readonly params: OutcomeParams;
  readonly nowMs: number;
}): Decision {
  const { id, code, approved, params, nowMs } = input;
  const iso39 = publicIso39Of(code);
  assert(iso39 !== null, `${code} is not the gateway's to give`);
  return {
    id,
    outcome: approved ? "approved" : "declined",
    code: publicCodeOf(code),
    iso39,
    ...renderOutcome(code, params),
    retry: publicRetryOf(code, params),
    decidedAtMs: nowMs,
  };
}

/**
 * What a presentation lets the till know: the holder's name, a reference for an amended try; and what helps whoever
 * must act.
 */
function presentationFields(decided: Decided, snapshot: Snapshot) {
  const holder = decided.credentialPassed ? snapshot.account?.holder : undefined;
  const { retryAfterMs } = decided.figures;
  return {
    ...(decided.reason === null ? {} : { reason: decided.reason }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(holder === undefined ? {} : { holder }),
    ...proofFields(decided),
  };
}

/** The reference to the presentation, and until when it stands: one that comes of another ends no later than that one. */
function proofFields({ proofRef, effects }: Decided) {
  if (proofRef === null) return {};
  const proof = effects.find((effect) => effect.type === "issueProof");
  return { proofRef, ...(proof === undefined ? {} : { proofExpiresAtMs: proof.expiresAtMs }) };
}

/** The answer to a sale. */
export function authorizationAnswer(
  request: SaleRequest,
  decided: Decided,
  context: AnswerContext,
): AuthorizationAnswer {
  const { snapshot, programme, nowMs } = context;
  const { figures, code, approved, channel } = decided;
  const label = programme.avantages.get(request.avantage)?.label;
  const params = textParams(figures, {
    accountUrl: programme.settings.accountUrl,
    channel,
    ...(label === undefined ? {} : { avantageLabel: label }),
  });
  const { amountCents, quantity, collectCents, remaining, available, declaredCents } = figures;
  const { holdExpiresAtMs } = figures;
  const card = approved ? snapshot.card : null;
  return {
    ...decisionFields({ id: request.id, code, approved, params, nowMs }),
    avantage: request.avantage,
    ...(amountCents === undefined ? {} : { amountCents }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(collectCents === undefined ? {} : { collectCents }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(available === undefined ? {} : { available }),
    ...(declaredCents === undefined ? {} : { declaredCents }),
    ...(holdExpiresAtMs === undefined ? {} : { holdExpiresAtMs }),
    ...(decided.avantages.length === 0 ? {} : { usableHere: [...decided.avantages] }),
    ...presentationFields(decided, snapshot),
    ...(card && label !== undefined && channel
      ? {
          receipt: {
            reference: request.id,
            avantageLabel: label,
            cardLastFour: card.lastFour,
            channel,
          },
        }
      : {}),
  };
}

/** The answer to an inquiry. */
export function inquiryAnswer(id: string, decided: Decided, context: AnswerContext): InquiryAnswer {
  const { programme, snapshot, nowMs } = context;
  const { code, approved, figures, channel } = decided;
  const params = textParams(figures, {
    accountUrl: programme.settings.accountUrl,
    channel,
  });
  return {
    ...decisionFields({ id, code, approved, params, nowMs }),
    ...presentationFields(decided, snapshot),
    avantages: [...decided.avantages],
  };
}

/** The answer to an attempt whose reversal came first, or that was reversed since: it is never approved any more. */
export function refusedAsReversed(input: {
  readonly request: SaleRequest;
  readonly programme: Programme;
  readonly nowMs: number;
}): AuthorizationAnswer {
  const { request, programme, nowMs } = input;
  const params = textParams({}, { accountUrl: programme.settings.accountUrl, channel: null });
  return {
    ...decisionFields({ id: request.id, code: "ALREADY_REVERSED", approved: false, params, nowMs }),
    avantage: request.avantage,
  };
}
