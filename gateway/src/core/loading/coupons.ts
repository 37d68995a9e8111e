// The number of coupons that a beneficiary has in a campaign: it comes with a load, as a total (T-45).

import type { BeneficiaryCase } from "./case.js";
import type { Loaded } from "./loaded.js";
import { accountOf, checkCampaignAndScope, isRefused, refused, settled } from "./results.js";

export function loadCoupons(input: BeneficiaryCase<"coupons.loaded">): Loaded {
  const { event, file, programme } = input;
  const { avantage, campaign, count } = event;
  const account = accountOf(file, event.beneficiary);
  if (isRefused(account)) return account;
  const unknown = checkCampaignAndScope(programme, { campaign, avantages: [avantage] });
  if (unknown) return unknown;
  const unit = programme.avantages.get(avantage)?.unit;
  if (unit !== "COUPON") {
    return refused("NOT_IN_PROGRAMME", `${avantage} is counted in ${unit}: it has no coupons`);
  }
  const grant = file.grants.find((it) => it.avantage === avantage && it.campaign === campaign);
  if (grant === undefined || grant.revoked) {
    return refused(
      "OUT_OF_ORDER",
      `${account.id} has no ${avantage} in ${campaign}: beneficiary.validated must come first`,
    );
  }
  if (count < grant.amount) {
    return refused(
      "CONTRADICTION",
      `${grant.amount} coupons of ${avantage} are loaded, more than ${count}: the count is the total, and it only rises`,
    );
  }
  if (count === grant.amount) return settled([]);
  const { supplement, window, rule } = grant;
  return settled([
    {
      type: "raiseGrant",
      accountId: account.id,
      grantId: grant.id,
      amountBefore: grant.amount,
      amount: count,
      supplement,
      window,
      rule,
    },
  ]);
}
