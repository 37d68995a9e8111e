// Whether orders or validations of a campaign are open.

import type { Calendar } from "../entitlement/calendar.js";
import type { Campaign, Programme } from "../programme.js";
import { type Refused, refused } from "./results.js";

/** The campaign, when it takes what is asked now: from its day on until the end of its last window. */
export function openCampaign(input: {
  readonly programme: Programme;
  readonly campaign: string;
  readonly asked: "orders" | "validations";
  readonly nowMs: number;
  readonly calendar: Calendar;
}): Campaign | Refused {
  const { programme, asked, nowMs, calendar } = input;
  const campaign = programme.campaigns.find(({ code }) => code === input.campaign);
  if (campaign === undefined) {
    return refused("NOT_IN_PROGRAMME", `the programme has no campaign ${input.campaign}`);
  }
  const fromMs = asked === "orders" ? campaign.ordersFromMs : campaign.validationsFromMs;
  if (fromMs !== null && nowMs < fromMs) {
    const day = calendar.parisDay(fromMs);
    return refused("OUTSIDE_CAMPAIGN", `${asked} of ${campaign.code} open on ${day}`);
  }
  if (nowMs >= campaign.endsAtMs) {
    const day = calendar.parisDay(campaign.endsAtMs - 1);
    return refused("OUTSIDE_CAMPAIGN", `${campaign.code} ended on ${day}`);
  }
  return campaign;
}
