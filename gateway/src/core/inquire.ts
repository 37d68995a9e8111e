// The decision of an inquiry: what this card can use here, how much of a purchase it would cover, until when.

import type { AvantageView, Channel } from "@pass-tpe/protocol";
import { assert } from "./assert.js";
import { checkDeadline, closing, type DecideInput, decline, issueProof } from "./attempt.js";
import { cover, remainingOf } from "./coverage.js";
import { channelOf, checkCredential } from "./credential.js";
import type { Decided, InquiryRequest, Refusal } from "./decision.js";
import { availableUnits, chooseGrant, isRecordOnly } from "./grants.js";
import type { AvantageRule, Grant, Snapshot } from "./model.js";
import { checkAgrement, checkForm, checkPlace } from "./place.js";
import { windowState } from "./windows.js";

/** Decides an inquiry. It asks for the same credential as a sale on its channel, and debits nothing. */
export function inquire(input: DecideInput<InquiryRequest>): Decided {
  const { request, snapshot, programme, nowMs } = input;
  const named = request.avantage === null ? null : programme.avantages.get(request.avantage);
  if (named === undefined) {
    return decline(input, { code: "OPERATION_NOT_SUPPORTED" }, { credentialPassed: false });
  }
  const channel = channelOf(input.facts, snapshot);
  const early =
    checkDeadline(request) ??
    checkPlace(snapshot, nowMs) ??
    checkAsked(request, snapshot, named, channel);
  if (early) {
    return decline(input, early, { credentialPassed: false, ...(named ? { rule: named } : {}) });
  }
  const rules = named ? [named] : rulesHere(input, channel);
  const { refusal, effects } = checkCredential({
    ...input,
    recordOnly: rules.every(isRecordOnly),
  });
  if (refusal) return decline(input, refusal, { credentialPassed: false, effects });
  return {
    code: "INQUIRY_ANSWERED",
    approved: true,
    figures: {},
    credentialPassed: true,
    channel,
    proofRef: request.proofRef,
    avantages: rules.flatMap((rule) => viewOf(input, rule)),
    effects: [...closing(input, true), ...effects, issueProof(input, request.proofRef)],
  };
}

function checkAsked(
  request: InquiryRequest,
  snapshot: Snapshot,
  named: AvantageRule | null,
  channel: Channel | null,
): Refusal | null {
  if (named === null) return null;
  const { partner } = snapshot;
  assert(partner, "an inquiry without a partner was refused");
  const agrement = checkAgrement({ rule: named, partner, channel });
  if (agrement) return agrement;
  const asksForACover = request.purchaseCents !== null || request.quantity !== null;
  return asksForACover ? checkForm(named, request) : null;
}

/** In the catalogue's order, whatever the order in which a store keeps them. */
function rulesHere(
  { snapshot, programme }: DecideInput<InquiryRequest>,
  channel: Channel | null,
): readonly AvantageRule[] {
  const { partner } = snapshot;
  assert(partner, "an inquiry without a partner was refused");
  return [...programme.avantages.values()].filter(
    (rule) => checkAgrement({ rule, partner, channel }) === null,
  );
}

/** One avantage of this holder, if there is a grant of it at all; nothing is said of one that was never granted. */
function viewOf(input: DecideInput<InquiryRequest>, rule: AvantageRule): readonly AvantageView[] {
  const { snapshot, programme, nowMs } = input;
  const { grants } = snapshot;
  const chosen = chooseGrant({ rule, grants, campaigns: programme.campaigns, nowMs });
  if ("grant" in chosen) return [openView(input, rule, chosen.grant)];
  const own = grants
    .filter((grant) => grant.avantage === rule.code)
    .sort((a, b) => a.window.toMs - b.window.toMs);
  const next = own.find((grant) => windowState(grant.window, nowMs) === "notOpen");
  const shown = next ?? own.at(-1);
  if (!shown) return [];
  return [{ ...datesOf(rule, shown), state: next ? "notOpen" : "closed" }];
}

function openView(
  input: DecideInput<InquiryRequest>,
  rule: AvantageRule,
  grant: Grant,
): AvantageView {
  const available = availableUnits(rule, grant);
  const remaining = remainingOf(rule, available);
  const view: AvantageView = {
    ...datesOf(rule, grant),
    state: remaining && available === 0 ? "exhausted" : "open",
    ...(remaining ? { remaining } : {}),
  };
  const { purchaseCents, quantity } = input.request;
  if (checkForm(rule, input.request) !== null || isRecordOnly(rule)) return view;
  const coverage = cover({ rule, grant, purchaseCents, quantity, exact: false });
  if ("refusal" in coverage) return view;
  const { figures } = coverage;
  assert(figures.collectCents !== undefined, "what is covered leaves a known rest");
  return {
    ...view,
    collectCents: figures.collectCents,
    ...(figures.amountCents === undefined ? {} : { coversCents: figures.amountCents }),
    ...(figures.quantity === undefined ? {} : { coversQuantity: figures.quantity }),
  };
}

function datesOf(rule: AvantageRule, grant: Grant): Omit<AvantageView, "state"> {
  return {
    avantage: rule.code,
    label: rule.label,
    unit: rule.unit,
    usableUntil: grant.window.lastDay,
    ...(grant.window.firstDay === null ? {} : { usableFrom: grant.window.firstDay }),
  };
}
