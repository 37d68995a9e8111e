// The decision of an inquiry: what this card can use here, how much of a purchase it would cover, until when.

import type { Channel } from "@pass-tpe/protocol";
import { assert } from "./assert.js";
import { checkDeadline, closing, type DecideInput, decline, issueProof } from "./attempt.js";
import { channelOf, checkCredential } from "./credential.js";
import type { Decided, InquiryRequest, Refusal } from "./decision.js";
import { checkForm } from "./form.js";
import { isRecordOnly } from "./grants.js";
import type { Partner } from "./model.js";
import { checkAgrement, checkPlace } from "./place.js";
import type { AvantageRule } from "./programme.js";
import { rulesHere, type ViewPlace, viewOf } from "./views.js";

/** Decides an inquiry. It asks for the same credential as a sale on its channel, and debits nothing. */
export function inquire(input: DecideInput<InquiryRequest>): Decided {
  const { request, snapshot, programme, nowMs } = input;
  const named = request.avantage === null ? null : programme.avantages.get(request.avantage);
  const refuse = (refusal: Refusal) =>
    decline(input, refusal, { credentialPassed: false, ...(named ? { rule: named } : {}) });
  if (named === undefined) return refuse({ code: "OPERATION_NOT_SUPPORTED" });
  const late = checkDeadline(request);
  if (late) return refuse(late);
  const standing = checkPlace(snapshot, programme.campaigns, nowMs);
  if ("refusal" in standing) return refuse(standing.refusal);
  const { partner } = snapshot;
  assert(partner, "an inquiry without a partner was refused");
  const channel = channelOf(input.facts, snapshot);
  const asked = checkAsked({ request, partner, named, channel });
  if (asked) return refuse(asked);
  return answerHolder({ input, partner, graceCampaigns: standing.graceCampaigns }, named);
}

function answerHolder(place: InquiryPlace, named: AvantageRule | null): Decided {
  const { input } = place;
  const channel = channelOf(input.facts, input.snapshot);
  const rules = named ? [named] : rulesHere(place, channel);
  const { refusal, effects } = checkCredential({
    ...input,
    recordOnly: rules.every(isRecordOnly),
  });
  if (refusal) return decline(input, refusal, { credentialPassed: false, effects });
  const { proofRef } = input.request;
  return {
    code: "INQUIRY_ANSWERED",
    approved: true,
    figures: {},
    credentialPassed: true,
    channel,
    proofRef,
    avantages: rules.flatMap((rule) => viewOf(place, rule)),
    reason: null,
    effects: [...closing(input, true), ...effects, issueProof(input, proofRef)],
  };
}

interface InquiryPlace extends ViewPlace {
  readonly input: DecideInput<InquiryRequest>;
}

function checkAsked(asked: {
  readonly request: InquiryRequest;
  readonly partner: Partner;
  readonly named: AvantageRule | null;
  readonly channel: Channel | null;
}): Refusal | null {
  const { request, partner, named, channel } = asked;
  if (named === null) return null;
  const agrement = checkAgrement({ rule: named, partner, channel });
  if (agrement) return agrement;
  const asksForACover = request.purchaseCents !== null || request.quantity !== null;
  return asksForACover ? checkForm(named, request) : null;
}
