// The answers to a sale and to an inquiry: the decision with what its receipt, the holder and the till need.

import {
  type AuthorizationAnswer,
  type AuthorizationRequest,
  type Decision,
  type InquiryAnswer,
  type InquiryRequest,
  publicRetryOf,
} from "@pass-tpe/protocol";
import { lastFour } from "@pass-tpe/protocol/standards";
import { decisionOf, takenFields } from "./answers.js";
import { viewsFor } from "./decide.js";
import type { Decided } from "./decided.js";
import type { Ledger, Presentation } from "./ledger.js";
import type { GatewayParts } from "./parts.js";

const HOLDER = "Camille D.";

interface Deciding<R> {
  readonly request: R;
  readonly decided: Decided;
  readonly nowMs: number;
}

export function saleAnswer(
  { ledger, demoCard }: Pick<GatewayParts, "ledger" | "demoCard">,
  deciding: Deciding<AuthorizationRequest>,
): AuthorizationAnswer {
  const { avantage, id: reference } = deciding.request;
  const { presentation, params, usableHere, holdExpiresAtMs } = deciding.decided;
  const decision = decisionWithProof(ledger, deciding);
  if (decision.outcome === "declined") {
    return {
      ...decision,
      avantage,
      ...(usableHere.length === 0 ? {} : { usableHere: [...usableHere] }),
    };
  }
  const avantageLabel = ledger.avantage(avantage)?.label ?? avantage;
  const cardLastFour = lastFour(demoCard.cardNumber);
  const channel = presentation?.channel ?? "NFC";
  const receipt = { reference, avantageLabel, cardLastFour, channel };
  return {
    ...decision,
    avantage,
    ...takenFields(params),
    ...(holdExpiresAtMs === null ? {} : { holdExpiresAtMs }),
    receipt,
  };
}

export function inquiryAnswer(
  { ledger }: Pick<GatewayParts, "ledger">,
  deciding: Deciding<InquiryRequest>,
): InquiryAnswer {
  const decision = decisionWithProof(ledger, deciding);
  const isAnswered = decision.outcome === "approved";
  return { ...decision, avantages: isAnswered ? viewsFor(deciding.request, ledger) : [] };
}

/** A reference to the presentation goes with whatever makes another try with it sensible. */
function decisionWithProof(
  ledger: Ledger,
  { request, decided, nowMs }: Deciding<AuthorizationRequest | InquiryRequest>,
): Decision {
  const { code, params, presentation, retryAfterMs, usableHere, isHolderKnown, reason } = decided;
  const needsCodeSecret = code === "PIN_REQUIRED" && presentation?.channel === "NFC";
  const canBeUsedAgain =
    code === "INQUIRY_ANSWERED" ||
    needsCodeSecret ||
    usableHere.length > 0 ||
    publicRetryOf(code, params) === "AMEND";
  const proof = presentation !== null && canBeUsedAgain ? proofOf(ledger, presentation) : undefined;
  const decision = decisionOf({ id: request.id, code, params, nowMs, retryAfterMs, proof });
  return {
    ...decision,
    ...(reason === undefined ? {} : { reason }),
    ...(isHolderKnown ? { holder: HOLDER } : {}),
  };
}

function proofOf(ledger: Ledger, presentation: Presentation) {
  const { expiresAtMs: proofExpiresAtMs } = presentation;
  return { proofRef: ledger.issueProof(presentation), proofExpiresAtMs };
}
