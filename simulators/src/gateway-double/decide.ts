// The double's decision on a sale or an inquiry: scripted where the test said so, otherwise from its balances.

import {
  type AuthorizationRequest,
  type AvantageView,
  type Evidence,
  type InquiryRequest,
  type OutcomeParams,
  outcomeSpec,
  type PublicCode,
} from "@pass-tpe/protocol";
import type { DoubleAvantage } from "./avantages.js";
import { type Asked, checkForm, cover, type Verdict } from "./cover.js";
import type { Ledger, Presentation } from "./ledger.js";
import { type Presented, takePresentation } from "./presentation.js";
import type { ScriptedAnswer } from "./script.js";
import { standIns } from "./stand-ins.js";

/** A decision with what its answer says beside code and figures. */
export interface Decided extends Verdict {
  /** Null where the card or its PIN was refused. */
  readonly presentation: Presentation | null;
  /** On a decline of this avantage: the others that can be used. */
  readonly usableHere: readonly AvantageView[];
  /** Whether card and PIN were taken before anything refused: then the holder is named. */
  readonly isHolderKnown: boolean;
  readonly isDebited: boolean;
  readonly retryAfterMs?: number | undefined;
}

interface Deciding<R> {
  readonly request: R;
  readonly ledger: Ledger;
  readonly scripted: ScriptedAnswer | null;
  readonly nowMs: number;
}

/** Decides a sale. Moves nothing: whoever stores the answer does. */
export function decideSale(deciding: Deciding<AuthorizationRequest>): Decided {
  const { request, ledger, scripted } = deciding;
  const avantage = ledger.avantage(request.avantage);
  const presented = takePresentation({ ...deciding, evidence: request.evidence });
  if (scripted !== null) return asScripted(deciding, scripted, presented);
  const unseen = presentationWithoutPin(request.evidence, presented);
  if (avantage === undefined) return refused("AVANTAGE_NOT_ACCEPTED_HERE", unseen);
  const wrong = checkForm(avantage, request);
  if (wrong !== null) return refused(wrong, unseen);
  if (!presented.ok) return refused(presented.code);
  const balance = ledger.balance(request.avantage);
  const verdict = cover({ avantage, balance, asked: request });
  return {
    ...verdict,
    presentation: presented.presentation,
    usableHere: isApproval(verdict.code) ? [] : othersUsable(request, ledger),
    isHolderKnown: true,
    isDebited: verdict.debit !== null,
  };
}

/** Decides an inquiry. */
export function decideInquiry(deciding: Deciding<InquiryRequest>): Decided {
  const { request, ledger, scripted } = deciding;
  const presented = takePresentation({ ...deciding, evidence: request.evidence });
  if (scripted !== null) return asScripted(deciding, scripted, presented);
  const named = request.avantage === undefined ? undefined : ledger.avantage(request.avantage);
  if (request.avantage !== undefined && named === undefined) {
    return refused("AVANTAGE_NOT_ACCEPTED_HERE");
  }
  const asksForACover = request.purchaseCents !== undefined || request.quantity !== undefined;
  const wrong = named !== undefined && asksForACover ? checkForm(named, request) : null;
  if (wrong !== null) return refused(wrong);
  if (!presented.ok) return refused(presented.code);
  const { presentation } = presented;
  return { ...NOTHING_MORE, code: "INQUIRY_ANSWERED", presentation, isHolderKnown: true };
}

/** What an answered inquiry shows: the avantage that it named, or all. */
export function viewsFor(request: InquiryRequest, ledger: Ledger): AvantageView[] {
  return ledger
    .avantages()
    .filter(({ avantage }) => request.avantage === undefined || request.avantage === avantage)
    .map((avantage) => viewOf({ avantage, request, ledger }));
}

/** What can be used instead of the avantage that was declined. */
function othersUsable(request: AuthorizationRequest, ledger: Ledger): AvantageView[] {
  return ledger
    .avantages()
    .filter(({ avantage }) => avantage !== request.avantage)
    .map((avantage) => viewOf({ avantage, request, ledger }))
    .filter(({ state }) => state === "open");
}

function viewOf(options: {
  avantage: DoubleAvantage;
  request: Asked;
  ledger: Ledger;
}): AvantageView {
  const { avantage: one, request, ledger } = options;
  const { avantage, label, unit } = one;
  if (unit === "RECORD") return { avantage, label, unit, state: "open" };
  const balance = ledger.balance(avantage);
  const view: AvantageView = {
    avantage,
    label,
    unit,
    state: balance === 0 ? "exhausted" : "open",
    remaining: { unit, value: balance },
  };
  if (checkForm(one, request) !== null) return view;
  const { params, debit } = cover({ avantage: one, balance, asked: { ...request, exact: false } });
  if (debit === null) return view;
  const { amountCents, quantity, collectCents } = params;
  return {
    ...view,
    ...(amountCents === undefined ? {} : { coversCents: amountCents }),
    ...(quantity === undefined ? {} : { coversQuantity: quantity }),
    ...(collectCents === undefined ? {} : { collectCents }),
  };
}

function asScripted(
  { request, ledger, nowMs }: Deciding<AuthorizationRequest | InquiryRequest>,
  scripted: ScriptedAnswer,
  presented: Presented,
): Decided {
  const { code, operation: _, retryAfterMs, ...given } = scripted;
  const { avantage = "" } = request;
  const avantageLabel = ledger.avantage(avantage)?.label ?? avantage;
  const params = { ...standIns({ code, asked: request, avantageLabel, nowMs }), ...given };
  return {
    code,
    params,
    debit: debitSaid({ code, avantage, params }),
    presentation: presented.ok ? presented.presentation : null,
    usableHere: [],
    isHolderKnown: isApproval(code),
    isDebited: false,
    retryAfterMs,
  };
}

/** What a scripted approval claims to have taken: a reversal claims to give it back. No balance moves. */
function debitSaid(options: {
  code: PublicCode;
  avantage: string;
  params: OutcomeParams;
}): Verdict["debit"] {
  const { code, avantage, params } = options;
  const { amountCents = 0, quantity = 0 } = params;
  switch (code) {
    case "APPROVED":
    case "APPROVED_PARTIAL":
      return { avantage, unit: "EUR_CENT", value: amountCents };
    case "APPROVED_SEATS":
      return { avantage, unit: "SEAT", value: quantity };
    case "APPROVED_COUPONS":
      return { avantage, unit: "COUPON", value: quantity };
    default:
      return null;
  }
}

/** What is refused before any PIN is looked at leaves no reference to a presentation that needs one. */
function presentationWithoutPin(evidence: Evidence, presented: Presented): Presentation | null {
  const needsPin = evidence.type === "qr" || evidence.type === "keyed";
  return presented.ok && !needsPin ? presented.presentation : null;
}

const NOTHING_MORE = {
  params: {},
  debit: null,
  usableHere: [],
  isHolderKnown: false,
  isDebited: false,
} as const;

function refused(code: PublicCode, presentation: Presentation | null = null): Decided {
  return { ...NOTHING_MORE, code, presentation };
}

const isApproval = (code: PublicCode) => outcomeSpec(code).kind === "approval";
