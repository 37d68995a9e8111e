// Decides what an event changes: the one way in, for every sender and every event.

import { moveBeneficiary, orderCard } from "./accounts.js";
import { giveAgrement, withdrawAgrement } from "./agrements.js";
import { saveBankAccount } from "./bank-accounts.js";
import { issueCard, makeCard, replaceCard } from "./cards.js";
import { type BeneficiaryCase, isPartnerEvent, type PartnerCase } from "./case.js";
import { fulfilCommitment } from "./commitments.js";
import { saveConvention } from "./conventions.js";
import { loadCoupons } from "./coupons.js";
import { declareEquipment } from "./declarations.js";
import { receiveJustificatif, rejectJustificatif } from "./justificatifs.js";
import type { Loaded } from "./loaded.js";
import { registerReport, savePartner, savePointOfSale } from "./partners.js";
import { revokeGrants } from "./revocations.js";
import { checkRole } from "./roles.js";
import { decideSuspension, liftSuspension } from "./suspensions.js";
import { validateBeneficiary } from "./validation.js";
import { restoreCard, withdrawCard } from "./withdrawals.js";

/**
 * What an event changes, given who sends it and what is on record. Pure: the same input gives the same writes, and an
 * event that was applied changes nothing when it comes again.
 *
 * @returns writes to apply as a whole, or a refusal that says what must be done. It never throws for a bad event.
 */
export function load(input: BeneficiaryCase | PartnerCase): Loaded {
  const forbidden = checkRole(input.event.type, input.agent);
  if (forbidden) return forbidden;
  return isPartnerCase(input) ? loadPartner(input) : loadBeneficiary(input);
}

function isPartnerCase(input: BeneficiaryCase | PartnerCase): input is PartnerCase {
  return isPartnerEvent(input.event);
}

function loadBeneficiary(input: BeneficiaryCase): Loaded {
  const { event } = input;
  switch (event.type) {
    case "card.ordered":
      return orderCard({ ...input, event });
    case "beneficiary.validated":
      return validateBeneficiary({ ...input, event });
    case "beneficiary.moved":
      return moveBeneficiary({ ...input, event });
    case "card.made":
      return makeCard({ ...input, event });
    case "card.issued":
      return issueCard({ ...input, event });
    case "card.replaced":
      return replaceCard({ ...input, event });
    case "card.withdrawn":
      return withdrawCard({ ...input, event });
    case "card.restored":
      return restoreCard({ ...input, event });
    case "commitment.fulfilled":
      return fulfilCommitment({ ...input, event });
    case "coupons.loaded":
      return loadCoupons({ ...input, event });
    case "grants.revoked":
      return revokeGrants({ ...input, event });
    case "suspension.decided":
      return decideSuspension({ ...input, event });
    case "suspension.lifted":
      return liftSuspension({ ...input, event });
  }
}

function loadPartner(input: PartnerCase): Loaded {
  const { event } = input;
  switch (event.type) {
    case "partner.saved":
      return savePartner({ ...input, event });
    case "pointOfSale.saved":
      return savePointOfSale({ ...input, event });
    case "convention.saved":
      return saveConvention({ ...input, event });
    case "agrement.given":
      return giveAgrement({ ...input, event });
    case "agrement.withdrawn":
      return withdrawAgrement({ ...input, event });
    case "bankAccount.saved":
      return saveBankAccount({ ...input, event });
    case "equipment.declared":
      return declareEquipment({ ...input, event });
    case "justificatif.received":
      return receiveJustificatif({ ...input, event });
    case "justificatif.rejected":
      return rejectJustificatif({ ...input, event });
    case "incivility.reported":
      return registerReport({ ...input, event });
  }
}
