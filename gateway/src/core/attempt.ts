// What a sale and an inquiry have in common: their input, what every attempt changes, and how one is declined.

import { type AvantageView, PROOF_LIFETIME_MS, retryOf } from "@pass-tpe/protocol";
import { assert } from "./assert.js";
import { channelOf, checkCredential, consumption, isStepUp } from "./credential.js";
import type { Decided, Effect, Refusal, Request } from "./decision.js";
import type { Facts } from "./facts.js";
import { isRecordOnly } from "./grants.js";
import { expiries } from "./holds.js";
import type { Snapshot } from "./model.js";
import type { AvantageRule, Programme } from "./programme.js";

/** What every decision is made from. Equal input gives an equal decision, today or in a year. */
export interface DecideInput<R> {
  readonly request: R;
  readonly facts: Facts;
  readonly snapshot: Snapshot;
  /** max(gateway's clock, the account's last decision), Unix milliseconds. */
  readonly nowMs: number;
  /** The Paris civil date of `nowMs`, `YYYY-MM-DD`. */
  readonly day: string;
  readonly programme: Programme;
  /** Today's where none are named. */
  readonly rules?: Rules;
}

/** In what the versions of the rules differ that are still decided by. */
export interface Rules {
  /** A tap above its ceiling can be followed by the code secret. */
  readonly stepUp: boolean;
  /** A tap that is believed up to a ceiling alone is told what is left of each avantage. */
  readonly weakTapToldBalance: boolean;
}

/** The rules as they are now. */
export const TODAYS_RULES: Rules = { stepUp: true, weakTapToldBalance: false };

/** A late approval would go into the void: the terminal has given up and owes a reversal. */
export function checkDeadline(request: {
  readonly waitedMs: number;
  readonly deadlineMs: number;
}): Refusal | null {
  return request.waitedMs >= request.deadlineMs ? { code: "DEADLINE_PASSED" } : null;
}

/**
 * What every attempt changes, approved or not: what it presented is used up; and where the credential passed, holds
 * that are over are written as such, and the account's time moves on. A stranger to the card must not move it: a clock that stepped ahead for a moment would
 * then keep the account there.
 */
export function closing(
  { facts, snapshot, nowMs }: DecideInput<unknown>,
  credentialPassed: boolean,
): readonly Effect[] {
  const { account } = snapshot;
  const used = consumption(facts, snapshot);
  if (!credentialPassed || !account) return used;
  const over = expiries(snapshot.holds, nowMs);
  if (nowMs <= account.lastDecisionAtMs) return [...used, ...over];
  const moved: Effect = {
    type: "markDecided",
    accountId: account.id,
    from: account.lastDecisionAtMs,
    to: nowMs,
  };
  return [...used, ...over, moved];
}

/** Declines an attempt: with what it used up, and a proof where another amount or avantage would mend it. */
export function decline(
  input: DecideInput<Request>,
  refusal: Refusal,
  at: {
    readonly credentialPassed: boolean;
    readonly rule?: AvantageRule;
    readonly effects?: readonly Effect[];
    /** The other avantages that can be used here. */
    readonly avantages?: readonly AvantageView[];
    /** The tap stands, and its code secret may follow: it gets a proof to follow with. */
    readonly stepUp?: boolean;
  },
): Decided {
  const { facts, snapshot, request } = input;
  const figures = refusal.figures ?? {};
  const { avantages = [] } = at;
  const amendable =
    avantages.length > 0 ||
    retryOf(refusal.code, { ...(figures.available ? { remaining: figures.available } : {}) }) ===
      "AMEND";
  const passed = at.credentialPassed || (amendable && passesWithoutPin(input, at.rule));
  const isGood = at.stepUp === true || (amendable && passed);
  const proof = isGood ? issueProof(input, request.proofRef) : null;
  return {
    code: refusal.code,
    approved: false,
    figures,
    credentialPassed: at.credentialPassed,
    channel: channelOf(facts, snapshot),
    proofRef: proof ? request.proofRef : null,
    avantages,
    reason: refusal.reason ?? null,
    effects: [
      ...closing(input, at.credentialPassed),
      ...(at.effects ?? []),
      ...(proof ? [proof] : []),
    ],
  };
}

/**
 * An attempt refused before the credential was looked at (a wrong amount, say) has used up the tap all the same. Where no
 * PIN is at stake the credential is looked at now, so that the young person need not tap twice. A PIN is not: its
 * tries are consumed by a decision that reaches the value, and by nothing else.
 */
function passesWithoutPin(input: DecideInput<unknown>, rule: AvantageRule | undefined): boolean {
  const { kind } = input.facts;
  if (kind === "qr" || kind === "keyed" || isStepUp(input.facts)) return false;
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
