// What a terminal gets when it asked for something to be done with an earlier sale: reversal, capture, refund.

import {
  type AuthorizationAnswer,
  type CaptureAnswer,
  type OutcomeCode,
  outcomeSpec,
  type RefundAnswer,
  type ReversalAnswer,
} from "@pass-tpe/protocol";
import { decisionFields, textParams } from "./answers.js";
import type { Figures } from "./decision.js";
import type { Programme } from "./programme.js";

/** What every such answer is made from. */
export interface AfterSale {
  readonly code: OutcomeCode;
  readonly figures: Figures;
  /** Of the sale; null where it is not known. */
  readonly avantage: string | null;
  /** As the sale's own answer had it. */
  readonly receipt: AuthorizationAnswer["receipt"] | null;
  readonly programme: Programme;
  readonly nowMs: number;
}

function fieldsOf(id: string, { code, figures, avantage, programme, nowMs }: AfterSale) {
  const label = labelOf(avantage, programme);
  const params = textParams(figures, {
    accountUrl: programme.settings.accountUrl,
    channel: null,
    ...(label === null ? {} : { avantageLabel: label }),
  });
  const approved = outcomeSpec(code).kind === "approval";
  const { available } = figures;
  return {
    ...decisionFields({ id, code, approved, params, nowMs }),
    ...(available === undefined ? {} : { available }),
  };
}

function labelOf(avantage: string | null, programme: Programme): string | null {
  return avantage === null ? null : (programme.avantages.get(avantage)?.label ?? avantage);
}

/** The answer to a reversal: REVERSED with what was given back, or that it comes too late. */
export function reversalAnswer(id: string, made: AfterSale): ReversalAnswer {
  const { returned } = made.figures;
  return { ...fieldsOf(id, made), ...(returned === undefined ? {} : { returned }) };
}

/** The answer to a capture. */
export function captureAnswer(id: string, made: AfterSale): CaptureAnswer {
  const { avantage, receipt } = made;
  const { amountCents, quantity, collectCents, released, remaining } = made.figures;
  return {
    ...fieldsOf(id, made),
    ...(avantage === null ? {} : { avantage }),
    ...(amountCents === undefined ? {} : { amountCents }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(collectCents === undefined ? {} : { collectCents }),
    ...(released === undefined ? {} : { released }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(receipt ? { receipt } : {}),
  };
}

/** The answer to a refund: its own id, and that of the sale that it refunds. */
export function refundAnswer(
  { id, of }: { readonly id: string; readonly of: string },
  made: AfterSale,
): RefundAnswer {
  const { avantage, receipt } = made;
  const { returned, refundable, date } = made.figures;
  return {
    ...fieldsOf(id, made),
    of,
    ...(avantage === null ? {} : { avantage }),
    ...(returned === undefined ? {} : { returned }),
    ...(refundable === undefined ? {} : { refundable }),
    ...(date === undefined ? {} : { usableUntil: date }),
    ...(receipt ? { receipt } : {}),
  };
}
