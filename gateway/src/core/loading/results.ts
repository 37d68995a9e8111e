// The two ways in which an event ends, and what several events must look up first.

import type { Programme } from "../programme.js";
import type { Scope } from "./event.js";
import type { BeneficiaryFile, FiledAccount, FiledPartner, PartnerFile } from "./file.js";
import type { Loaded, LoadRefusalCode, LoadWrite } from "./loaded.js";

export type Refused = Extract<Loaded, { readonly outcome: "refused" }>;

/** @param detail in English, for the sender: what is wrong and what must be done. No personal data. */
export function refused(code: LoadRefusalCode, detail: string): Refused {
  return { outcome: "refused", code, detail };
}

export function isRefused(found: object): found is Refused {
  return "outcome" in found && found.outcome === "refused";
}

/** Without a write everything was as the event says. */
export function settled(writes: readonly LoadWrite[], notes: readonly string[] = []): Loaded {
  return { outcome: writes.length === 0 ? "unchanged" : "applied", notes, writes };
}

export function accountOf(file: BeneficiaryFile, beneficiary: string): FiledAccount | Refused {
  if (file.account !== null) return file.account;
  return refused(
    "UNKNOWN_SUBJECT",
    `no beneficiary ${beneficiary} is on record: card.ordered must come first`,
  );
}

/** The account of somebody who ordered a card and accepted the charter. */
export function orderedAccount(file: BeneficiaryFile, beneficiary: string): FiledAccount | Refused {
  const account = accountOf(file, beneficiary);
  if (isRefused(account) || account.charterAcceptedOn !== null) return account;
  return refused(
    "OUT_OF_ORDER",
    `no accepted charter of ${beneficiary} is on record: card.ordered with its charterAcceptedOn must come first`,
  );
}

export function partnerOf(file: PartnerFile, partner: string): FiledPartner | Refused {
  if (file.partner !== null) return file.partner;
  return refused(
    "UNKNOWN_SUBJECT",
    `no partner ${partner} is on record: partner.saved must come first`,
  );
}

/** Refuses a campaign or an avantage that the programme does not have. */
export function checkCampaignAndScope(
  programme: Programme,
  { campaign, avantages }: { readonly campaign: string | null; readonly avantages: Scope },
): Refused | null {
  if (campaign !== null && !programme.campaigns.some(({ code }) => code === campaign)) {
    return refused("NOT_IN_PROGRAMME", `the programme has no campaign ${campaign}`);
  }
  const listed = avantages === "ALL" ? [] : avantages;
  const unknown = listed.find((avantage) => !programme.avantages.has(avantage));
  if (unknown === undefined) return null;
  return refused("NOT_IN_PROGRAMME", `the programme has no avantage ${unknown}`);
}

/** Whether two lists hold the same words, in whatever order. */
export function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.every((word) => b.includes(word)) && b.every((word) => a.includes(word));
}
