// Cases of a decision with everything in order, so that a test sets only what matters to it.

import { parisDay } from "../../gateway/src/catalogue/civil-dates.js";
import type { DecideInput } from "../../gateway/src/core/attempt.js";
import type { InquiryRequest, SaleRequest } from "../../gateway/src/core/decision.js";
import type { Facts, PinFacts } from "../../gateway/src/core/facts.js";
import type {
  Account,
  Card,
  Convention,
  Grant,
  Hold,
  Partner,
  Proof,
  Suspension,
  Terminal,
  Visit,
} from "../../gateway/src/core/model.js";
import type {
  AvantageRule,
  Programme,
  ProgrammeSettings,
} from "../../gateway/src/core/programme.js";
import { TEST_PROGRAMME, USUAL_AMOUNTS } from "./programme.js";

/** An instant at which every window of 2022/2023 is open. */
export const NOW_MS = Date.parse("2023-03-15T10:00:00Z");

export const ATTEMPT_ID = "0186e4a8-3c00-7000-8000-000000000001";
export const PROOF_REF = "AAAAAAAAAAAAAAAAAAAAAA";
const INITIAL_KEY_ID = "1234567890123456";

/** A rule of the test programme, changed where asked. */
export function ruleOf(code: string, change: Partial<AvantageRule> = {}): AvantageRule {
  const rule = TEST_PROGRAMME.avantages.get(code);
  if (!rule) throw new Error(`the test programme has no avantage ${code}`);
  return { ...rule, ...change };
}

/** The test programme with some rules or settings replaced. */
export function programmeWith(change: {
  readonly rules?: readonly AvantageRule[];
  readonly settings?: Partial<ProgrammeSettings>;
}): Programme {
  const avantages = new Map(TEST_PROGRAMME.avantages);
  for (const rule of change.rules ?? []) avantages.set(rule.code, rule);
  const settings = { ...TEST_PROGRAMME.settings, ...change.settings };
  return { ...TEST_PROGRAMME, avantages, settings };
}

/** A full grant of an avantage in its campaign's window. */
export function grantOf(code: string, change: Partial<Grant> = {}): Grant {
  const { family, unit } = ruleOf(code);
  const campaign = change.campaign === undefined ? "2022/2023" : change.campaign;
  const campaignWindows = TEST_PROGRAMME.campaigns.find((it) => it.code === campaign)?.windows;
  const window = change.window ?? (family && campaignWindows?.[family]);
  if (!window) throw new Error(`a grant of ${code} needs a window`);
  const amount = USUAL_AMOUNTS[code] ?? 0;
  return {
    id: `grant-${code}-${campaign}`,
    avantage: code,
    campaign,
    unit,
    amount,
    supplement: null,
    spent: 0,
    ageWindow: null,
    rule: `${code}/test`,
    revoked: false,
    ...change,
    window,
  };
}

export function aTerminal(change: Partial<Terminal> = {}): Terminal {
  return {
    id: "terminal-1",
    status: "active",
    pointOfSaleId: "pos-1",
    initialKeyId: INITIAL_KEY_ID,
    ksnCounter: 6,
    ...change,
  };
}

export function aPartner(change: Partial<Partner> = {}): Partner {
  return {
    id: "partner-1",
    name: "Le Théâtre",
    status: "active",
    types: TEST_PROGRAMME.vocabulary.partnerTypes,
    flags: TEST_PROGRAMME.vocabulary.partnerFlags,
    conventions: [aConvention()],
    agrements: [...TEST_PROGRAMME.avantages.keys()],
    ...change,
  };
}

/** A convention in force at every instant of the tests. */
export function aConvention(change: Partial<Convention> = {}): Convention {
  return {
    reference: "C-1",
    state: "IN_FORCE",
    fromMs: 0,
    toMs: NOW_MS * 2,
    signature: { reference: "S-1", atMs: 0 },
    ...change,
  };
}

export function aCard(change: Partial<Card> = {}): Card {
  return {
    id: "card-1",
    status: "ACTIVE",
    generation: "2022",
    lastFour: "0007",
    messageCounter: 10,
    pinSet: true,
    pinFailures: 0,
    tapped: null,
    ...change,
  };
}

/** A hold of 10 € by an earlier sale. */
export function aHold(change: Partial<Hold> = {}): Hold {
  return {
    terminalId: "terminal-1",
    attemptId: "0186e4a8-3c00-7000-8000-0000000000aa",
    grantId: "grant-SPECTACLE-2022/2023",
    units: 1000,
    expiresAtMs: NOW_MS + 60_000,
    ...change,
  };
}

export function anAccount(change: Partial<Account> = {}): Account {
  return { id: "account-1", holder: "Camille D.", lastDecisionAtMs: 0, ...change };
}

