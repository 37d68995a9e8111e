// The shape of one result code: what it means, who must act, and what each person reads.

/** Approved; refused by a decision; or no decision could be taken (form, overload, outage, equipment). */
export type OutcomeKind = "approval" | "decline" | "technical";

/** Which side produces the code. */
export type GivenBy = "gateway" | "terminal" | "both";

/**
 * What the till may do next. NONE: nothing to repeat, it was given. NO: never. NOW: present or type
 * again, new key. AMEND: other amount, quantity or avantage, new key. OTHER: another channel.
 * ACTION: only after someone acted outside the till. LATER: after the date or delay given.
 * SAMEKEY: the identical request with the same key. NEWKEY: a new sale. REVERSE: reverse first,
 * then a new key.
 */
export type RetryClass =
  | "NONE"
  | "NO"
  | "NOW"
  | "AMEND"
  | "OTHER"
  | "ACTION"
  | "LATER"
  | "SAMEKEY"
  | "NEWKEY"
  | "REVERSE";

/** Who must act for the situation to change. */
export type Actor =
  | "cashier"
  | "beneficiary"
  | "partner"
  | "integrator"
  | "device"
  | "network"
  | "operator"
  | "nobody";

/** The only codes that a till ever sees in place of more precise ones. */
export type PublicGroupCode = "AVANTAGE_UNAVAILABLE" | "CARD_REFUSED";

/** Two lines of a till display; templates, or filled in. */
export type Lines = readonly [line1: string, line2: string];

/** When a variant's texts or retry class take the place of the usual ones. */
export type VariantCondition = "nothingReturned" | "noneLeft" | "leftToPay" | "notUsable" | "keyed";

/** What differs from the spec in one particular case. */
export interface OutcomeVariant {
  readonly when: VariantCondition;
  readonly retry?: RetryClass;
  readonly lines?: Lines;
  readonly lines20?: Lines;
  readonly message?: string;
}

/**
 * One result code. Texts are templates: `{name}` is a value, `{name|one|many}` one of two forms by
 * number, in which `#` stands for the number itself (`render.ts` has the names).
 */
export interface OutcomeSpec {
  readonly code: string;
  /** What a till gets instead, where the precise code would tell it too much. */
  readonly publicCode?: PublicGroupCode;
  readonly kind: OutcomeKind;
  readonly givenBy: GivenBy;
  /** ISO 8583:1987 field 39; the default of a mapping that each acquirer may replace. */
  readonly iso39: string | null;
  readonly retry: RetryClass;
  readonly actor: Actor;
  /** For displays of 2 × 32; upper-case ASCII, because code pages of tills differ. */
  readonly lines: Lines;
  /** The same for displays of 2 × 20. */
  readonly lines20: Lines;
  /** What the young person reads, in French. */
  readonly message: string;
  readonly variant?: OutcomeVariant;
}
