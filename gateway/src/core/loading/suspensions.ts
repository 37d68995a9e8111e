// Suspensions decided and lifted by the Région: a reference, a campaign, a scope; never a motive.

import type { BeneficiaryCase } from "./case.js";
import type { Scope } from "./event.js";
import type { FiledSuspension } from "./file.js";
import type { Loaded } from "./loaded.js";
import {
  accountOf,
  checkCampaignAndScope,
  isRefused,
  refused,
  sameWords,
  settled,
} from "./results.js";

/** The same decision again changes nothing: one that was lifted stays lifted. */
export function decideSuspension(input: BeneficiaryCase<"suspension.decided">): Loaded {
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
    return settled([{ type: "putSuspension", accountId: account.id, suspension }]);
  }
  if (isSameDecision(existing, suspension)) return settled([]);
  return refused(
    "CONTRADICTION",
    `suspension ${id} is on record with another content: a new decision needs an id of its own`,
  );
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
