// Which grant a sale may draw on, and the refusal when there is none.

import { assert } from "./assert.js";
import type { Refusal } from "./decision.js";
import type { AvantageRule, Campaign, Grant } from "./model.js";
import { campaignsOpenFor, windowState } from "./windows.js";

/** What can still be taken from a grant, in its unit. A single-use grant that was used has nothing left (T-25). */
export function availableUnits(rule: AvantageRule, grant: Grant): number {
  if (rule.singleUse && grant.spent > 0) return 0;
  return grant.amount - grant.spent;
}

/** Whether uses of this avantage are recorded without a counter that comes down. */
export function isRecordOnly(rule: AvantageRule): boolean {
  return rule.unit === "RECORD" || rule.unit === "UNLIMITED";
}

function endsFirst(a: Grant, b: Grant): number {
  return a.window.toMs - b.window.toMs || (a.id < b.id ? -1 : 1);
}

/**
 * Chooses among a holder's grants the one to draw on now: open, with something left, the one that ends first (T-01).
 * Without one that has something left, the first open one, so that the refusal can speak of it.
 */
export function chooseGrant(input: {
  readonly rule: AvantageRule;
  readonly grants: readonly Grant[];
  readonly campaigns: readonly Campaign[];
  readonly nowMs: number;
}): { readonly grant: Grant } | { readonly refusal: Refusal } {
  const { rule, grants, campaigns, nowMs } = input;
  const own = grants.filter((grant) => grant.avantage === rule.code).sort(endsFirst);
  for (const grant of own) assert(grant.unit === rule.unit, "a grant is in its avantage's unit");
  const open = own.filter((grant) => windowState(grant.window, nowMs) === "open");
  const first = open.find((grant) => availableUnits(rule, grant) > 0) ?? open[0];
  if (first) return { grant: first };
  return { refusal: refusalWithoutOpenGrant({ rule, own, grants, campaigns, nowMs }) };
}

/**
 * Order (outcomes rule 3, model §5): a grant yet to open says when; a holder with nothing from the campaign that is
 * open for this family was not validated; an older grant says until when; nothing at all is not granted.
 */
function refusalWithoutOpenGrant(input: {
  readonly rule: AvantageRule;
  readonly own: readonly Grant[];
  readonly grants: readonly Grant[];
  readonly campaigns: readonly Campaign[];
  readonly nowMs: number;
}): Refusal {
  const { rule, own, grants, campaigns, nowMs } = input;
  const next = own
    .filter((grant) => windowState(grant.window, nowMs) === "notOpen")
    .sort((a, b) => (a.window.fromMs ?? 0) - (b.window.fromMs ?? 0))[0];
  if (next?.window.firstDay) {
    return { code: "WINDOW_NOT_OPEN", figures: { date: next.window.firstDay } };
  }
  if (rule.family !== null) {
    const current = campaignsOpenFor(campaigns, rule.family, nowMs);
    const validated = current.some((campaign) =>
      grants.some((grant) => grant.campaign === campaign.code),
    );
    if (current.length > 0 && !validated) return { code: "BENEFICIARY_NOT_VALIDATED" };
  }
  const last = own.at(-1);
  if (last === undefined) return { code: "AVANTAGE_NOT_GRANTED" };
  return {
    code: rule.family === null ? "GRANT_EXPIRED" : "WINDOW_CLOSED",
    figures: { date: last.window.lastDay },
  };
}
