// What is known of a young person or a partner when an event about them arrives.

import type { CardStatus, Convention, Grant, Suspension } from "../model.js";
import type { BankAccount, EquipmentDeclaration, Justificatif } from "../settlement/model.js";

export interface BeneficiaryFile {
  readonly account: FiledAccount | null;
  readonly cards: readonly FiledCard[];
  readonly grants: readonly Grant[];
  /** Lifted ones too. */
  readonly suspensions: readonly FiledSuspension[];
  /** Whether another beneficiary has the card that the event brings. */
  readonly cardTaken: boolean;
}

export interface FiledAccount {
  readonly id: string;
  /** First name and initial. */
  readonly holder: string;
  /** Null where it was loaded without one. */
  readonly etablissement: string | null;
  /** Paris civil date; null where no charter is on record. */
  readonly charterAcceptedOn: string | null;
}

export interface FiledCard {
  readonly id: string;
  readonly status: CardStatus;
  readonly generation: string;
  readonly lastFour: string;
}

export interface FiledSuspension extends Suspension {
  readonly decisionRef: string;
  readonly decidedAtMs: number;
  readonly liftedAtMs: number | null;
}

export interface PartnerFile {
  readonly partner: FiledPartner | null;
  readonly conventions: readonly Convention[];
  readonly agrements: readonly string[];
  readonly bank: BankAccount | null;
  readonly declarations: readonly EquipmentDeclaration[];
  readonly justificatifs: readonly Justificatif[];
  /** The partner that the event's point of sale belongs to; null where it is new. */
  readonly pointOfSalePartner: string | null;
  /** The partner that the event's convention belongs to; null where it is new. */
  readonly conventionPartner: string | null;
}

export interface FiledPartner {
  readonly id: string;
  readonly name: string;
  readonly status: "active" | "suspended";
  readonly types: readonly string[];
  readonly flags: readonly string[];
}
