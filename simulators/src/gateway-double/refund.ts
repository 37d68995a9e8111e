// The double's refund: a part of what a sale took is given back, never more in all than that.

import type { PublicCode, RefundAnswer, RefundRequest } from "@pass-tpe/protocol";
import {
  askedOf,
  checkPart,
  labelOf,
  notFound,
  saleFields,
  scriptedFigures,
} from "./after-sale.js";
import { decisionReply, problemReply, type Reply } from "./answers.js";
import type { Debit } from "./avantages.js";
import type { GatewayParts } from "./parts.js";
import { takeScripted } from "./scripted.js";
import type { StoredSale } from "./stored.js";

type Asked = RefundRequest & { readonly of: string };

export function refund(parts: GatewayParts, request: Asked): Reply {
  const { ledger } = parts;
  const nowMs = parts.nowMs();
  const { id, of } = request;
  const done = ledger.refund(id);
  if (done) {
    const drawn = ledger.sale(of)?.drawn ?? null;
    const isFormed = drawn === null || checkPart(drawn, request) === null;
    const isSame = done.of === of && done.asked === askedOf(request) && isFormed;
    return isSame ? decisionReply(done.answer) : conflict();
  }
  const sale = ledger.sale(of);
  const scripted = takeScripted(parts, "refund");
  if (scripted?.problem) return scripted.problem;
  if (scripted) {
    const { code, retryAfterMs } = scripted.answer;
    const params = scriptedFigures(parts, scripted.answer, { sale, asked: request, nowMs });
    const { returned } = params;
    const said = saleFields(sale, { id, code, params, nowMs, retryAfterMs });
    return sayReturned({ ...said, of }, code === "REFUNDED" ? { returned } : {});
  }
  if (sale === undefined) return unknownAtPartner();
  return giveBack(parts, { request, sale, nowMs });
}

function giveBack(
  parts: GatewayParts,
  options: { readonly request: Asked; readonly sale: StoredSale; readonly nowMs: number },
): Reply {
  const { ledger } = parts;
  const { request, sale, nowMs } = options;
  const { id, of } = request;
  const { drawn } = sale;
  const refuse = (code: PublicCode, left?: Debit) => {
    const params = left === undefined ? {} : { remaining: { unit: left.unit, value: left.value } };
    return sayReturned({ ...saleFields(sale, { id, code, params, nowMs }), of }, {});
  };
  if (sale.state === "reversed") return refuse("ALREADY_REVERSED");
  if (sale.state !== "approved" || drawn === null) return refuse("NOTHING_TO_REFUND");
  const wrong = checkPart(drawn, request);
  if (wrong !== null) return refuse(wrong);
  const left = leftOf(parts, of, drawn);
  const value = askedOf(request) ?? left;
  if (left === 0 || value > left) return refuse("REFUND_OVER_CAPTURED", { ...drawn, value: left });
  const { unit, avantage } = drawn;
  ledger.giveBack(sale, value);
  const returned = { unit, value };
  const params = { returned, avantageLabel: labelOf(parts, avantage) };
  const said = saleFields(sale, { id, code: "REFUNDED", params, nowMs });
  const answer = { ...said, of, returned, refundable: { unit, value: left - value } };
  ledger.keepRefund(id, { of, asked: askedOf(request), value, answer });
  return decisionReply(answer);
}

/** What of a sale can still be given back. */
export function leftOf({ ledger }: Pick<GatewayParts, "ledger">, id: string, drawn: Debit): number {
  return ledger.refundsOf(id).reduce((left, { value }) => left - value, drawn.value);
}

function sayReturned(
  said: RefundAnswer,
  { returned }: { readonly returned?: RefundAnswer["returned"] },
): Reply {
  return decisionReply({ ...said, ...(returned === undefined ? {} : { returned }) });
}

function conflict(): Reply {
  return problemReply({
    code: "DUPLICATE_CONFLICT",
    detail: "This id stands for another refund. Integrator: make a new id for each refund.",
  });
}

function unknownAtPartner(): Reply {
  return notFound("No terminal of this partner has sent an authorization with this id.");
}
