// Events about one young person, with everything in order, so that a test says only what matters to it.

import type {
  Agent,
  Attributes,
  BeneficiaryEvent,
  LoadedCard,
  Scope,
} from "../../../gateway/src/core/loading/event.js";

export const HOLDER = "beneficiary-1";
export const LYCEE = "lycee-1";
export const THIS_YEAR = "2022/2023";
export const LAST_YEAR = "2021/2022";

export const OPERATOR: Agent = { id: "operator-1", role: "operator", etablissement: null };
export const REGION: Agent = { id: "region-1", role: "region", etablissement: null };
export const LYCEE_AGENT: Agent = { id: "agent-1", role: "etablissement", etablissement: LYCEE };

/** A lycéen of the Seconde générale, of no formation that gives equipment. */
export function aPupil(change: Partial<Attributes> = {}): Attributes {
  return {
    status: "LYCEEN",
    level: "SECONDE",
    track: "GENERALE",
    formation: null,
    flags: [],
    birthDay: null,
    ...change,
  };
}

/** An apprenti who is 18 in March 2023. */
export function anApprenti(change: Partial<Attributes> = {}): Attributes {
  return aPupil({
    status: "APPRENTI",
    level: "AUTRE",
    track: "AUTRE",
    birthDay: "2004-05-02",
    ...change,
  });
}

export function order(
  change: Partial<Extract<BeneficiaryEvent, { type: "card.ordered" }>> = {},
): BeneficiaryEvent {
  return {
    type: "card.ordered",
    beneficiary: HOLDER,
    holder: "Camille D.",
    etablissement: LYCEE,
    campaign: THIS_YEAR,
    charterAcceptedOn: "2022-06-07",
    ...change,
  };
}

export function validation(
  attributes: Partial<Attributes> = {},
  campaign = THIS_YEAR,
): BeneficiaryEvent {
  return {
    type: "beneficiary.validated",
    beneficiary: HOLDER,
    campaign,
    etablissement: LYCEE,
    attributes: aPupil(attributes),
  };
}

export function commitment(word: string, proofs: readonly string[]): BeneficiaryEvent {
  return { type: "commitment.fulfilled", beneficiary: HOLDER, commitment: word, proofs };
}

export function coupons(count: number): BeneficiaryEvent {
  return {
    type: "coupons.loaded",
    beneficiary: HOLDER,
    campaign: THIS_YEAR,
    avantage: "SANTE_COUPON",
    count,
  };
}

export function revocation(
  avantages: Scope,
  campaign: string | null = THIS_YEAR,
): BeneficiaryEvent {
  return { type: "grants.revoked", beneficiary: HOLDER, campaign, avantages };
}

export function suspension(avantages: Scope, campaign = THIS_YEAR): BeneficiaryEvent {
  return {
    type: "suspension.decided",
    beneficiary: HOLDER,
    suspension: "suspension-1",
    campaign,
    avantages,
    decisionRef: "D-2023-17",
  };
}

export function lift(): BeneficiaryEvent {
  return {
    type: "suspension.lifted",
    beneficiary: HOLDER,
    suspension: "suspension-1",
    decisionRef: "D-2023-18",
  };
}

export function aLoadedCard(id = "card-1"): LoadedCard {
  return {
    id,
    generation: "SDM-1",
    lastFour: "0007",
    numberIndex: new Uint8Array(),
    numberEncrypted: new Uint8Array(),
    identifierIndex: null,
  };
}

export function issue(id = "card-1"): BeneficiaryEvent {
  return { type: "card.issued", beneficiary: HOLDER, card: aLoadedCard(id) };
}
