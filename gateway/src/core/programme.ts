// What the programme says: campaigns, avantages and their rules, formations, card generations; plain data.

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

interface ConventionGrace {
  /** The end, exclusive, of the conventions that it is for. */
  readonly endedAtMs: number;
  /** Exclusive. */
  readonly untilMs: number;
}

/** A kind of partner that may take an avantage; with `flag`, only a partner that carries it. */
interface PartnerKind {
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
  /** For one person alone: a quantity above one is a group (PSC1). */
  readonly individual: boolean;
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
  /** For each unit, where it is by tariff and the partner's convention names no other. */
  readonly tariffCentsPerUnit: number | null;
  /** Whether missing papers hold what is owed for it (equipment shops). */
  readonly heldForPapers: boolean;
}

/** What somebody must be to be granted something. Every criterion that is given must hold. */
export interface Criteria {
  /** One of these; null: every campaign, later ones too. */
  readonly campaign: readonly string[] | null;
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
interface Formation {
  readonly code: string;
  readonly label: string;
  readonly versements: readonly Versement[];
}

interface Versement {
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
  /** How long an authorization without capture keeps its amount; never past the grant's window. */
  readonly holdMs: number;
  readonly settlement: SettlementSettings;
}

/** How partners are paid back. */
interface SettlementSettings {
  /** The day of the week whose end, in Paris, closes a period: 1 is Monday, 7 Sunday (ISO 8601). */
  readonly lastWeekday: number;
  /** Missing papers hold all of a partner's lines, and not those of held avantages alone (T-36). */
  readonly holdAll: boolean;
  /** Whose account the payments leave; null: no payment file can be made. */
  readonly payer: Payer | null;
}

export interface Payer {
  readonly name: string;
  readonly iban: string;
  readonly bic: string | null;
}

export interface Velocity {
  readonly salesMax: number;
  readonly withinMs: number;
}
