// What capture and refund have in common: how much is asked for, and what their answers say of the sale.

import type { CaptureAnswer, OutcomeParams, PublicCode, Unit } from "@pass-tpe/protocol";
import { decisionOf, problemReply, type Reply } from "./answers.js";
import type { Debit } from "./avantages.js";
import type { GatewayParts } from "./parts.js";
import type { ScriptedAnswer } from "./script.js";
import { scriptedParams } from "./scripted.js";
import type { StoredSale } from "./stored.js";

/** How much of a sale is asked for; with neither, all of it. */
interface AskedPart {
  readonly amountCents?: number | undefined;
  readonly quantity?: number | undefined;
}

/** What tells a repeat from another request. */
export function askedOf({ amountCents, quantity }: AskedPart): number | null {
  return amountCents ?? quantity ?? null;
}

/** The code that refuses the form of what is asked for, or null. */
export function checkPart(
  { unit }: Debit,
  { amountCents, quantity }: AskedPart,
): PublicCode | null {
  const inEuros = unit === "EUR_CENT";
  const [asked, foreign] = inEuros ? [amountCents, quantity] : [quantity, amountCents];
  if (foreign === undefined && (asked === undefined || asked > 0)) return null;
  return inEuros ? "AMOUNT_INVALID" : "QUANTITY_INVALID";
}

export function labelOf({ ledger }: Pick<GatewayParts, "ledger">, avantage: string): string {
  return ledger.avantage(avantage)?.label ?? avantage;
}

/** What every answer about a sale says. */
export function saleFields(
  sale: StoredSale | undefined,
  decided: {
    readonly id: string;
    readonly code: PublicCode;
    readonly params: OutcomeParams;
    readonly nowMs: number;
    readonly retryAfterMs?: number | undefined;
  },
): CaptureAnswer {
  const decision = decisionOf(decided);
  if (sale === undefined) return decision;
  const { avantage, receipt } = sale.answer;
  return { ...decision, avantage, ...(receipt === undefined ? {} : { receipt }) };
}

/** The figures of a scripted answer about a sale, which may be one that the double never saw. */
export function scriptedFigures(
  parts: GatewayParts,
  scripted: ScriptedAnswer,
  about: {
    readonly sale: StoredSale | undefined;
    readonly asked: AskedPart;
    readonly nowMs: number;
  },
): OutcomeParams {
  const { sale, nowMs } = about;
  const { amountCents, quantity } = about.asked;
  const unit: Unit = sale?.drawn?.unit ?? (quantity === undefined ? "EUR_CENT" : "SEAT");
  return scriptedParams(scripted, {
    asked: {
      purchaseCents: amountCents ?? sale?.drawn?.value,
      quantity: quantity ?? sale?.drawn?.value,
    },
    avantageLabel: sale === undefined ? "" : labelOf(parts, sale.answer.avantage),
    unit,
    nowMs,
  });
}

export function notFound(detail = "This terminal has sent no authorization with this id."): Reply {
  return problemReply({ code: "ORIGINAL_NOT_FOUND", detail });
}
