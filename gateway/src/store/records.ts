// What the operator loads: partners, terminals, accounts, cards and grants, as plain records.

import type { Account, Card, Convention, Grant, Partner } from "../core/model.js";
import type { Credential } from "../core/ports.js";

export interface PartnerRecord extends Omit<Partner, "conventions" | "agrements"> {
  readonly conventions: readonly Convention[];
  readonly agrements: readonly string[];
}

export interface PointOfSaleRecord {
  readonly id: string;
  readonly partnerId: string;
  readonly name: string;
  readonly city: string;
}

export interface TerminalRecord {
  readonly id: string;
  readonly pointOfSaleId: string;
  readonly status: "active" | "revoked";
  /** SHA-256 of the certificate's DER, lower-case hex. */
  readonly certificateFingerprint: string;
  /** 16 upper-case hex digits, or null without a PIN key. */
  readonly initialKeyId: string | null;
}

export type AccountRecord = Pick<Account, "id" | "holder">;

/** A card without its number in clear: an index to find it, and the number encrypted for who may see it. */
export interface CardRecord extends Pick<Card, "id" | "status" | "generation" | "lastFour"> {
  readonly accountId: string;
  readonly numberIndex: Uint8Array;
  readonly numberEncrypted: Uint8Array;
  /** Index of the chip's identifier; null for a card without a chip. */
  readonly identifierIndex: Uint8Array | null;
  readonly credential: Credential | null;
}

export interface GrantRecord extends Omit<Grant, "spent"> {
  readonly accountId: string;
}

/**
 * One load, applied as a whole. Loading the same record again changes nothing that a sale has moved: counters, PIN
 * tries and what was spent stay (T-19), and a revoked terminal stays revoked.
 */
export interface LoadBatch {
  readonly partners?: readonly PartnerRecord[];
  readonly pointsOfSale?: readonly PointOfSaleRecord[];
  readonly terminals?: readonly TerminalRecord[];
  /** Ids of terminals that are revoked for good, from their next request on. */
  readonly revokedTerminals?: readonly string[];
  readonly accounts?: readonly AccountRecord[];
  readonly cards?: readonly CardRecord[];
  readonly grants?: readonly GrantRecord[];
}
