// The decision of a reversal: it gives back exactly what was taken, once, whatever has happened since.

import type { OutcomeCode } from "@pass-tpe/protocol";
import { assert } from "./assert.js";
import type { Effect, Figures } from "./decision.js";
import type { Grant } from "./model.js";

/** What the store holds of the attempt that is to be reversed. */
export interface ReversibleAttempt {
  readonly state: "approved" | "declined" | "reversed";
  readonly accountId: string | null;
  /** What the attempt took, with the grants as they stand now. */
  readonly debits: readonly { readonly grant: Grant; readonly units: number }[];
}

export interface Reversed {
  readonly code: OutcomeCode;
  /** `tombstone`: the id was never seen, and is refused from now on. `none`: the stored reversal is the answer. */
  readonly mark: "reversed" | "tombstone" | "none";
  readonly figures: Figures;
  readonly effects: readonly Effect[];
}

/**
 * Decides a reversal. An automatic one for an unknown id leaves a tombstone (T-24); a manual one finds nothing. It
 * needs no PIN, works on blocked cards and closed windows (T-22), and is answered the same however often it comes.
 */
export function reverse(input: {
  readonly reason: "automatic" | "manual";
  readonly attempt: ReversibleAttempt | null;
}): Reversed {
  const { attempt } = input;
  if (attempt === null) {
    return input.reason === "automatic"
      ? { code: "REVERSED", mark: "tombstone", figures: {}, effects: [] }
      : { code: "ORIGINAL_NOT_FOUND", mark: "none", figures: {}, effects: [] };
  }
  if (attempt.state !== "approved") {
    return { code: "REVERSED", mark: "reversed", figures: {}, effects: [] };
  }
  return { code: "REVERSED", mark: "reversed", ...giveBack(attempt) };
}

function giveBack(attempt: ReversibleAttempt): { figures: Figures; effects: readonly Effect[] } {
  const [debit] = attempt.debits;
  if (!debit) return { figures: {}, effects: forgottenVisit(attempt) };
  assert(attempt.debits.length === 1, "a sale debits one grant");
  const { grant, units } = debit;
  assert(grant.unit !== "RECORD" && grant.unit !== "UNLIMITED", "a record debits nothing");
  return {
    figures: { returned: { unit: grant.unit, value: units } },
    effects: [{ type: "post", grantId: grant.id, units: -units, spentBefore: grant.spent }],
  };
}

/** A record gives nothing back; the next presentation at the same door is a visit again. */
function forgottenVisit({ accountId }: ReversibleAttempt): readonly Effect[] {
  return accountId === null ? [] : [{ type: "forgetVisit", accountId }];
}
