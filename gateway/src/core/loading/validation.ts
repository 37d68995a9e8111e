// A validation or revalidation by an établissement, or by the operator in its place: what must hold before it grants.

import { entitle } from "../entitlement/entitle.js";
import type { Programme } from "../programme.js";
import type { BeneficiaryCase } from "./case.js";
import type { Attributes } from "./event.js";
import type { Loaded } from "./loaded.js";
import { openCampaign } from "./open-campaign.js";
import { regrant } from "./regrant.js";
import { isRefused, orderedAccount, type Refused, refused } from "./results.js";

type Validation = BeneficiaryCase<"beneficiary.validated">;

export function validateBeneficiary(input: Validation): Loaded {
  const { agent, event, file, programme, calendar, nowMs } = input;
  const stranger = checkOwnPupil(input);
  if (stranger) return stranger;
  const account = orderedAccount(file, event.beneficiary);
  if (isRefused(account)) return account;
  const campaign = openCampaign({ ...input, campaign: event.campaign, asked: "validations" });
  if (isRefused(campaign)) return campaign;
  const { attributes } = event;
  const unknown = checkWords(programme, attributes);
  if (unknown) return unknown;
  if (account.etablissement !== event.etablissement) {
    return refused(
      "CONTRADICTION",
      `beneficiary ${account.id} is not at ${event.etablissement} by the record: beneficiary.moved must come first`,
    );
  }
  return regrant({
    accountId: account.id,
    campaign: campaign.code,
    formation: attributes.formation,
    grants: file.grants,
    mayRestore: agent.role === "operator",
    nowMs,
    entitled: entitle({ programme, campaign, accountId: account.id, attributes, calendar }),
  });
}

/** An établissement reaches its own pupils, and is not told whether anybody else exists. */
function checkOwnPupil({ agent, event, file }: Validation): Refused | null {
  if (agent.role !== "etablissement") return null;
  const { etablissement } = agent;
  const own =
    etablissement !== null &&
    event.etablissement === etablissement &&
    file.account?.etablissement === etablissement;
  if (own) return null;
  return refused(
    "NOT_ALLOWED",
    `${event.beneficiary} is no pupil of this établissement by the record: the operator must enter or move the pupil first`,
  );
}

function checkWords({ vocabulary, formations }: Programme, said: Attributes): Refused | null {
  for (const key of ["status", "level", "track"] as const) {
    if (!vocabulary[key].includes(said[key])) return notAWord(key);
  }
  if (said.flags.some((word) => !vocabulary.flags.includes(word))) return notAWord("flags");
  const { formation } = said;
  return formation === null || formations.has(formation) ? null : notAWord("formation");
}

/** Names the field and never the word: a refusal is kept, and a wrong word could say what must not be known. */
function notAWord(field: keyof Attributes): Refused {
  return refused(
    "NOT_IN_PROGRAMME",
    `attributes.${field} holds a word that the programme does not have: see its vocabulary`,
  );
}
