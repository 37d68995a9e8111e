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
  /** When cards can be ordered, and établissements can validate; null: since ever. Ends with the last window. */
  readonly ordersFromMs: number | null;
  readonly validationsFromMs: number | null;
  /** The end of the last of its windows. */
  readonly endsAtMs: number;
  /** Conventions that ended at one instant still carry this campaign's grants until another (T-05). */
  readonly conventionGrace: ConventionGrace | null;
}

export interface ConventionGrace {
  /** The end, exclusive, of the conventions that it is for. */
  readonly endedAtMs: number;
  /** Exclusive. */
  readonly untilMs: number;
}

/** A kind of partner that may take an avantage; with `flag`, only a partner that carries it. */
export interface PartnerKind {
  readonly type: string;
  readonly flag: string | null;
}

/** One avantage's rules, from the catalogue. */
export interface AvantageRule {
  readonly code: string;
  /** French name, for texts and receipts. */
  readonly label: string;
  readonly unit: Unit;
  /** The family whose window a grant gets; null where a grant has a window of its own, or needs none. */
  readonly family: Family | null;
  /** Civil months from the loading, where a grant has a window of its own (PERMIS_B). */
  readonly validMonths: number | null;
  /** False where an active card is enough (BON_PLAN): a record without a grant. */
  readonly needsGrant: boolean;
  /** One use closes the grant, whatever is left (LICENCE, PSC1). */
  readonly singleUse: boolean;
  /** What the young person pays at the till for each unit, in cents (CINEMA: 100). */
  readonly copayCentsPerUnit: number;
  readonly channels: readonly Channel[];
  readonly partners: readonly PartnerKind[];
  /** The most units of one sale, where there is such a limit (T-30). */
  readonly unitsPerSaleMax: number | null;
  /** The highest purchase of one sale in cents, where a ceiling is configured. */
  readonly purchaseCentsMax: number | null;
  /** Whether a record may tell the value of what was handed out (T-33). */
  readonly declaredValue: boolean;
  /** The same card at the same door within this time is one visit (T-32); null: each is recorded. */
  readonly sameVisitMs: number | null;
  /** Years of age, both included, on the Paris day of the use; null: no age asked. */
  readonly age: { readonly fromYears: number; readonly toYears: number } | null;
  /** Left alone by a suspension of everything: one of the card's everyday uses (T-40). */
  readonly outsideSuspension: boolean;
  readonly reimbursement: Reimbursement;
  /** Who is granted how much. */
  readonly grants: readonly GrantRule[];
}

/** What the Région pays the partner for a use. */
export interface Reimbursement {
  readonly by: "debit" | "tariff" | "convention" | "nothing";
  /** For each unit, where it is by tariff. */
  readonly tariffCentsPerUnit: number | null;
}

/** What somebody must be to be granted something. Every criterion that is given must hold. */
export interface Criteria {
  /** One of these. */
  readonly status: readonly string[] | null;
  readonly level: readonly string[] | null;
  readonly track: readonly string[] | null;
  readonly flags: readonly string[] | null;
  readonly commitment: readonly string[] | null;
  /** All of these. */
  readonly proofs: readonly string[] | null;
}

/** One rule by which a grant is made: the highest amount whose criteria hold is granted, never a sum. */
export interface GrantRule {
  readonly id: string;
  /** In the avantage's unit; null where the formation's own table says it. */
  readonly amount: number | null;
  readonly when: Criteria;
  /** Only a partner that carries this flag can draw what this rule gives above the others (T-23). */
  readonly onlyAt: string | null;
}

/** What a formation gives for its first equipment, each versement at the entry in a level. */
export interface Formation {
  readonly code: string;
  readonly label: string;
  readonly versements: readonly Versement[];
}

export interface Versement {
  readonly no: number;
  readonly level: string;
  readonly amountCents: number;
}

/** How the cards of one generation prove themselves, and up to which amounts they are believed without a PIN. */
export interface CardGeneration {
  readonly code: string;
  readonly nfc: "sdm" | "identifier";
  readonly qr: "signed" | "number";
  /** What a tap may take without a PIN; null: no ceiling. */
  readonly ceilings: Ceilings | null;
}

export interface Ceilings {
  readonly tapCents: number;
  /** Over all taps of one Paris day. */
  readonly dayCents: number;
}

/** The words that validations and rules may use; anything else is a typing error. */
export interface Vocabulary {
  readonly status: readonly string[];
  readonly level: readonly string[];
  readonly track: readonly string[];
  readonly flags: readonly string[];
  readonly commitment: readonly string[];
  readonly proofs: readonly string[];
  readonly partnerTypes: readonly string[];
  readonly partnerFlags: readonly string[];
}

export interface Programme {
  /** SHA-256 of the catalogue as loaded, hex. Stored with every decision. */
  readonly hash: string;
  /** The data that it was made from, JSON: kept, so that a decision can be made again in a year. */
  readonly json: string;
  readonly vocabulary: Vocabulary;
  readonly avantages: ReadonlyMap<string, AvantageRule>;
  readonly campaigns: readonly Campaign[];
  readonly formations: ReadonlyMap<string, Formation>;
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
  /** The most approved sales of one account in a time; null: no such limit. */
  readonly velocity: Velocity | null;
}

export interface Velocity {
  readonly salesMax: number;
  readonly withinMs: number;
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
  /** In force, whether their campaign is running or not. */
  readonly suspensions: readonly Suspension[];
  /** At this point of sale, one for each avantage. */
  readonly visits: readonly Visit[];
  /** Instants of the account's approved sales, ascending; read only where the programme limits their number. */
  readonly recentSalesMs: readonly number[];
  readonly proof: Proof | null;
  /** Whether the app code of this presentation was presented before. */
  readonly appCodeUsed: boolean;
}
