// The decision of a sale, in the one order of evaluation; the first failure wins.

import type { OutcomeCode } from "@pass-tpe/protocol";
import { assert } from "./assert.js";
import { checkDeadline, closing, type DecideInput, decline, TODAYS_RULES } from "./attempt.js";
import { type Coverage, cover } from "./coverage.js";
import { channelOf, checkCredential, isTapAlone } from "./credential.js";
import type { Decided, Effect, Figures, Refusal, SaleRequest } from "./decision.js";
import { checkForm } from "./form.js";
import { chooseGrant, isRecordOnly } from "./grants.js";
import { heldUnits } from "./holds.js";
import { checkCeilings, checkVelocity } from "./limits.js";
import type { Grant } from "./model.js";
import { checkAgrement, checkPlace } from "./place.js";
import type { AvantageRule } from "./programme.js";
import { othersUsableHere, type ViewPlace } from "./views.js";
import { isSameVisit, visitEffects } from "./visits.js";

/**
 * Decides a sale: known avantage → deadline → terminal → partner → convention → agrément, channel, form → card or QR →
 * card status → PIN → grant → suspension → window → single use → ceilings → balance → velocity (outcomes rule 2).
 */
export function authorize(input: DecideInput<SaleRequest>): Decided {
  const { request, snapshot, programme, nowMs } = input;
  const rule = programme.avantages.get(request.avantage);
  const refuse = (refusal: Refusal, effects: readonly Effect[] = []) =>
    decline(input, refusal, { credentialPassed: false, effects, ...(rule ? { rule } : {}) });
  if (!rule) return refuse({ code: "OPERATION_NOT_SUPPORTED" });
  const late = checkDeadline(request);
  if (late) return refuse(late);
  const standing = checkPlace(snapshot, programme.campaigns, nowMs);
  if ("refusal" in standing) return refuse(standing.refusal);
  const { partner } = snapshot;
  assert(partner, "a sale without a partner was refused");
  const channel = channelOf(input.facts, snapshot);
  const early =
    checkAgrement({ rule, partner, channel }) ??
    checkForm(rule, request) ??
    checkHold(rule, request);
  if (early) return refuse(early);
  const credential = checkCredential({ ...input, recordOnly: isRecordOnly(rule) });
  if (credential.refusal) return refuse(credential.refusal, credential.effects);
  const { graceCampaigns } = standing;
  return authorizeHolder({ input, partner, graceCampaigns, rule, effects: credential.effects });
}

/** A use that is only recorded takes nothing: there is nothing to hold. */
function checkHold(rule: AvantageRule, { capture }: SaleRequest): Refusal | null {
  if (capture || !isRecordOnly(rule)) return null;
  return { code: "OPERATION_NOT_SUPPORTED", reason: "NOTHING_TO_HOLD" };
}

/** A sale whose credential has passed. */
interface HolderCase extends ViewPlace {
  readonly input: DecideInput<SaleRequest>;
  readonly rule: AvantageRule;
  /** What the credential's check changes. */
  readonly effects: readonly Effect[];
}

/** The part that speaks of the holder's rights: reached only once the credential has passed. */
function authorizeHolder(holder: HolderCase): Decided {
  const { input, partner, graceCampaigns, rule } = holder;
  const { request, snapshot, programme, nowMs } = input;
  const chosen = chooseGrant({ rule, snapshot, partner, graceCampaigns, programme, nowMs });
  if ("refusal" in chosen) return declineHolder(holder, chosen.refusal);
  const { grant } = chosen;
  const coverage: Coverage =
    grant === null
      ? { units: 0, figures: {} }
      : cover({
          ...request,
          rule,
          grant,
          partner,
          held: heldUnits(snapshot.holds, grant.id, nowMs),
        });
  const tap = checkCeilings({
    snapshot,
    programme,
    isTap: isTapAlone(input.facts, snapshot),
    cents: centsAtStake(rule, request, coverage),
    day: input.day,
  });
  if ("refusal" in tap) {
    // The tap is not enough for this: as long as no code secret came, nothing more is said of the holder.
    const { effects } = holder;
    const { stepUp } = input.rules ?? TODAYS_RULES;
    return decline(input, tap.refusal, { credentialPassed: false, rule, effects, stepUp });
  }
  if ("refusal" in coverage) return declineHolder(holder, coverage.refusal);
  const tooOften = isRecordOnly(rule) ? null : checkVelocity(snapshot, programme, nowMs);
  if (tooOften) return declineHolder(holder, tooOften);
  return approve(holder, { grant, coverage, effects: tap.effects });
}

