// What a decision reads: the nouns of the programme as the core sees them, plain data without secrets.

import type { Channel, Unit } from "@pass-tpe/protocol";

/** Families of avantages that share a window in a campaign. */
export type Family = "SCOLAIRE" | "CULTURE" | "SPORT" | "SANTE";

/**
 * A half-open interval `[fromMs, toMs)` of UTC instants, computed once from Paris civil dates when it is loaded,
 * with those dates beside it for the texts. `fromMs` null: open since ever.
 */
export interface Window {
  readonly fromMs: number | null;
  readonly toMs: number;
  /** First day of use, Paris civil date `YYYY-MM-DD`. */
  readonly firstDay: string | null;
  /** Last day of use, inclusive, Paris civil date `YYYY-MM-DD`. */
  readonly lastDay: string;
}

export interface Campaign {
  readonly code: string;
  readonly windows: Readonly<Partial<Record<Family, Window>>>;
}

/** One avantage's rules, from the catalogue. */
export interface AvantageRule {
  readonly code: string;
  /** French name, for texts and receipts. */
  readonly label: string;
  /** Null where a grant carries a window of its own (PERMIS_B). */
  readonly family: Family | null;
  readonly unit: Unit;
  /** One use closes the grant, whatever is left (LICENCE, PSC1). */
  readonly singleUse: boolean;
  /** What the young person pays at the till for each unit, in cents (CINEMA: 100). */
  readonly copayCentsPerUnit: number;
  readonly channels: readonly Channel[];
}

/** How the cards of one generation prove themselves on NFC. */
export interface CardGeneration {
  readonly code: string;
  readonly nfc: "sdm" | "identifier";
}

export interface Programme {
  /** SHA-256 of the catalogue as loaded, hex. Stored with every decision. */
  readonly hash: string;
  /** The data that it was made from, JSON: kept, so that a decision can be made again in a year. */
  readonly json: string;
  readonly avantages: ReadonlyMap<string, AvantageRule>;
  readonly campaigns: readonly Campaign[];
  readonly generations: ReadonlyMap<string, CardGeneration>;
  readonly settings: ProgrammeSettings;
}

export interface ProgrammeSettings {
  /** Wrong PINs in a row before the PIN locks (T-13). */
  readonly pinTriesMax: number;
  /** Whether NFC asks that a PIN exists, though it is not typed (T-11). */
  readonly nfcRequiresPinDefined: boolean;
  /** Where a beneficiary sets the PIN; printed on PIN declines. */
  readonly accountUrl: string;
}

export interface Terminal {
  readonly id: string;
  readonly status: "active" | "revoked";
  readonly pointOfSaleId: string;
  /** The AES DUKPT initial key id given to this terminal, 16 hex digits; null where it has no PIN key. */
  readonly initialKeyId: string | null;
  /** The last KSN counter accepted from it; the next must be greater. */
  readonly ksnCounter: number;
}

export interface Convention {
  readonly reference: string;
  readonly state: "REQUESTED" | "SENT_FOR_SIGNATURE" | "SIGNED" | "IN_FORCE" | "TERMINATED";
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Partner {
  readonly id: string;
  readonly name: string;
  readonly status: "active" | "suspended";
  readonly conventions: readonly Convention[];
  /** Avantages that this partner may take. */
  readonly agrements: readonly string[];
}

export type CardStatus =
  | "ORDERED"
  | "ACTIVE"
  | "BLOCKED"
  | "LOST"
  | "STOLEN"
  | "REPLACED"
  | "EXPIRED";

export interface Card {
  readonly id: string;
  readonly status: CardStatus;
  readonly generation: string;
  readonly lastFour: string;
  /** The last SDM counter accepted; the next must be greater. */
  readonly messageCounter: number;
  readonly pinSet: boolean;
  /** Wrong PINs in a row, over all terminals and channels. */
  readonly pinFailures: number;
}

export interface Account {
  readonly id: string;
  /** First name and initial, for the comparison with the card's face (T-50). */
  readonly holder: string;
  readonly lastDecisionAtMs: number;
}

export interface Grant {
  readonly id: string;
  readonly avantage: string;
  /** Null where the grant belongs to no campaign (PERMIS_B). */
  readonly campaign: string | null;
  readonly unit: Unit;
  /** In the unit. Zero for RECORD and UNLIMITED. */
  readonly amount: number;
  /** In the unit; never above `amount`. */
  readonly spent: number;
  readonly window: Window;
}

/** An earlier presentation at this terminal that an amended sale may stand on. */
export interface Proof {
  readonly ref: string;
  readonly terminalId: string;
  readonly cardId: string;
  readonly channel: Channel;
  readonly expiresAtMs: number;
  readonly used: boolean;
}

/** Everything about one sale, read at one instant under the account's lock. */
export interface Snapshot {
  readonly terminal: Terminal;
  readonly partner: Partner | null;
  readonly card: Card | null;
  readonly account: Account | null;
  readonly grants: readonly Grant[];
  readonly proof: Proof | null;
  /** Whether the app code of this presentation was presented before. */
  readonly appCodeUsed: boolean;
}
