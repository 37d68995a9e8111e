// A young person's account: made by the order of a card, moved from one établissement to another.

import type { BeneficiaryCase } from "./case.js";
import type { FiledAccount } from "./file.js";
import type { Loaded } from "./loaded.js";
import { openCampaign } from "./open-campaign.js";
import { accountOf, isRefused, refused, settled } from "./results.js";

/**
 * « Les jeunes prennent connaissance et acceptent la charte avant de procéder à la commande »: no account without it. An
 * account that was taken over without a charter gets what it lacks from its first order.
 */
export function orderCard(input: BeneficiaryCase<"card.ordered">): Loaded {
  const { event, file } = input;
  const { charterAcceptedOn } = event;
  if (charterAcceptedOn === null) {
    return refused(
      "OUT_OF_ORDER",
      "the charter was not accepted: the young person must accept it first, in the own account",
    );
  }
  const campaign = openCampaign({ ...input, campaign: event.campaign, asked: "orders" });
  if (isRefused(campaign)) return campaign;
  const ordered: FiledAccount = {
    id: event.beneficiary,
    holder: event.holder,
    etablissement: event.etablissement,
    charterAcceptedOn,
  };
  const { account } = file;
  if (account === null) return settled([{ type: "putAccount", account: ordered }]);
  const other = otherThanOnRecord(account, ordered);
  if (other !== null) return refused("CONTRADICTION", other);
  // An earlier order that arrives late does not take a later acceptance back.
  const isNews =
    account.etablissement === null ||
    account.charterAcceptedOn === null ||
    account.charterAcceptedOn < charterAcceptedOn;
  return settled(isNews ? [{ type: "putAccount", account: ordered }] : []);
}

function otherThanOnRecord(account: FiledAccount, ordered: FiledAccount): string | null {
  if (account.holder !== ordered.holder) {
    return `beneficiary ${account.id} is on record under another name: the operator must find out which person it is`;
  }
  if (account.etablissement !== null && account.etablissement !== ordered.etablissement) {
    return `beneficiary ${account.id} is at ${account.etablissement}: beneficiary.moved must come first`;
  }
  return null;
}

export function moveBeneficiary(input: BeneficiaryCase<"beneficiary.moved">): Loaded {
  const { event, file } = input;
  const account = accountOf(file, event.beneficiary);
  if (isRefused(account)) return account;
  const { etablissement } = event;
  if (account.etablissement === etablissement) return settled([]);
  return settled([{ type: "putAccount", account: { ...account, etablissement } }]);
}
