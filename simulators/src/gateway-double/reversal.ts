// The double's reversal: what a sale took or holds is given back, once; an unknown id leaves a tombstone.

import type { ReversalAnswer, ReversalRequest } from "@pass-tpe/protocol";
import { labelOf, notFound } from "./after-sale.js";
import { decisionOf, decisionReply, type Reply } from "./answers.js";
import type { GatewayParts } from "./parts.js";
import { leftOf } from "./refund.js";
import type { ScriptedAnswer } from "./script.js";
import { scriptedParams, takeScripted } from "./scripted.js";
import type { StoredAttempt } from "./stored.js";

export function reverse(
  parts: GatewayParts,
  { id, reason }: ReversalRequest & { readonly id: string },
): Reply {
  const { ledger } = parts;
  const nowMs = parts.nowMs();
  const stored = ledger.attempt(id);
  if (stored?.reversal) return decisionReply(stored.reversal);
  const scripted = takeScripted(parts, "reverse");
  if (scripted?.problem) return scripted.problem;
  if (scripted) return decisionReply(asScripted(id, scripted.answer, nowMs));
  if (stored === undefined) return reason === "manual" ? notFound() : bury(parts, id, nowMs);
  const value = returnedBy(parts, id, stored);
  const isHeld = stored.state === "held";
  ledger.giveBack(stored, isHeld ? (stored.drawn?.value ?? 0) : value);
  stored.state = "reversed";
  stored.reversal = answerOf(parts, { id, stored, value, nowMs });
  return decisionReply(stored.reversal);
}

function bury({ ledger }: GatewayParts, id: string, nowMs: number): Reply {
  const reversal = decisionOf({ id, code: "REVERSED", params: {}, nowMs });
  ledger.keep(id, {
    kind: "tombstone",
    fingerprint: null,
    answer: null,
    state: "reversed",
    drawn: null,
    isDebited: false,
    holdExpiresAtMs: null,
    capture: null,
    reversal,
  });
  return decisionReply(reversal);
}

/** What was taken and not yet refunded; what was only held is let go of, and nothing is returned. */
function returnedBy(parts: GatewayParts, id: string, { state, drawn }: StoredAttempt): number {
  return state === "approved" && drawn !== null ? leftOf(parts, id, drawn) : 0;
}

function answerOf(
  parts: GatewayParts,
  options: {
    readonly id: string;
    readonly stored: StoredAttempt;
    readonly value: number;
    readonly nowMs: number;
  },
): ReversalAnswer {
  const { id, stored, value, nowMs } = options;
  const { drawn } = stored;
  if (drawn === null || value === 0) {
    return decisionOf({ id, code: "REVERSED", params: {}, nowMs });
  }
  const returned = { unit: drawn.unit, value };
  const params = { returned, avantageLabel: labelOf(parts, drawn.avantage) };
  return { ...decisionOf({ id, code: "REVERSED", params, nowMs }), returned };
}

/** A scripted answer to a reversal changes nothing: the next one is answered anew. */
function asScripted(id: string, scripted: ScriptedAnswer, nowMs: number): ReversalAnswer {
  const { code, retryAfterMs } = scripted;
  const params = scriptedParams(scripted, {
    asked: {},
    avantageLabel: "",
    unit: "EUR_CENT",
    nowMs,
  });
  const { returned } = params;
  return {
    ...decisionOf({ id, code, params, nowMs, retryAfterMs }),
    ...(returned === undefined ? {} : { returned }),
  };
}
