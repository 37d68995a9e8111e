// What can be wrong with a sale, by the stage of the decision that finds it, each on a case that is otherwise in order.

import { type OutcomeCode, PURCHASE_CENTS_MAX } from "@pass-tpe/protocol";
import { parisDay } from "../../gateway/src/catalogue/civil-dates.js";
import type { DecideInput } from "../../gateway/src/core/attempt.js";
import type { SaleRequest } from "../../gateway/src/core/decision.js";
import type { Facts, PinFacts } from "../../gateway/src/core/facts.js";
import type { Card, Grant, Partner } from "../../gateway/src/core/model.js";
import type { AvantageRule, ProgrammeSettings } from "../../gateway/src/core/programme.js";
import {
  type CaseOptions,
  grantOf,
  NOW_MS,
  nfcFacts,
  pinFacts,
  programmeWith,
  qrFacts,
  ruleOf,
  saleCase,
} from "./builders.js";

/** The stages of a sale's decision, in their order. */
export const STAGES = [
  "known avantage",
  "deadline",
  "terminal status",
  "partner unknown",
  "partner suspended",
  "convention",
  "agrément",
  "channel",
  "amount",
  "over limit",
  "quantity",
  "collective use",
  "code or card message",
  "card unknown",
  "card status",
  "PIN presence",
  "KSN and block",
  "PIN set",
  "PIN locked",
  "PIN value",
  "not validated",
  "not granted",
  "age",
  "suspension",
  "window",
  "single use",
  "ceilings",
  "balance",
  "velocity",
] as const;
export type Stage = (typeof STAGES)[number];

/** A patch on a case that has everything in order; null is stronger than any change. */
export interface Fault {
  readonly stage: Stage;
  /** In words, for a test's name. */
  readonly what: string;
  readonly code: OutcomeCode;
  readonly options?: CaseOptions;
  readonly partner?: Patch<Partner>;
  readonly rule?: Partial<AvantageRule>;
  readonly settings?: Partial<ProgrammeSettings>;
  readonly card?: Patch<Card>;
  readonly token?: Extract<Facts, { kind: "qr" }>["token"];
  readonly genuine?: false;
  readonly pin?: Patch<PinFacts>;
  /** The grant of the avantage that is sold; null: none. */
  readonly grant?: Patch<Grant>;
  /** Nothing of the campaign that is open: another campaign's grants alone. */
  readonly notValidated?: true;
}

export type Patch<T> = Partial<T> | null;

/** By a message of the chip, by its bare identifier, by a signed code with a PIN. */
export type Presentation = "nfc" | "identifier" | "qr";

/** A single use in euros: of all avantages the one that most stages have something to say about. */
const SOLD = "LICENCE";
const DAY_MS = 86_400_000;

/** A sale of 10 € by a presentation, with these faults; of two that speak of one field, the first is heard. */
export function saleWith(
  presentation: Presentation,
  ...faults: readonly Fault[]
): DecideInput<SaleRequest> {
  const merged = <T>(pick: (fault: Fault) => Patch<T> | undefined): Patch<T> => {
    const patches = faults.map(pick);
    if (patches.includes(null)) return null;
    return Object.assign({}, ...patches.toReversed());
  };
  const options = merged<CaseOptions>((fault) => fault.options) ?? {};
  const generation = presentation === "identifier" ? "2018" : "2022";
  const card = merged<Card>((fault) => fault.card);
  return saleCase({
    avantage: SOLD,
    ...options,
    programme: programmeWith({
      rules: [ruleOf(SOLD, merged<AvantageRule>(({ rule }) => rule) ?? {})],
      settings: merged<ProgrammeSettings>(({ settings }) => settings) ?? {},
    }),
    partner: merged<Partner>(({ partner }) => partner),
    card: card && { generation, ...card },
    grants: grantsOf(
      merged<Grant>(({ grant }) => grant),
      faults.some(({ notValidated }) => notValidated),
    ),
    facts: factsOf(
      presentation,
      faults,
      merged<PinFacts>(({ pin }) => pin),
    ),
  });
}

function grantsOf(grant: Patch<Grant>, notValidated: boolean): readonly Grant[] {
  const campaign = notValidated ? "2021/2022" : "2022/2023";
  const own = grant === null ? [] : [grantOf(SOLD, { ...grant, campaign })];
  return [...own, grantOf("EQUIPEMENT", { campaign })];
}

function factsOf(
  presentation: Presentation,
  faults: readonly Fault[],
  pin: Patch<PinFacts>,
): Facts {
  switch (presentation) {
    case "nfc":
      return nfcFacts({ genuine: faults.every(({ genuine }) => genuine ?? true) });
    case "identifier":
      return { kind: "nfcIdentifier" };
    case "qr": {
      const token = faults.find((fault) => fault.token)?.token ?? "valid";
      return qrFacts({ token, pin: pin && pinFacts(pin) });
    }
  }
}

