// Checks grants against the programme before they are loaded: a wrong column must not become money.

import type { Grant } from "../core/model.js";
import type { Programme } from "../core/programme.js";

/** A grant as records carry it. */
type LoadedGrant = Pick<Grant, "id" | "avantage" | "unit" | "amount" | "campaign" | "window">;

/** @throws RangeError that names the first grant which does not fit, and why. */
export function checkGrants(programme: Programme, grants: readonly LoadedGrant[]): void {
  for (const grant of grants) {
    const why = misfit(programme, grant);
    if (why !== null) throw new RangeError(`grant ${grant.id}: ${why}`);
  }
}

function misfit(programme: Programme, grant: LoadedGrant): string | null {
  const { avantage, unit, amount, campaign, window } = grant;
  const rule = programme.avantages.get(avantage);
  if (!rule) return `the programme has no avantage ${avantage}`;
  if (rule.unit !== unit) return `${avantage} is counted in ${rule.unit}, not in ${unit}`;
  if (!Number.isSafeInteger(amount) || amount < 0) return `${amount} is not a whole amount`;
  if (window.fromMs !== null && window.fromMs >= window.toMs)
    return "its window ends before it begins";
  if (campaign !== null && !programme.campaigns.some(({ code }) => code === campaign)) {
    return `the programme has no campaign ${campaign}`;
  }
  return null;
}
