// Whether the Région suspended an avantage for a holder: of one campaign, until that campaign's own end.

import type { Grant, Suspension } from "./model.js";
import type { AvantageRule, Campaign } from "./programme.js";

/**
 * Whether a grant, or an avantage without grants, is suspended now. A suspension names its campaign and leaves the next
 * one's grants free; what belongs to no campaign is suspended until the named campaign has wholly ended (T-40).
 */
export function isSuspended(input: {
  readonly rule: AvantageRule;
  /** Null where the avantage needs none. */
  readonly grant: Pick<Grant, "campaign"> | null;
  readonly suspensions: readonly Suspension[];
  readonly campaigns: readonly Campaign[];
  readonly nowMs: number;
}): boolean {
  const { rule, grant, suspensions, campaigns, nowMs } = input;
  const own = grant?.campaign ?? null;
  return suspensions.some((suspension) => {
    if (!covers(suspension, rule)) return false;
    if (own !== null) return suspension.campaign === own;
    const campaign = campaigns.find(({ code }) => code === suspension.campaign);
    return campaign !== undefined && nowMs < campaign.endsAtMs;
  });
}

/** Everything leaves the everyday uses alone; a list is what it names. */
function covers({ avantages }: Suspension, rule: AvantageRule): boolean {
  return avantages === "ALL" ? !rule.outsideSuspension : avantages.includes(rule.code);
}