/** What a sale would take in cents; where it is refused for want of a balance, what it asked for. */
function centsAtStake(rule: AvantageRule, request: SaleRequest, coverage: Coverage): number {
  if (rule.unit !== "EUR_CENT") return 0;
  if ("units" in coverage) return coverage.units;
  // Naming a balance above the ceiling would tell a cloned chip what the code secret is there to keep.
  return coverage.refusal.code === "INSUFFICIENT_BALANCE" ? (request.purchaseCents ?? 0) : 0;
}

/** What a covered sale does to its grant: the debit, or the hold that a capture turns into one. */
function drawing(
  { request, programme, nowMs }: DecideInput<SaleRequest>,
  grant: Grant | null,
  units: number,
): { readonly effects: readonly Effect[]; readonly figures: Figures } {
  if (grant === null || units === 0) return { effects: [], figures: {} };
  if (request.capture) {
    const { id: grantId, spent: spentBefore } = grant;
    return { effects: [{ type: "post", grantId, units, spentBefore }], figures: {} };
  }
  assert(grant.unit !== "RECORD" && grant.unit !== "UNLIMITED", "a record holds nothing");
  // Nothing is debited outside the grant's window (I5), so nothing is held beyond it either.
  const expiresAtMs = Math.min(nowMs + programme.settings.holdMs, grant.window.toMs);
  return {
    effects: [{ type: "placeHold", grantId: grant.id, units, expiresAtMs }],
    figures: { taken: { unit: grant.unit, value: units }, holdExpiresAtMs: expiresAtMs },
  };
}

function approve(
  { input, rule, effects }: HolderCase,
  sale: {
    readonly grant: Grant | null;
    readonly coverage: Exclude<Coverage, { refusal: Refusal }>;
    readonly effects: readonly Effect[];
  },
): Decided {
  const { facts, snapshot, request, nowMs } = input;
  const { units, figures } = sale.coverage;
  const drawn = drawing(input, sale.grant, units);
  const again = isSameVisit(rule, snapshot, nowMs);
  const visit = again ? [] : visitEffects(rule, snapshot);
  const { purchaseCents } = request;
  const declared = isRecordOnly(rule) && purchaseCents !== null;
  return {
    code: codeOf(rule, request, { again, figures }),
    approved: true,
    figures: {
      ...figures,
      ...drawn.figures,
      ...(declared ? { declaredCents: purchaseCents } : {}),
    },
    credentialPassed: true,
    channel: channelOf(facts, snapshot),
    proofRef: null,
    avantages: [],
    reason: null,
    effects: [...closing(input, true), ...effects, ...sale.effects, ...drawn.effects, ...visit],
  };
}

function codeOf(
  rule: AvantageRule,
  { capture }: SaleRequest,
  sale: { readonly again: boolean; readonly figures: Figures },
): OutcomeCode {
  if (sale.again) return "APPROVED_SAME_VISIT";
  return capture ? approvalCode(rule, sale.figures) : "APPROVED_HELD";
}

function approvalCode({ unit }: AvantageRule, figures: Figures): OutcomeCode {
  switch (unit) {
    case "RECORD":
    case "UNLIMITED":
      return "APPROVED_RECORD";
    case "SEAT":
      return "APPROVED_SEATS";
    case "COUPON":
      return "APPROVED_COUPONS";
    case "EUR_CENT":
      return figures.collectCents === 0 ? "APPROVED" : "APPROVED_PARTIAL";
  }
}

/**
 * Declines a holder who has proved to be one: with the other avantages that the card can use here, and a proof, so that
 * one of them is taken without another tap. A tap that was good for a record alone shows no balances, and who has
 * bought too often is offered nothing more to buy.
 */
function declineHolder(holder: HolderCase, refusal: Refusal): Decided {
  const { input, rule, effects } = holder;
  const { card } = input.snapshot;
  const channel = channelOf(input.facts, input.snapshot);
  const forRecordsAlone = isRecordOnly(rule) && channel === "NFC" && card?.pinSet !== true;
  const silent = forRecordsAlone || refusal.code === "VELOCITY_LIMIT";
  const avantages = silent ? [] : othersUsableHere(holder, rule, channel);
  return decline(input, refusal, { credentialPassed: true, rule, effects, avantages });
}
