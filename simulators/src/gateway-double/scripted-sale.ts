// The double's decision on a sale or an inquiry whose outcome the test has scripted.

import {
  type AuthorizationRequest,
  type InquiryRequest,
  type OutcomeParams,
  outcomeSpec,
  type PublicCode,
} from "@pass-tpe/protocol";
import type { Verdict } from "./cover.js";
import { type Decided, type Deciding, HOLD_MS } from "./decided.js";
import type { Presented } from "./presentation.js";
import type { ScriptedAnswer } from "./script.js";
import { scriptedParams } from "./scripted.js";

export function decideAsScripted(
  { request, ledger, nowMs }: Deciding<AuthorizationRequest | InquiryRequest>,
  scripted: ScriptedAnswer,
  presented: Presented,
): Decided {
  const { code, retryAfterMs } = scripted;
  const { avantage = "" } = request;
  const { label: avantageLabel = avantage, unit = "EUR_CENT" } = ledger.avantage(avantage) ?? {};
  const params = scriptedParams(scripted, { asked: request, avantageLabel, unit, nowMs });
  return {
    code,
    params,
    debit: debitSaid({ code, avantage, params }),
    presentation: presented.ok ? presented.presentation : null,
    usableHere: [],
    isHolderKnown: outcomeSpec(code).kind === "approval",
    isDebited: false,
    holdExpiresAtMs: code === "APPROVED_HELD" ? nowMs + HOLD_MS : null,
    retryAfterMs,
  };
}

/** What a scripted approval claims to have taken: a reversal claims to give it back. No balance moves. */
function debitSaid(options: {
  code: PublicCode;
  avantage: string;
  params: OutcomeParams;
}): Verdict["debit"] {
  const { code, avantage, params } = options;
  const { amountCents = 0, quantity = 0, taken } = params;
  switch (code) {
    case "APPROVED_HELD":
      return taken === undefined ? null : { avantage, ...taken };
    case "APPROVED":
    case "APPROVED_PARTIAL":
      return { avantage, unit: "EUR_CENT", value: amountCents };
    case "APPROVED_SEATS":
      return { avantage, unit: "SEAT", value: quantity };
    case "APPROVED_COUPONS":
      return { avantage, unit: "COUPON", value: quantity };
    default:
      return null;
  }
}
