// What a decision reads of the world: terminal, partner, card, account, grants; plain data without secrets.

import type { Channel, Unit } from "@pass-tpe/protocol";
import type { Window } from "./programme.js";

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
  /** What the Région pays for each unit of an avantage, in cents, where this convention says so. */
  readonly tariffs?: Readonly<Record<string, number>>;
  readonly state: "REQUESTED" | "SENT_FOR_SIGNATURE" | "SIGNED" | "IN_FORCE" | "TERMINATED";
  readonly fromMs: number;
  readonly toMs: number;
  /** When and under which reference it was signed electronically; null before. */
  readonly signature: { readonly reference: string; readonly atMs: number } | null;
}

export interface Partner {
  readonly id: string;
  readonly name: string;
  readonly status: "active" | "suspended";
  /** Partner types of the programme: a bookshop can be a shop for equipment too. */
  readonly types: readonly string[];
  /** What its rules may ask for: `combatSport`, `achatGroupe`, `appelAProjet2022`. */
  readonly flags: readonly string[];
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
  /** What taps without a PIN took on the last day of such a tap, where its generation has ceilings. */
  readonly tapped: DayTotal | null;
}

export interface DayTotal {
  /** Paris civil date, `YYYY-MM-DD`. */
  readonly day: string;
  readonly cents: number;
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
  /** What a partner with a flag can draw beyond `amount`; null: nothing (T-23). */
  readonly supplement: Supplement | null;
  /** In the unit; never above `amount` and the supplement together. */
  readonly spent: number;
  readonly window: Window;
  /** When its holder has the age that the avantage asks for, half-open; null: no age asked. */
  readonly ageWindow: { readonly fromMs: number; readonly toMs: number } | null;
  /** The catalogue's rule that gave it. */
  readonly rule: string;
  /** Taken away by a revocation: its history stays, its balance is out of reach. */
  readonly revoked: boolean;
}

export interface Supplement {
  readonly amount: number;
  readonly partnerFlag: string;
}

/** Units of a grant that an authorization keeps until it is captured, reversed, or expires. */
export interface Hold {
  /** The authorization that placed it. */
  readonly terminalId: string;
  readonly attemptId: string;
  readonly grantId: string;
  /** In the grant's unit, above zero. */
  readonly units: number;
  /** From this instant on it holds nothing any more, whether or not that was written. */
  readonly expiresAtMs: number;
}

/** Avantages of one campaign that the Région suspended, without a motive. Lifted ones are not here. */
export interface Suspension {
  readonly id: string;
  readonly campaign: string;
  /** The avantages' codes, or everything but the everyday uses (T-40). */
  readonly avantages: readonly string[] | "ALL";
}

/** The last recorded visit of an account at the terminal's point of sale. */
export interface Visit {
  readonly avantage: string;
  readonly atMs: number;
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
  /** The account's, those that have expired and were not written as such included. */
  readonly holds: readonly Hold[];
  /** In force, whether their campaign is running or not. */
  readonly suspensions: readonly Suspension[];
  /** At this point of sale, one for each avantage. */
  readonly visits: readonly Visit[];
  /** Instants of the account's sales that took something, ascending; read only where the programme limits their number. */
  readonly recentSalesMs: readonly number[];
  readonly proof: Proof | null;
  /** Whether the app code of this presentation was presented before. */
  readonly appCodeUsed: boolean;
}