export function aProof(change: Partial<Proof> = {}): Proof {
  return {
    ref: "BBBBBBBBBBBBBBBBBBBBBB",
    terminalId: "terminal-1",
    cardId: "card-1",
    channel: "NFC",
    expiresAtMs: NOW_MS + 30_000,
    used: false,
    ...change,
  };
}

/** A genuine tap with a counter that the gateway has not seen. */
export function nfcFacts(
  change: Partial<Extract<Facts, { kind: "nfcMessage" }>> = {},
): Extract<Facts, { kind: "nfcMessage" }> {
  return { kind: "nfcMessage", genuine: true, counter: 11, keyVersion: 1, ...change };
}

/** A PIN block under the terminal's next key that holds the right PIN. */
export function pinFacts(change: Partial<PinFacts> = {}): PinFacts {
  return {
    initialKeyId: INITIAL_KEY_ID,
    counter: 7,
    counterUsable: true,
    opened: true,
    matches: true,
    keyVersion: 1,
    ...change,
  };
}

/** A printed code with the right PIN. */
export function qrFacts(
  change: Partial<Extract<Facts, { kind: "qr" }>> = {},
): Extract<Facts, { kind: "qr" }> {
  return {
    kind: "qr",
    token: "valid",
    tokenKind: "printed",
    appCode: null,
    keyId: "1",
    pin: pinFacts(),
    ...change,
  };
}

export interface CaseOptions {
  readonly avantage?: string;
  readonly purchaseCents?: number | null;
  readonly quantity?: number | null;
  readonly exact?: boolean;
  readonly capture?: boolean;
  readonly waitedMs?: number;
  readonly facts?: Facts;
  readonly terminal?: Partial<Terminal>;
  readonly partner?: Partial<Partner> | null;
  readonly card?: Partial<Card> | null;
  readonly account?: Partial<Account>;
  readonly grants?: readonly Grant[];
  readonly proof?: Proof | null;
  readonly appCodeUsed?: boolean;
  readonly suspensions?: readonly Suspension[];
  readonly holds?: readonly Hold[];
  readonly visits?: readonly Visit[];
  readonly recentSalesMs?: readonly number[];
  readonly nowMs?: number;
  readonly programme?: Programme;
}

/** A sale that would be approved: SPECTACLE for 10 € by NFC, from a full grant. */
export function saleCase(options: CaseOptions = {}): DecideInput<SaleRequest> {
  const { avantage = "SPECTACLE", exact = false, capture = true, waitedMs = 0 } = options;
  const programme = options.programme ?? TEST_PROGRAMME;
  const unit = programme.avantages.get(avantage)?.unit;
  const usualCents = unit === "EUR_CENT" ? 1000 : null;
  const usualQuantity = unit === "SEAT" || unit === "COUPON" ? 1 : null;
  const { purchaseCents = usualCents, quantity = usualQuantity } = options;
  const request: SaleRequest = {
    kind: "authorization",
    id: ATTEMPT_ID,
    avantage,
    purchaseCents,
    quantity,
    exact,
    capture,
    waitedMs,
    deadlineMs: 4000,
    proofRef: PROOF_REF,
  };
  return { ...surroundings(options, avantage), request };
}

/** An inquiry that would be answered; about every avantage of the place where none is named. */
export function inquiryCase(options: CaseOptions = {}): DecideInput<InquiryRequest> {
  const { avantage = null, purchaseCents = null, quantity = null, waitedMs = 0 } = options;
  const request: InquiryRequest = {
    kind: "inquiry",
    id: ATTEMPT_ID,
    avantage,
    purchaseCents,
    quantity,
    waitedMs,
    deadlineMs: 4000,
    proofRef: PROOF_REF,
  };
  return { ...surroundings(options, avantage ?? "SPECTACLE"), request };
}

function surroundings(
  options: CaseOptions,
  avantage: string,
): Omit<DecideInput<unknown>, "request"> {
  const programme = options.programme ?? TEST_PROGRAMME;
  const { facts = nfcFacts(), nowMs = NOW_MS } = options;
  const grants = options.grants ?? usualGrants(avantage);
  const { partner, card, proof = null, appCodeUsed = false } = options;
  const { holds = [], suspensions = [], visits = [], recentSalesMs = [] } = options;
  const holderKnown = card !== null;
  return {
    facts,
    nowMs,
    day: parisDay(nowMs),
    programme,
    snapshot: {
      terminal: aTerminal(options.terminal),
      partner: partner === null ? null : aPartner(partner),
      card: holderKnown ? aCard(card) : null,
      account: holderKnown ? anAccount(options.account) : null,
      grants: holderKnown ? grants : [],
      holds,
      suspensions,
      visits,
      recentSalesMs,
      proof,
      appCodeUsed,
    },
  };
}

function usualGrants(avantage: string): readonly Grant[] {
  return TEST_PROGRAMME.avantages.get(avantage)?.family ? [grantOf(avantage)] : [];
}
