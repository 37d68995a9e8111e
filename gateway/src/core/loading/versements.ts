// A versement against those on record: once for life (T-28), and never two that are spendable together (T-27).

import { isSameVersement, versementIdIn, versementIdPrefix } from "../entitlement/ids.js";
import type { Grant } from "../model.js";
import { windowState } from "../windows.js";

interface Versements {
  readonly accountId: string;
  /** The formation of the validation; null where it gives no equipment. */
  readonly formation: string | null;
  readonly grants: readonly Grant[];
  readonly nowMs: number;
}

/** What is on record of the versement in its campaign, or the id that it gets; or why it is not given. */
type VersementPlace =
  | { readonly existing: Grant }
  | { readonly id: string; readonly notes: readonly string[] }
  | { readonly note: string };

/** Whether a grant is a versement for the formation of this validation. */
export function isVersement(
  { id, avantage }: Pick<Grant, "id" | "avantage">,
  { accountId, formation }: Pick<Versements, "accountId" | "formation">,
): boolean {
  return formation !== null && id.startsWith(versementIdPrefix({ accountId, avantage, formation }));
}

/** @param versement as the validation gives it, under its first id. */
export function placeVersement(versement: Grant, input: Versements): VersementPlace {
  const own = input.grants.filter(({ id }) => isSameVersement(id, versement.id));
  const existing = own.find(({ campaign }) => campaign === versement.campaign);
  if (existing !== undefined && !existing.revoked) return { existing };
  const obstacle = obstacleTo(versement, own, input);
  if (obstacle !== null) return { note: `${versement.id} is not granted: ${obstacle}` };
  if (existing !== undefined) return { existing };
  const { id: firstId, campaign } = versement;
  const id = own.length === 0 || campaign === null ? firstId : versementIdIn({ firstId, campaign });
  return { id, notes: otherFormations(versement, input) };
}

function obstacleTo(versement: Grant, own: readonly Grant[], input: Versements): string | null {
  const { window, campaign } = versement;
  if (windowState(window, input.nowMs) === "closed") {
    return `its window in ${campaign} ended on ${window.lastDay}`;
  }
  const earlier = own.find((other) => other.campaign !== campaign && counts(other));
  if (earlier !== undefined) {
    return `it was given in ${earlier.campaign} and is given once for life`;
  }
  const together = input.grants.find(
    (other) =>
      other.avantage === versement.avantage &&
      isVersement(other, input) &&
      !own.includes(other) &&
      counts(other) &&
      areTogether(versement, other, input.nowMs),
  );
  if (together === undefined) return null;
  return `${together.id} stands beside it, and two versements are of two campaigns; if that level was wrong and nothing was spent, grants.revoked must come first`;
}

/** One that was revoked before anything was spent of it is as if it had never been given. */
function counts({ revoked, spent }: Grant): boolean {
  return !revoked || spent > 0;
}

/** Of one campaign, or open at one instant from now on. */
function areTogether(a: Grant, b: Grant, nowMs: number): boolean {
  const since = ({ window }: Grant) => window.fromMs ?? nowMs;
  const fromMs = Math.max(since(a), since(b), nowMs);
  return a.campaign === b.campaign || fromMs < Math.min(a.window.toMs, b.window.toMs);
}

function otherFormations(versement: Grant, input: Versements): readonly string[] {
  const ids = input.grants
    .filter((other) => other.avantage === versement.avantage && !isVersement(other, input))
    .map(({ id }) => id);
  if (ids.length === 0) return [];
  const others = ids.join(", ");
  return [`${versement.id} is granted beside ${others}: another formation, to be reviewed`];
}
