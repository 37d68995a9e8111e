// What of a holder's avantages can be used at a place: for an inquiry, and beside a decline.

import type { AvantageView, Channel } from "@pass-tpe/protocol";
import { assert } from "./assert.js";
import { type DecideInput, TODAYS_RULES } from "./attempt.js";
import { cover, remainingOf } from "./coverage.js";
import { isTapAlone } from "./credential.js";
import type { Request } from "./decision.js";
import { checkForm } from "./form.js";
import {
  availableUnits,
  type ChoiceInput,
  chooseGrant,
  isRecordOnly,
  nextToOpen,
  ownGrants,
} from "./grants.js";
import { heldUnits } from "./holds.js";
import { checkCeilings } from "./limits.js";
import type { Grant, Partner } from "./model.js";
import { checkAgrement } from "./place.js";
import type { AvantageRule } from "./programme.js";

/** Where views are made: the case, its partner, and the campaigns in grace. */
export interface ViewPlace {
  readonly input: DecideInput<Request>;
  readonly partner: Partner;
  readonly graceCampaigns: readonly string[] | null;
}

/** The avantages that this partner may take by this channel, in the catalogue's order. */
export function rulesHere(
  { input, partner }: ViewPlace,
  channel: Channel | null,
): readonly AvantageRule[] {
  return [...input.programme.avantages.values()].filter(
    (rule) => checkAgrement({ rule, partner, channel }) === null,
  );
}

/** One avantage of this holder; nothing where it was never granted, or for a reason that no till is told. */
export function viewOf(place: ViewPlace, rule: AvantageRule): readonly AvantageView[] {
  const { input, partner, graceCampaigns } = place;
  const { snapshot, programme, nowMs } = input;
  const asked: ChoiceInput = { rule, snapshot, partner, graceCampaigns, programme, nowMs };
  const chosen = chooseGrant(asked);
  if ("grant" in chosen) return [openView(place, rule, chosen.grant)];
  const own = ownGrants(asked);
  switch (chosen.refusal.code) {
    case "WINDOW_NOT_OPEN":
      return viewAs("notOpen", rule, nextToOpen(own, nowMs));
    case "WINDOW_CLOSED":
    case "GRANT_EXPIRED":
    case "BENEFICIARY_NOT_VALIDATED":
      return viewAs("closed", rule, own.at(-1));
    default:
      return [];
  }
}

/** On a decline, the other avantages that can be used here now. */
export function othersUsableHere(
  place: ViewPlace,
  declined: AvantageRule,
  channel: Channel | null,
): readonly AvantageView[] {
  return rulesHere(place, channel)
    .filter((rule) => rule.code !== declined.code)
    .flatMap((rule) => viewOf(place, rule))
    .filter((view) => view.state === "open");
}

function viewAs(
  state: "notOpen" | "closed",
  rule: AvantageRule,
  grant: Grant | undefined,
): readonly AvantageView[] {
  return grant ? [{ ...nameOf(rule), ...datesOf(grant), state }] : [];
}

function openView(place: ViewPlace, rule: AvantageRule, grant: Grant | null): AvantageView {
  if (grant === null) return { ...nameOf(rule), state: "open" };
  const { input, partner } = place;
  const held = heldUnits(input.snapshot.holds, grant.id, input.nowMs);
  const available = availableUnits(rule, grant, partner, held);
  const remaining = remainingOf(rule, available);
  const view: AvantageView = {
    ...nameOf(rule),
    ...datesOf(grant),
    state: remaining && available === 0 ? "exhausted" : "open",
    ...(remaining && mayKnowBalance(input) ? { remaining } : {}),
  };
  const { purchaseCents, quantity } = input.request;
  if (checkForm(rule, input.request) !== null || isRecordOnly(rule)) return view;
  const coverage = cover({ rule, grant, partner, held, purchaseCents, quantity, exact: false });
  if ("refusal" in coverage) return view;
  const { figures } = coverage;
  // What a tap could not take is not promised: its proof would be refused.
  if (isAboveCeiling(place, rule, coverage.units)) return view;
  assert(figures.collectCents !== undefined, "what is covered leaves a known rest");
  return {
    ...view,
    collectCents: figures.collectCents,
    ...(figures.amountCents === undefined ? {} : { coversCents: figures.amountCents }),
    ...(figures.quantity === undefined ? {} : { coversQuantity: figures.quantity }),
  };
}

/** A chip that can be cloned is told what a sale would cover, and never what its holder has. */
function mayKnowBalance({ facts, snapshot, programme, rules }: DecideInput<Request>): boolean {
  if ((rules ?? TODAYS_RULES).weakTapToldBalance || !isTapAlone(facts, snapshot)) return true;
  const generation = programme.generations.get(snapshot.card?.generation ?? "");
  return (generation?.ceilings ?? null) === null;
}

function isAboveCeiling({ input }: ViewPlace, rule: AvantageRule, units: number): boolean {
  const { snapshot, programme, facts, day } = input;
  const isTap = isTapAlone(facts, snapshot);
  const cents = rule.unit === "EUR_CENT" ? units : 0;
  return "refusal" in checkCeilings({ snapshot, programme, isTap, cents, day });
}

function nameOf({ code, label, unit }: AvantageRule): Omit<AvantageView, "state"> {
  return { avantage: code, label, unit };
}

function datesOf({ window }: Grant): { usableUntil: string; usableFrom?: string } {
  const { firstDay, lastDay } = window;
  return { usableUntil: lastDay, ...(firstDay === null ? {} : { usableFrom: firstDay }) };
}
