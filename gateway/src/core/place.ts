// The checks that need no card: terminal, partner, convention, agrément, channel, form of amount and quantity.

import { type Channel, isPurchaseCents, QUANTITY_MAX } from "@pass-tpe/protocol";
import type { Refusal } from "./decision.js";
import { isRecordOnly } from "./grants.js";
import type { AvantageRule, Partner, Snapshot } from "./model.js";

/** Whether this terminal, at this partner, may take the Pass'Région at all now. */
export function checkPlace(snapshot: Snapshot, nowMs: number): Refusal | null {
  if (snapshot.terminal.status !== "active") return { code: "TERMINAL_NOT_AUTHORISED" };
  const partner = snapshot.partner;
  if (partner === null) return { code: "PARTNER_UNKNOWN" };
  if (partner.status === "suspended") return { code: "PARTNER_SUSPENDED" };
  return hasConventionInForce(partner, nowMs) ? null : { code: "CONVENTION_NOT_IN_FORCE" };
}

function hasConventionInForce(partner: Partner, nowMs: number): boolean {
  return partner.conventions.some(
    (convention) =>
      convention.state === "IN_FORCE" && convention.fromMs <= nowMs && nowMs < convention.toMs,
  );
}

/** Whether this partner may take this avantage, in this way. */
export function checkAgrement(input: {
  readonly rule: AvantageRule;
  readonly partner: Partner;
  readonly channel: Channel | null;
}): Refusal | null {
  if (!input.partner.agrements.includes(input.rule.code)) {
    return { code: "AVANTAGE_NOT_ACCEPTED_HERE" };
  }
  if (input.channel !== null && !input.rule.channels.includes(input.channel)) {
    return { code: "CHANNEL_NOT_ALLOWED" };
  }
  return null;
}

/** Whether amount and quantity have the form that the avantage's unit asks for. */
export function checkForm(
  rule: AvantageRule,
  request: { readonly purchaseCents: number | null; readonly quantity: number | null },
): Refusal | null {
  const { purchaseCents, quantity } = request;
  if (isRecordOnly(rule)) {
    if (purchaseCents !== null) return { code: "AMOUNT_INVALID" };
    return quantity === null ? null : { code: "QUANTITY_INVALID" };
  }
  if (rule.unit === "EUR_CENT") {
    if (purchaseCents === null || !isPurchaseCents(purchaseCents))
      return { code: "AMOUNT_INVALID" };
    return checkIndividual(rule, quantity);
  }
  if (quantity === null || quantity < 1 || quantity > QUANTITY_MAX)
    return { code: "QUANTITY_INVALID" };
  if (purchaseCents === null) return null;
  // A declared public price must leave something to fund beyond what the young person pays (T-29).
  const fundable =
    isPurchaseCents(purchaseCents) && purchaseCents > quantity * rule.copayCentsPerUnit;
  return fundable ? null : { code: "AMOUNT_INVALID" };
}

/** A quantity has no meaning on an avantage in euros; above one on a single-use aid it would be a group (T-34). */
function checkIndividual(rule: AvantageRule, quantity: number | null): Refusal | null {
  if (quantity === null || (rule.singleUse && quantity === 1)) return null;
  return { code: rule.singleUse && quantity > 1 ? "COLLECTIVE_USE_FORBIDDEN" : "QUANTITY_INVALID" };
}
