// Grants taken away: validated by mistake, or left. What was spent stays spent.

import type { BeneficiaryCase } from "./case.js";
import type { Loaded } from "./loaded.js";
import { accountOf, checkCampaignAndScope, isRefused, settled } from "./results.js";

export function revokeGrants(input: BeneficiaryCase<"grants.revoked">): Loaded {
  const { event, file, programme } = input;
  const { avantages, campaign } = event;
  const account = accountOf(file, event.beneficiary);
  if (isRefused(account)) return account;
  const unknown = checkCampaignAndScope(programme, event);
  if (unknown) return unknown;
  const ofCampaign = file.grants.filter((grant) => grant.campaign === campaign);
  const meant = ofCampaign.filter(
    ({ avantage }) => avantages === "ALL" || avantages.includes(avantage),
  );
  const absent = (avantages === "ALL" ? [] : avantages).filter(
    (code) => !meant.some(({ avantage }) => avantage === code),
  );
  return settled(
    meant
      .filter(({ revoked }) => !revoked)
      .map(({ id }) => ({
        type: "setGrantRevoked",
        accountId: account.id,
        grantId: id,
        revoked: true,
      })),
    absent.map(
      (code) => `${account.id} has no ${code} in ${campaign ?? "no campaign"}: nothing to revoke`,
    ),
  );
}
