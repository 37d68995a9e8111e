// Whether somebody is what a rule asks for. A criterion that is not given holds for everybody.

import type { Attributes } from "../loading/event.js";
import type { Criteria } from "../programme.js";

/** What somebody did, and what shows it. */
export interface Fulfilment {
  readonly commitment: string;
  readonly proofs: readonly string[];
}

/** What a validation says, and for which campaign. */
interface Validated {
  readonly attributes: Attributes;
  readonly campaign: string;
}

/** A validation says nothing of commitments: a rule that asks for one, or for its proof, is not met by it. */
export function meetsByValidation(criteria: Criteria, said: Validated): boolean {
  const { attributes } = said;
  const { status, level, track, flags, commitment, proofs } = criteria;
  if (commitment !== null || proofs !== null) return false;
  return (
    (criteria.campaign?.includes(said.campaign) ?? true) &&
    (status?.includes(attributes.status) ?? true) &&
    (level?.includes(attributes.level) ?? true) &&
    (track?.includes(attributes.track) ?? true) &&
    (flags?.some((flag) => attributes.flags.includes(flag)) ?? true)
  );
}

/** Whether a rule rewards this commitment, its proofs aside. A commitment says nothing of campaign, status, level or flags. */
export function rewards(criteria: Criteria, commitment: string): boolean {
  const { campaign, status, level, track, flags } = criteria;
  const asksMore = [campaign, status, level, track, flags].some((criterion) => criterion !== null);
  return !asksMore && (criteria.commitment?.includes(commitment) ?? false);
}

/** The proofs that a rule asks for and that were not shown. */
export function missingProofs(criteria: Criteria, proofs: readonly string[]): readonly string[] {
  return (criteria.proofs ?? []).filter((proof) => !proofs.includes(proof));
}
