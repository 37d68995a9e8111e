// What the operator, the Région and établissements tell the gateway: one vocabulary, one event one change.

import type { CardStatus, Convention } from "../model.js";
import type { BankAccount, EquipmentDeclaration, Justificatif } from "../settlement/model.js";

/** What an établissement says of a pupil, in the programme's words. Nothing of it is kept: grants are. */
export interface Attributes {
  readonly status: string;
  readonly level: string;
  readonly track: string;
  /** A formation of the programme; null where it gives no equipment. */
  readonly formation: string | null;
  /** Attested upstream, opaque here: the gateway learns no handicap, health or gender. */
  readonly flags: readonly string[];
  /** Paris civil date; only where an age is asked of an avantage, and not kept as such. */
  readonly birthDay: string | null;
}

/** A card as it is stored: sealed before it comes here, so that no number passes through the core. */
export interface LoadedCard {
  readonly id: string;
  readonly generation: string;
  readonly lastFour: string;
  readonly numberIndex: Uint8Array;
  readonly numberEncrypted: Uint8Array;
  readonly identifierIndex: Uint8Array | null;
}

/** Avantages by code, or all of them. */
export type Scope = readonly string[] | "ALL";

/** Events about a young person. */
export type BeneficiaryEvent =
  | {
      /** Asked for in the person's own account, with the charter accepted. */
      readonly type: "card.ordered";
      readonly beneficiary: string;
      /** First name and initial. */
      readonly holder: string;
      readonly etablissement: string;
      readonly campaign: string;
      /** Paris civil date on which the charter was accepted; null: it was not. */
      readonly charterAcceptedOn: string | null;
    }
  | {
      /** First validation and revalidation alike: the grants of one campaign are loaded. */
      readonly type: "beneficiary.validated";
      readonly beneficiary: string;
      readonly campaign: string;
      readonly etablissement: string;
      readonly attributes: Attributes;
    }
  | {
      readonly type: "beneficiary.moved";
      readonly beneficiary: string;
      readonly etablissement: string;
    }
  | { readonly type: "card.made"; readonly beneficiary: string; readonly card: LoadedCard }
  | { readonly type: "card.issued"; readonly beneficiary: string; readonly card: LoadedCard }
  | {
      readonly type: "card.replaced";
      readonly beneficiary: string;
      readonly replacedCardId: string;
      readonly card: LoadedCard;
    }
  | {
      readonly type: "card.withdrawn";
      readonly beneficiary: string;
      readonly cardId: string;
      readonly status: Extract<CardStatus, "LOST" | "STOLEN" | "BLOCKED" | "EXPIRED">;
    }
  | { readonly type: "card.restored"; readonly beneficiary: string; readonly cardId: string }
  | {
      /** Droits et devoirs: a mission done, a brevet held. */
      readonly type: "commitment.fulfilled";
      readonly beneficiary: string;
      readonly commitment: string;
      readonly proofs: readonly string[];
    }
  | {
      readonly type: "coupons.loaded";
      readonly beneficiary: string;
      readonly campaign: string;
      readonly avantage: string;
      /** In all for this campaign, not on top. */
      readonly count: number;
    }
  | {
      /** Validated by mistake, or left: what is left is out of reach, what was spent stays spent. */
      readonly type: "grants.revoked";
      readonly beneficiary: string;
      /** Null: the aids that belong to no campaign (PERMIS_B). */
      readonly campaign: string | null;
      readonly avantages: Scope;
    }
  | {
      readonly type: "suspension.decided";
      readonly beneficiary: string;
      readonly suspension: string;
      readonly campaign: string;
      readonly avantages: Scope;
      /** The decision's own reference; never a motive. */
      readonly decisionRef: string;
    }
  | {
      readonly type: "suspension.lifted";
      readonly beneficiary: string;
      readonly suspension: string;
      readonly decisionRef: string;
    };

/** Events about a partner. */
export type PartnerEvent =
  | {
      readonly type: "partner.saved";
      readonly partner: string;
      readonly name: string;
      readonly status: "active" | "suspended";
      readonly types: readonly string[];
      readonly flags: readonly string[];
    }
  | {
      readonly type: "pointOfSale.saved";
      readonly partner: string;
      readonly pointOfSale: string;
      readonly name: string;
      readonly city: string;
    }
  | {
      readonly type: "convention.saved";
      readonly partner: string;
      readonly convention: Convention;
    }
  | { readonly type: "agrement.given"; readonly partner: string; readonly avantage: string }
  | { readonly type: "agrement.withdrawn"; readonly partner: string; readonly avantage: string }
  | {
      /** Where the partner is paid. */
      readonly type: "bankAccount.saved";
      readonly partner: string;
      readonly account: BankAccount;
    }
  | {
      /** A shop's yearly word: the types of equipment that it sells, or that it is not concerned. */
      readonly type: "equipment.declared";
      readonly partner: string;
      readonly declaration: EquipmentDeclaration;
    }
  | {
      readonly type: "justificatif.received";
      readonly partner: string;
      readonly justificatif: Justificatif;
    }
  | {
      /** Found wanting after it was received: what is unpaid is held again. */
      readonly type: "justificatif.rejected";
      readonly partner: string;
      readonly reference: string;
      /** Paris civil date. */
      readonly rejectedOn: string;
    }
  | {
      /** Received by mail and registered; it changes nothing at any till. No facts, by the source's own words. */
      readonly type: "incivility.reported";
      readonly partner: string;
      readonly report: string;
      readonly beneficiary: string;
      /** Paris civil date. */
      readonly receivedOn: string;
    };

export type LoadEvent = BeneficiaryEvent | PartnerEvent;

export type Role = "operator" | "region" | "etablissement";

/** Who sends an event: known by certificate, never by a field. */
export interface Agent {
  readonly id: string;
  readonly role: Role;
  /** Set for the role `etablissement` alone. */
  readonly etablissement: string | null;
}
