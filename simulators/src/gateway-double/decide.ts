// The double's decision on a sale or an inquiry: scripted where the test said so, otherwise from its balances.

import {
  type AuthorizationRequest,
  type AvantageView,
  type Evidence,
  type InquiryRequest,
  outcomeSpec,
  type PublicCode,
} from "@pass-tpe/protocol";
import type { DoubleAvantage } from "./avantages.js";
import { type Asked, checkForm, cover, type Verdict } from "./cover.js";
import { type Decided, type Deciding, HOLD_MS } from "./decided.js";
import type { Ledger, Presentation } from "./ledger.js";
import { isStepUp, type Presented, takePresentation } from "./presentation.js";
import { decideAsScripted } from "./scripted-sale.js";

/** Decides a sale. Moves nothing: whoever stores the answer does. */
export function decideSale(
  deciding: Deciding<AuthorizationRequest> & {
    /** The most that a tap of a card with a mere identifier takes without the code secret. */
    readonly tapCeilingCents: number;
  },
): Decided {
  const { request, ledger, scripted, nowMs, tapCeilingCents } = deciding;
  const avantage = ledger.avantage(request.avantage);
  const presented = takePresentation({ ...deciding, evidence: request.evidence });
  if (scripted !== null) return decideAsScripted(deciding, scripted, presented);
  const unseen = presentationWithoutPin(request.evidence, presented);
  if (avantage === undefined) return refused("AVANTAGE_NOT_ACCEPTED_HERE", unseen);
  const wrong = checkForm(avantage, request);
  if (wrong !== null) return refused(wrong, unseen);
  if (request.capture === false && avantage.unit === "RECORD") {
    return { ...refused("OPERATION_NOT_SUPPORTED", unseen), reason: "NOTHING_TO_HOLD" };
  }
  if (!presented.ok) return refused(presented.code);
  const balance = ledger.balance(request.avantage);
  const covered = cover({ avantage, balance, asked: request });
  const isTapAlone = presented.presentation.isCapped && !isStepUp(request.evidence);
  if (isTapAlone && centsAtStake(covered, request) > tapCeilingCents) {
    return refused("PIN_REQUIRED", presented.presentation);
  }
  const isHeld = request.capture === false && covered.debit !== null;
  const verdict = isHeld ? heldInstead(covered) : covered;
  return {
    ...verdict,
    presentation: presented.presentation,
    usableHere: isApproval(verdict.code) ? [] : othersUsable(request, ledger),
    isHolderKnown: true,
    isDebited: verdict.debit !== null,
    holdExpiresAtMs: isHeld ? nowMs + HOLD_MS : null,
  };
}

/** What a sale would take in cents; where it is refused for want of a balance, what it asked for. */
function centsAtStake({ code, debit }: Verdict, { purchaseCents = 0 }: Asked): number {
  if (debit !== null) return debit.unit === "EUR_CENT" ? debit.value : 0;
  return code === "INSUFFICIENT_BALANCE" ? purchaseCents : 0;
}

/** What would be taken is kept for a capture. */
function heldInstead(covered: Verdict): Verdict {
  const { params, debit } = covered;
  if (debit === null) return covered;
  const { unit, value } = debit;
  return { ...covered, code: "APPROVED_HELD", params: { ...params, taken: { unit, value } } };
}

/** Decides an inquiry. */
export function decideInquiry(deciding: Deciding<InquiryRequest>): Decided {
  const { request, ledger, scripted } = deciding;
  const presented = takePresentation({ ...deciding, evidence: request.evidence });
  if (scripted !== null) return decideAsScripted(deciding, scripted, presented);
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

/** What is refused before its PIN is looked at leaves no reference to the presentation. */
function presentationWithoutPin(evidence: Evidence, presented: Presented): Presentation | null {
  const hasPin = evidence.type === "qr" || evidence.type === "keyed" || isStepUp(evidence);
  return presented.ok && !hasPin ? presented.presentation : null;
}

const NOTHING_MORE = {
  params: {},
  debit: null,
  usableHere: [],
  isHolderKnown: false,
  isDebited: false,
  holdExpiresAtMs: null,
} as const;

function refused(code: PublicCode, presentation: Presentation | null = null): Decided {
  return { ...NOTHING_MORE, code, presentation };
}

const isApproval = (code: PublicCode) => outcomeSpec(code).kind === "approval";
