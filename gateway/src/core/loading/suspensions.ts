// Suspensions decided and lifted by the Région: a reference, a campaign, a scope; never a motive.

import type { Campaign } from "../programme.js";
import type { BeneficiaryCase } from "./case.js";
import type { Scope } from "./event.js";
import type { FiledSuspension } from "./file.js";
import type { Loaded } from "./loaded.js";
import {
  accountOf,
  checkCampaignAndScope,
  isRefused,
  type Refused,
  refused,
  sameWords,
  settled,
} from "./results.js";

type Decision = BeneficiaryCase<"suspension.decided">;

/** The same decision again changes nothing: one that was lifted stays lifted. */
export function decideSuspension(input: Decision): Loaded {
  const { event, file, programme, nowMs } = input;
  const account = accountOf(file, event.beneficiary);
  if (isRefused(account)) return account;
  const unknown = checkCampaignAndScope(programme, event);
  if (unknown) return unknown;
  const { suspension: id, campaign, avantages, decisionRef } = event;
  const suspension: FiledSuspension = {
    id,
    campaign,
    avantages,
    decisionRef,
    decidedAtMs: nowMs,
    liftedAtMs: null,
  };
  const existing = file.suspensions.find((it) => it.id === id);
  if (existing === undefined) {
    const pointless = checkScope(input) ?? checkTime(input);
    return pointless ?? settled([{ type: "putSuspension", accountId: account.id, suspension }]);
  }
  if (isSameDecision(existing, suspension)) return settled([]);
  return refused(
    "CONTRADICTION",
    `suspension ${id} is on record with another content: a new decision needs an id of its own`,
  );
}

/** A suspension of everything leaves the everyday uses alone, so a list cannot name one (T-40). */
function checkScope({ event, programme }: Decision): Refused | null {
  const listed = event.avantages === "ALL" ? [] : event.avantages;
  const everyday = listed.find((code) => programme.avantages.get(code)?.outsideSuspension);
  if (everyday === undefined) return null;
  return refused(
    "CONTRADICTION",
    `${everyday} is an everyday use of the card, and no suspension touches it: leave it out of the list`,
  );
}

/** A suspension is of rights that can be used: from the first of the campaign's windows to the end of the last. */
function checkTime({ event, programme, calendar, nowMs }: Decision): Refused | null {
  const campaign = programme.campaigns.find(({ code }) => code === event.campaign);
  if (campaign === undefined) return null;
  const { code, endsAtMs } = campaign;
  const opensMs = firstOpeningMs(campaign);
  if (nowMs < opensMs) {
    const day = calendar.parisDay(opensMs);
    return refused("OUTSIDE_CAMPAIGN", `${code} opens on ${day}: nothing of it can be used before`);
  }
  if (nowMs < endsAtMs) return null;
  const day = calendar.parisDay(endsAtMs - 1);
  return refused("OUTSIDE_CAMPAIGN", `${code} ended on ${day}: nothing of it can be used any more`);
}

/** A window without a beginning is open since ever. */
function firstOpeningMs({ windows }: Campaign): number {
  const openings = Object.values(windows).map(({ fromMs }) => fromMs ?? Number.NEGATIVE_INFINITY);
  return Math.min(...openings);
}

function isSameDecision(a: FiledSuspension, b: FiledSuspension): boolean {
  return (
    a.campaign === b.campaign &&
    a.decisionRef === b.decisionRef &&
    isSameScope(a.avantages, b.avantages)
  );
}

function isSameScope(a: Scope, b: Scope): boolean {
  return a === "ALL" || b === "ALL" ? a === b : sameWords(a, b);
}

/** Balances were left alone: what was suspended is exactly what comes back (T-41). */
export function liftSuspension(input: BeneficiaryCase<"suspension.lifted">): Loaded {
  const { event, file, nowMs } = input;
  const account = accountOf(file, event.beneficiary);
  if (isRefused(account)) return account;
  const existing = file.suspensions.find(({ id }) => id === event.suspension);
  if (existing === undefined) {
    return refused("UNKNOWN_SUBJECT", `${account.id} has no suspension ${event.suspension}`);
  }
  if (existing.liftedAtMs !== null) return settled([]);
  return settled([
    {
      type: "liftSuspension",
      accountId: account.id,
      suspensionId: existing.id,
      decisionRef: event.decisionRef,
      atMs: nowMs,
    },
  ]);
}
