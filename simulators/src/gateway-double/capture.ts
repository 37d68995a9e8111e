// The double's capture: what a sale holds is taken, all or less, once, and the rest is free again.

import type { CaptureAnswer, CaptureRequest, OutcomeParams, PublicCode } from "@pass-tpe/protocol";
import {
  askedOf,
  checkPart,
  labelOf,
  notFound,
  saleFields,
  scriptedFigures,
} from "./after-sale.js";
import { decisionReply, type Reply } from "./answers.js";
import { copayOf, type Debit } from "./avantages.js";
import type { GatewayParts } from "./parts.js";
import { takeScripted } from "./scripted.js";
import type { StoredSale } from "./stored.js";

type Asked = CaptureRequest & { readonly id: string };

export function capture(parts: GatewayParts, request: Asked): Reply {
  const nowMs = parts.nowMs();
  const { id } = request;
  const sale = parts.ledger.sale(id);
  if (sale !== undefined && isRepeat(sale, request) && sale.capture !== null) {
    return decisionReply(sale.capture.answer);
  }
  const scripted = takeScripted(parts, "capture");
  if (scripted?.problem) return scripted.problem;
  if (scripted) {
    const { code, retryAfterMs } = scripted.answer;
    const params = scriptedFigures(parts, scripted.answer, { sale, asked: request, nowMs });
    const decision = saleFields(sale, { id, code, params, nowMs, retryAfterMs });
    return decisionReply({ ...decision, ...takenOf(code, params) });
  }
  return sale === undefined ? notFound() : decisionReply(decide(parts, { request, sale, nowMs }));
}

/** Whether a sale has been captured, and not given back since. */
function isTaken({ state, capture }: StoredSale): boolean {
  return state === "approved" && capture !== null;
}

/** The same part, or in figures what was taken. */
function isRepeat(sale: StoredSale, request: Asked): boolean {
  const { capture, drawn } = sale;
  if (!isTaken(sale) || drawn === null || checkPart(drawn, request) !== null) return false;
  const asked = askedOf(request);
  return asked === capture?.asked || asked === drawn.value;
}

interface Capturing {
  readonly request: Asked;
  readonly sale: StoredSale;
  readonly nowMs: number;
}

function decide(parts: GatewayParts, capturing: Capturing): CaptureAnswer {
  const { request, sale, nowMs } = capturing;
  const { drawn } = sale;
  const refuse = (code: PublicCode, params: OutcomeParams = {}) =>
    saleFields(sale, { id: request.id, code, params, nowMs });
  const isHeld = sale.state === "held";
  // Of what is captured already, too, the form of the part is looked at first.
  const wrong = drawn !== null && (isHeld || isTaken(sale)) ? checkPart(drawn, request) : null;
  if (wrong !== null) return refuse(wrong);
  if (!isHeld || drawn === null) return refuse(refusalOf(sale));
  const value = askedOf(request) ?? drawn.value;
  if (value <= drawn.value) return take(parts, { ...capturing, drawn, value });
  return refuse("CAPTURE_OVER_HOLD", { remaining: { unit: drawn.unit, value: drawn.value } });
}

function refusalOf({ state, capture }: StoredSale): PublicCode {
  switch (state) {
    case "reversed":
      return "ALREADY_REVERSED";
    case "expired":
      return "HOLD_EXPIRED";
    default:
      return capture === null ? "NOTHING_TO_CAPTURE" : "ALREADY_CAPTURED";
  }
}

function take(
  parts: GatewayParts,
  capturing: Capturing & { readonly drawn: Debit; readonly value: number },
): CaptureAnswer {
  const { ledger } = parts;
  const { request, sale, drawn, value, nowMs } = capturing;
  const { avantage, unit } = drawn;
  const released = drawn.value - value;
  ledger.giveBack(sale, released);
  sale.state = "approved";
  sale.drawn = { ...drawn, value };
  const params = {
    taken: { unit, value },
    remaining: { unit, value: ledger.balance(avantage) },
    avantageLabel: labelOf(parts, avantage),
  };
  const copayCents = copayOf(ledger.avantage(avantage));
  const answer = {
    ...saleFields(sale, { id: request.id, code: "CAPTURED", params, nowMs }),
    ...takenOf("CAPTURED", params),
    ...(unit === "EUR_CENT" ? {} : { collectCents: value * copayCents }),
    ...(released === 0 ? {} : { released: { unit, value: released } }),
  };
  sale.capture = { asked: askedOf(request), answer };
  return answer;
}

function takenOf(code: PublicCode, { taken, remaining }: OutcomeParams): Partial<CaptureAnswer> {
  if (code !== "CAPTURED" || taken === undefined) return {};
  const { unit, value } = taken;
  return {
    ...(unit === "EUR_CENT" ? { amountCents: value } : { quantity: value }),
    ...(remaining === undefined ? {} : { remaining }),
  };
}
