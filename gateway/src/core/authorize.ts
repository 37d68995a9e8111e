// The decision of a sale, in the one order of evaluation; the first failure wins.

import { type OutcomeCode, PROOF_LIFETIME_MS, retryOf } from "@pass-tpe/protocol";
import { assert } from "./assert.js";
import { cover } from "./coverage.js";
import { channelOf, checkCredential, consumption } from "./credential.js";
import type { Decided, Effect, Figures, Refusal, SaleRequest } from "./decision.js";
import type { Facts } from "./facts.js";
import { chooseGrant, isRecordOnly } from "./grants.js";
import type { AvantageRule, Programme, Snapshot } from "./model.js";
import { checkAgrement, checkForm, checkPlace } from "./place.js";

/** What every decision is made from. Equal input gives an equal decision, today or in a year. */
export interface DecideInput<R> {
  readonly request: R;
  readonly facts: Facts;
  readonly snapshot: Snapshot;
  /** max(gateway's clock, the account's last decision), Unix milliseconds. */
  readonly nowMs: number;
  readonly programme: Programme;
}

/**
 * Decides a sale: known avantage → deadline → terminal → partner → convention → agrément, channel, form → card or QR → card status →
 * PIN → grant → window → single use → balance (outcomes rule 2).
 */
export function authorize(input: DecideInput<SaleRequest>): Decided {
  const { request, snapshot, programme, nowMs } = input;
  const rule = programme.avantages.get(request.avantage);
  if (!rule)
    return decline(input, { code: "OPERATION_NOT_SUPPORTED" }, { credentialPassed: false });
  const early = checkDeadline(request) ?? checkPlace(snapshot, nowMs) ?? checkSale(input, rule);
  if (early) return decline(input, early, { credentialPassed: false, rule });
  const credential = checkCredential({ ...input, recordOnly: isRecordOnly(rule) });
  if (credential.refusal) {
    return decline(input, credential.refusal, {
      credentialPassed: false,
      rule,
      effects: credential.effects,
    });
  }
  return authorizeHolder(input, rule, credential.effects);
}

/** The part that speaks of the holder's rights: reached only once the credential has passed. */
function authorizeHolder(
  input: DecideInput<SaleRequest>,
  rule: AvantageRule,
  effects: readonly Effect[],
): Decided {
  const { request, snapshot, programme, nowMs } = input;
  const { grants } = snapshot;
  const chosen = chooseGrant({ rule, grants, campaigns: programme.campaigns, nowMs });
  if ("refusal" in chosen) {
    return decline(input, chosen.refusal, { credentialPassed: true, rule, effects });
  }
  const { grant } = chosen;
  const coverage = cover({ ...request, rule, grant });
  if ("refusal" in coverage) {
    return decline(input, coverage.refusal, { credentialPassed: true, rule, effects });
  }
  const { units, figures } = coverage;
  const debit: Effect[] =
    units === 0 ? [] : [{ type: "post", grantId: grant.id, units, spentBefore: grant.spent }];
  return {
    code: approvalCode(rule, figures),
    approved: true,
    figures,
    credentialPassed: true,
    channel: channelOf(input.facts, snapshot),
    proofRef: null,
    avantages: [],
    effects: [...closing(input), ...effects, ...debit],
  };
}

function approvalCode(rule: AvantageRule, figures: Figures): OutcomeCode {
  if (isRecordOnly(rule)) return "APPROVED_RECORD";
  if (rule.unit === "EUR_CENT") return figures.collectCents === 0 ? "APPROVED" : "APPROVED_PARTIAL";
  return "APPROVED_SEATS";
}

/** A late approval would go into the void: the terminal has given up and owes a reversal. */
export function checkDeadline(request: {
  readonly waitedMs: number;
  readonly deadlineMs: number;
}): Refusal | null {
  return request.waitedMs >= request.deadlineMs ? { code: "DEADLINE_PASSED" } : null;
}

function checkSale(input: DecideInput<SaleRequest>, rule: AvantageRule): Refusal | null {
  const { partner } = input.snapshot;
  assert(partner, "a sale without a partner was refused");
  const channel = channelOf(input.facts, input.snapshot);
  return checkAgrement({ rule, partner, channel }) ?? checkForm(rule, input.request);
}

/** What every attempt changes, approved or not: what it presented is used up, and the account's time moves on. */
export function closing({ facts, snapshot, nowMs }: DecideInput<unknown>): readonly Effect[] {
  const { account } = snapshot;
  const used = consumption(facts, snapshot);
  if (!account || nowMs <= account.lastDecisionAtMs) return used;
  const moved: Effect = {
    type: "markDecided",
    accountId: account.id,
    from: account.lastDecisionAtMs,
    to: nowMs,
  };
  return [...used, moved];
}

function decline(
  input: DecideInput<SaleRequest>,
  refusal: Refusal,
  at: {
    readonly credentialPassed: boolean;
    readonly rule?: AvantageRule;
    readonly effects?: readonly Effect[];
  },
): Decided {
  const { facts, snapshot, request } = input;
  const figures = refusal.figures ?? {};
  const amendable =
    retryOf(refusal.code, { ...(figures.available ? { remaining: figures.available } : {}) }) ===
    "AMEND";
  const passed = at.credentialPassed || (amendable && passesWithoutPin(input, at.rule));
  const proof = amendable && passed ? issueProof(input, request.proofRef) : null;
  return {
    code: refusal.code,
    approved: false,
    figures,
    credentialPassed: at.credentialPassed,
    channel: channelOf(facts, snapshot),
    proofRef: proof ? request.proofRef : null,
    avantages: [],
    effects: [...closing(input), ...(at.effects ?? []), ...(proof ? [proof] : [])],
  };
}

/**
 * A sale refused before the credential was looked at (a wrong amount, say) has used up the tap all the same. Where no
 * PIN is at stake the credential is looked at now, so that the young person need not tap twice. A PIN is not: its
 * tries are consumed by a decision that reaches the value, and by nothing else.
 */
function passesWithoutPin(input: DecideInput<unknown>, rule: AvantageRule | undefined): boolean {
  const { kind } = input.facts;
  if (kind !== "nfcMessage" && kind !== "proof") return false;
  const recordOnly = rule !== undefined && isRecordOnly(rule);
  return checkCredential({ ...input, recordOnly }).refusal === null;
}

/** A reference to this presentation: bound to terminal and card, one sale, a minute from the presentation itself. */
export function issueProof(input: DecideInput<unknown>, ref: string): Effect {
  const { facts, snapshot, nowMs } = input;
  const { card, terminal, proof } = snapshot;
  const channel = channelOf(facts, snapshot);
  assert(card && channel, "a presentation that passed has a card and a channel");
  const fromProof = facts.kind === "proof" && proof ? proof.expiresAtMs : null;
  return {
    type: "issueProof",
    ref,
    terminalId: terminal.id,
    cardId: card.id,
    channel,
    expiresAtMs: fromProof ?? nowMs + PROOF_LIFETIME_MS,
  };
}
