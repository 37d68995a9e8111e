// All result codes in one list, in order of precedence: the first that applies is the answer.
import { AFTER_SALE_OUTCOMES } from "./after-sale.js";
import { APPROVAL_OUTCOMES } from "./approvals.js";
import { BALANCE_OUTCOMES } from "./balance.js";
import { CARD_OUTCOMES } from "./card.js";
import { GRANT_OUTCOMES } from "./grant.js";
import { PARTNER_OUTCOMES } from "./partner.js";
import { PIN_OUTCOMES } from "./pin.js";
import type { PUBLIC_GROUPS } from "./public-groups.js";
import { TECHNICAL_OUTCOMES } from "./technical.js";
import { TERMINAL_OUTCOMES } from "./terminal.js";
import type { OutcomeSpec } from "./types.js";

/**
 * Every outcome, in the order in which they are looked for. Nothing about rights or balance comes
 * before the card and the code secret have passed; approvals come last.
 */
export const OUTCOMES = [
  ...TERMINAL_OUTCOMES,
  ...TECHNICAL_OUTCOMES,
  ...PARTNER_OUTCOMES,
  ...CARD_OUTCOMES,
  ...PIN_OUTCOMES,
  ...GRANT_OUTCOMES,
  ...BALANCE_OUTCOMES,
  ...AFTER_SALE_OUTCOMES,
  ...APPROVAL_OUTCOMES,
] as const satisfies readonly OutcomeSpec[];

/** One entry of the list, with its literal types. */
export type ListedOutcome = (typeof OUTCOMES)[number];

/** A precise code: for decisions, logs, the operator and the holder's own account. */
export type OutcomeCode = ListedOutcome["code"];

/** The codes by which something was given. */
export type ApprovalCode = Extract<ListedOutcome, { kind: "approval" }>["code"];

/** The precise codes that no till ever sees. */
export type HiddenCode = Extract<ListedOutcome, { publicCode: string }>["code"];

/** A code as tills get it. */
export type PublicCode = Exclude<OutcomeCode, HiddenCode> | (typeof PUBLIC_GROUPS)[number]["code"];
