// The decision of a sale, in the one order of evaluation; the first failure wins.

import type { OutcomeCode } from "@pass-tpe/protocol";
import { assert } from "./assert.js";
import { checkDeadline, closing, type DecideInput, decline } from "./attempt.js";
import { cover } from "./coverage.js";
import { channelOf, checkCredential } from "./credential.js";
import type { Decided, Effect, Figures, Refusal, SaleRequest } from "./decision.js";
import { chooseGrant, isRecordOnly } from "./grants.js";
import type { AvantageRule } from "./model.js";
import { checkAgrement, checkForm, checkPlace } from "./place.js";

/**
 * Decides a sale: known avantage → deadline → terminal → partner → convention → agrément, channel, form → card or QR → card status →
 * PIN → grant → window → single use → balance (outcomes rule 2).
 */
export function authorize(input: DecideInput<SaleRequest>): Decided {
  const { request, snapshot, programme, nowMs } = input;
  const rule = programme.avantages.get(request.avantage);
  if (!rule)
    return decline(input, { code: "OPERATION_NOT_SUPPORTED" }, { credentialPassed: false });
  const early = checkDeadline(request) ?? checkPlace(snapshot, nowMs) ?? checkSale(input, rule);
  if (early) return decline(input, early, { credentialPassed: false, rule });
  const credential = checkCredential({ ...input, recordOnly: isRecordOnly(rule) });
  if (credential.refusal) {
    return decline(input, credential.refusal, {
      credentialPassed: false,
      rule,
      effects: credential.effects,
    });
  }
  return authorizeHolder(input, rule, credential.effects);
}

/** The part that speaks of the holder's rights: reached only once the credential has passed. */
function authorizeHolder(
  input: DecideInput<SaleRequest>,
  rule: AvantageRule,
  effects: readonly Effect[],
): Decided {
  const { request, snapshot, programme, nowMs } = input;
  const { grants } = snapshot;
  const chosen = chooseGrant({ rule, grants, campaigns: programme.campaigns, nowMs });
  if ("refusal" in chosen) {
    return decline(input, chosen.refusal, { credentialPassed: true, rule, effects });
  }
  const { grant } = chosen;
  const coverage = cover({ ...request, rule, grant });
  if ("refusal" in coverage) {
    return decline(input, coverage.refusal, { credentialPassed: true, rule, effects });
  }
  const { units, figures } = coverage;
  const debit: Effect[] =
    units === 0 ? [] : [{ type: "post", grantId: grant.id, units, spentBefore: grant.spent }];
  return {
    code: approvalCode(rule, figures),
    approved: true,
    figures,
    credentialPassed: true,
    channel: channelOf(input.facts, snapshot),
    proofRef: null,
    avantages: [],
    effects: [...closing(input, true), ...effects, ...debit],
  };
}

function approvalCode(rule: AvantageRule, figures: Figures): OutcomeCode {
  if (isRecordOnly(rule)) return "APPROVED_RECORD";
  if (rule.unit === "EUR_CENT") return figures.collectCents === 0 ? "APPROVED" : "APPROVED_PARTIAL";
  return "APPROVED_SEATS";
}

function checkSale(input: DecideInput<SaleRequest>, rule: AvantageRule): Refusal | null {
  const { partner } = input.snapshot;
  assert(partner, "a sale without a partner was refused");
  const channel = channelOf(input.facts, input.snapshot);
  return checkAgrement({ rule, partner, channel }) ?? checkForm(rule, input.request);
}
