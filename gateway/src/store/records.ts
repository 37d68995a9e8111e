// What the operator loads: partners, terminals, accounts, cards and grants, as plain records.

import type { Agent } from "../core/loading/event.js";
import type { Account, Card, CardStatus, Convention, Grant, Partner } from "../core/model.js";
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
  readonly certificateExpiresAtMs?: number;
  /** Since when it has this certificate. */
  readonly enrolledAtMs?: number;
}

type AccountRecord = Pick<Account, "id" | "holder">;

/** A card in one of these is never used again, whatever an old record says (T-49). */
export const CLOSED_CARD_STATUSES: readonly CardStatus[] = [
  "LOST",
  "STOLEN",
  "REPLACED",
  "EXPIRED",
];

/** A card without its number in clear: an index to find it, and the number encrypted for who may see it. */
export interface CardRecord extends Pick<Card, "id" | "status" | "generation" | "lastFour"> {
  readonly accountId: string;
  readonly numberIndex: Uint8Array;
  readonly numberEncrypted: Uint8Array;
  /** Index of the chip's identifier; null for a card without a chip. */
  readonly identifierIndex: Uint8Array | null;
  readonly credential: Credential | null;
}

/** Without a `rule` it was given by the operator's own word. */
export interface GrantRecord
  extends Pick<Grant, "id" | "avantage" | "campaign" | "unit" | "amount" | "window">,
    Partial<Pick<Grant, "supplement" | "ageWindow" | "rule">> {
  readonly accountId: string;
}

/** Who may use the operators' listener, by certificate. */
export interface AgentRecord extends Agent {
  readonly status: "active" | "revoked";
  /** SHA-256 of the certificate's DER, lower-case hex. */
  readonly certificateFingerprint: string;
}

/**
 * One load, applied as a whole or not at all. Loading the same record again changes nothing that a sale has moved:
 * counters, PIN tries and what was spent stay (T-19), and who is revoked stays revoked. A card keeps its number, its
 * chip and its account: with others it is another card, and needs an id of its own.
 */
export interface LoadBatch {
  readonly partners?: readonly PartnerRecord[];
  readonly pointsOfSale?: readonly PointOfSaleRecord[];
  readonly terminals?: readonly TerminalRecord[];
  /** Ids of terminals that are revoked for good, from their next request on. */
  readonly revokedTerminals?: readonly string[];
  readonly agents?: readonly AgentRecord[];
  /** Ids of agents that are revoked for good. */
  readonly revokedAgents?: readonly string[];
  readonly accounts?: readonly AccountRecord[];
  readonly cards?: readonly CardRecord[];
  readonly grants?: readonly GrantRecord[];
}

/** The grant that a record gives: unspent, in force, and without what the record does not say. */
export function grantOfRecord(record: GrantRecord): Grant {
  const { id, avantage, campaign, unit, amount, window } = record;
  const { supplement = null, ageWindow = null, rule = "" } = record;
  const given = { id, avantage, campaign, unit, amount, window, supplement, ageWindow, rule };
  return { ...given, spent: 0, revoked: false };
}