/** Each found before a card is looked at, in the order of their stages. */
export const BEFORE_ANY_CARD = {
  unknownAvantage: {
    stage: "known avantage",
    what: "an avantage that the programme does not have",
    code: "OPERATION_NOT_SUPPORTED",
    options: { avantage: "INCONNU" },
  },
  late: {
    stage: "deadline",
    what: "a request that has waited too long",
    code: "DEADLINE_PASSED",
    options: { waitedMs: 4000 },
  },
  revokedTerminal: {
    stage: "terminal status",
    what: "a revoked terminal",
    code: "TERMINAL_NOT_AUTHORISED",
    options: { terminal: { status: "revoked" } },
  },
  unknownPartner: {
    stage: "partner unknown",
    what: "a partner that is not known",
    code: "PARTNER_UNKNOWN",
    partner: null,
  },
  suspendedPartner: {
    stage: "partner suspended",
    what: "a suspended partner",
    code: "PARTNER_SUSPENDED",
    partner: { status: "suspended" },
  },
  noConvention: {
    stage: "convention",
    what: "a partner without a convention",
    code: "CONVENTION_NOT_IN_FORCE",
    partner: { conventions: [] },
  },
  noAgrement: {
    stage: "agrément",
    what: "a partner without the agrément",
    code: "AVANTAGE_NOT_ACCEPTED_HERE",
    partner: { agrements: [] },
  },
  otherChannel: {
    stage: "channel",
    what: "an avantage of the web alone",
    code: "CHANNEL_NOT_ALLOWED",
    rule: { channels: ["WEB"] },
  },
  noAmount: {
    stage: "amount",
    what: "a purchase of more than can be named",
    code: "AMOUNT_INVALID",
    options: { purchaseCents: PURCHASE_CENTS_MAX + 1 },
  },
  overLimit: {
    stage: "over limit",
    what: "a purchase above the ceiling",
    code: "AMOUNT_OVER_LIMIT",
    options: { purchaseCents: 6_000 },
    rule: { purchaseCentsMax: 5_000 },
  },
  noQuantity: {
    stage: "quantity",
    what: "a quantity of none",
    code: "QUANTITY_INVALID",
    options: { quantity: 0 },
  },
  group: {
    stage: "collective use",
    what: "an individual aid for two",
    code: "COLLECTIVE_USE_FORBIDDEN",
    options: { quantity: 2 },
    rule: { individual: true },
  },
} as const satisfies Record<string, Fault>;

/** Of the card and its holder. */
export const OF_THE_CREDENTIAL = {
  falseCode: {
    stage: "code or card message",
    what: "a code that the issuer did not sign",
    code: "QR_INVALID",
    token: "wrongSignature",
  },
  falseMessage: {
    stage: "code or card message",
    what: "a message that the card did not make",
    code: "CARD_NOT_GENUINE",
    genuine: false,
  },
  unknownCard: {
    stage: "card unknown",
    what: "a card that is not known",
    code: "CARD_UNKNOWN",
    card: null,
  },
  lostCard: {
    stage: "card status",
    what: "a lost card",
    code: "CARD_LOST",
    card: { status: "LOST" },
  },
  noPin: { stage: "PIN presence", what: "no PIN", code: "PIN_REQUIRED", pin: null },
  closedBlock: {
    stage: "KSN and block",
    what: "a block that does not open",
    code: "PIN_BLOCK_INVALID",
    pin: { opened: false },
  },
  pinNeverSet: {
    stage: "PIN set",
    what: "a PIN that was never set",
    code: "PIN_NOT_SET",
    card: { pinSet: false },
  },
  lockedPin: {
    stage: "PIN locked",
    what: "a locked PIN",
    code: "PIN_LOCKED",
    card: { pinFailures: 3 },
  },
  wrongPin: {
    stage: "PIN value",
    what: "a wrong PIN",
    code: "PIN_INCORRECT",
    pin: { matches: false },
  },
} as const satisfies Record<string, Fault>;

/** Of the holder's rights: told once the credential has passed. */
export const OF_THE_RIGHTS = {
  notValidated: {
    stage: "not validated",
    what: "a holder with grants of another campaign alone",
    code: "BENEFICIARY_NOT_VALIDATED",
    notValidated: true,
  },
  notGranted: {
    stage: "not granted",
    what: "a holder without this avantage",
    code: "AVANTAGE_NOT_GRANTED",
    grant: null,
  },
  tooOld: {
    stage: "age",
    what: "a holder who is too old",
    code: "AGE_NOT_ELIGIBLE",
    grant: { ageWindow: { fromMs: 0, toMs: NOW_MS } },
  },
  suspended: {
    stage: "suspension",
    what: "a suspension",
    code: "AVANTAGE_SUSPENDED",
    options: { suspensions: [{ id: "s-1", campaign: "2022/2023", avantages: [SOLD] }] },
  },
  notOpen: {
    stage: "window",
    what: "a window that is yet to open",
    code: "WINDOW_NOT_OPEN",
    grant: {
      window: {
        fromMs: NOW_MS + DAY_MS,
        toMs: NOW_MS + 9 * DAY_MS,
        firstDay: "2023-03-16",
        lastDay: "2023-03-24",
      },
    },
  },
  used: {
    stage: "single use",
    what: "a single use that was made",
    code: "ALREADY_USED",
    grant: { spent: 1_000 },
  },
  tooLittle: {
    stage: "balance",
    what: "less than the exact price",
    code: "INSUFFICIENT_BALANCE",
    options: { exact: true, purchaseCents: 2_500 },
    grant: { amount: 2_000 },
  },
  aboveCeiling: {
    stage: "ceilings",
    what: "more than an identifier is believed for",
    code: "PIN_REQUIRED",
    card: { tapped: { day: parisDay(NOW_MS), cents: 6_000 } },
  },
  tooOften: {
    stage: "velocity",
    what: "a sale a moment ago",
    code: "VELOCITY_LIMIT",
    options: { recentSalesMs: [NOW_MS - 1_000] },
    settings: { velocity: { salesMax: 1, withinMs: 60_000 } },
  },
} as const satisfies Record<string, Fault>;
