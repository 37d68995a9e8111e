// The decision of a reversal: it gives back exactly what is still taken, once, whatever has happened since.

import type { OutcomeCode } from "@pass-tpe/protocol";
import { assert } from "./assert.js";
import type { Effect, Figures } from "./decision.js";
import { endOf } from "./holds.js";
import { wayOf } from "./life.js";
import { amountOf, type SaleFile } from "./sale-file.js";

/** What is on file of the attempt that is to be reversed. */
export interface ReversibleAttempt extends SaleFile {
  /** The end of the settlement period in which it took something; null where nothing was taken. */
  readonly settledFromMs: number | null;
}

export interface Reversed {
  readonly code: OutcomeCode;
  /** `tombstone`: the id was never seen, and is refused from now on. `none`: nothing is changed. */
  readonly mark: "reversed" | "tombstone" | "none";
  /** Given back, in the grant's unit. */
  readonly units: number;
  readonly figures: Figures;
  readonly effects: readonly Effect[];
}

/**
 * Decides a reversal. An automatic one for an unknown id leaves a tombstone (T-24); a manual one finds nothing. It
 * needs no PIN, works on blocked cards and closed windows (T-22), and is answered the same however often it comes. A
 * cashier's own wish comes too late once the period is settled, and a refund is the way; a terminal in doubt is
 * answered at any time, because nobody was served.
 */
export function reverse(input: {
  readonly reason: "automatic" | "manual";
  readonly attempt: ReversibleAttempt | null;
  readonly nowMs: number;
}): Reversed {
  const { reason, attempt, nowMs } = input;
  const nothing = { units: 0, figures: {}, effects: [] };
  if (attempt === null) {
    return reason === "automatic"
      ? { code: "REVERSED", mark: "tombstone", ...nothing }
      : { code: "ORIGINAL_NOT_FOUND", mark: "none", ...nothing };
  }
  const { settledFromMs } = attempt;
  if (reason === "manual" && settledFromMs !== null && nowMs >= settledFromMs) {
    return { code: "REVERSAL_TOO_LATE", mark: "none", ...nothing };
  }
  const way = wayOf(attempt.state, "reverse");
  assert(way && "to" in way, "whatever became of a sale, it can be reversed");
  return { code: "REVERSED", mark: "reversed", ...giveBack(attempt) };
}

function giveBack(attempt: ReversibleAttempt): Pick<Reversed, "units" | "figures" | "effects"> {
  const { state, hold, grant, taken, returned, account } = attempt;
  if (hold) return { units: 0, figures: {}, effects: [endOf(hold, "reversed")] };
  if (state !== "approved") return { units: 0, figures: {}, effects: [] };
  if (grant === null || taken === 0) {
    // A record gives nothing back; the next presentation at the same door is a visit again.
    const effects: readonly Effect[] =
      account === null ? [] : [{ type: "forgetVisit", accountId: account.id }];
    return { units: 0, figures: {}, effects };
  }
  const units = taken - returned;
  if (units === 0) return { units, figures: {}, effects: [] };
  return {
    units,
    figures: { returned: amountOf(grant, units) },
    effects: [{ type: "post", grantId: grant.id, units: -units, spentBefore: grant.spent }],
  };
}
