// Compares what a validation gives with what is on record: new grants, raised ones, restored ones, and nothing else.

import { keptAges, sameAges } from "../entitlement/age.js";
import type { Entitled } from "../entitlement/entitle.js";
import type { Grant } from "../model.js";
import type { Loaded, LoadWrite } from "./loaded.js";
import { raisedAmounts, totalOf } from "./raise.js";
import { settled } from "./results.js";
import { isVersement, placeVersement } from "./versements.js";

interface RegrantInput {
  readonly accountId: string;
  readonly campaign: string;
  /** The formation of the validation; null where it gives no equipment. */
  readonly formation: string | null;
  readonly grants: readonly Grant[];
  readonly entitled: Entitled;
  /** Whether the sender may give back what was revoked: an établissement cannot know why it was. */
  readonly mayRestore: boolean;
  readonly nowMs: number;
}

interface Change {
  readonly writes: readonly LoadWrite[];
  readonly notes: readonly string[];
}

/**
 * A validation sent again changes nothing, and nothing that was spent is ever given back (T-19). Notes tell no amount:
 * they go to whoever validates, who need not be whoever validated before.
 */
export function regrant(input: RegrantInput): Loaded {
  const { entitled, grants, campaign } = input;
  const changes = entitled.grants.map((grant) => changeFor(grant, input));
  const given = new Set(entitled.grants.map(({ avantage }) => avantage));
  const gone = grants.filter(
    (grant) => grant.campaign === campaign && !grant.revoked && !given.has(grant.avantage),
  );
  return settled(
    changes.flatMap(({ writes }) => writes),
    [
      ...entitled.notes,
      ...(given.size === 0 ? ["no rule of the programme gives anything for this validation"] : []),
      ...changes.flatMap(({ notes }) => notes),
      ...gone.map(
        ({ avantage }) =>
          `${avantage} of ${campaign} stays, though this validation does not give it: grants.revoked takes it away`,
      ),
    ],
  );
}

function changeFor(grant: Grant, input: RegrantInput): Change {
  if (!isVersement(grant, input)) {
    const existing = onRecord(grant, input);
    return existing === undefined
      ? newGrant(grant, { ...input, notes: [] })
      : update(existing, grant, input);
  }
  const place = placeVersement(grant, input);
  if ("note" in place) return { writes: [], notes: [place.note] };
  if ("existing" in place) return update(place.existing, grant, input);
  return newGrant({ ...grant, id: place.id }, { ...input, notes: place.notes });
}

/** By id; and where a grant was taken over under an id of its own, by campaign and avantage. */
function onRecord(grant: Grant, { grants }: RegrantInput): Grant | undefined {
  const same = grants.find(({ id }) => id === grant.id);
  if (same !== undefined) return same;
  return grants.find(
    ({ avantage, campaign }) => avantage === grant.avantage && campaign === grant.campaign,
  );
}

function newGrant(
  grant: Grant,
  { accountId, nowMs, notes }: RegrantInput & Pick<Change, "notes">,
): Change {
  const put = { ...grant, ageWindow: keptAges(grant, nowMs) };
  return { writes: [{ type: "putGrant", accountId, grant: put }], notes };
}

function update(existing: Grant, computed: Grant, input: RegrantInput): Change {
  if (!existing.revoked) return adjust(existing, computed, input);
  const what = nameOf(existing);
  if (!input.mayRestore) {
    const note = `${what} was revoked and stays so: only the operator's validation gives it back`;
    return { writes: [], notes: [note] };
  }
  const adjusted = adjust(existing, computed, input);
  const ids = { accountId: input.accountId, grantId: existing.id };
  return {
    writes: [{ type: "setGrantRevoked", ...ids, revoked: false }, ...adjusted.writes],
    notes: [`${what} was revoked and is given back`, ...adjusted.notes],
  };
}

/** Eligibility is that of the first validation: nothing is taken away by a later one (T-47), but for a wrong age. */
function adjust(existing: Grant, computed: Grant, { accountId, nowMs }: RegrantInput): Change {
  const ids = { accountId, grantId: existing.id };
  const writes: LoadWrite[] = [];
  const notes: string[] = [];
  const amounts = raisedAmounts(existing, computed);
  if (amounts !== null) {
    const { amount: amountBefore } = existing;
    const { window } = computed;
    writes.push({ type: "raiseGrant", ...ids, ...amounts, amountBefore, window });
  }
  const lower = computed.amount < existing.amount || totalOf(computed) < totalOf(existing);
  // A coupon's number comes with coupons.loaded; the rule's is only where it begins (T-45).
  if (lower && existing.unit !== "COUPON") {
    notes.push(`${nameOf(existing)} stays as it was granted`);
  }
  if (!sameAges(existing, computed, nowMs)) {
    writes.push({ type: "setGrantAge", ...ids, ageWindow: keptAges(computed, nowMs) });
    notes.push(`${nameOf(existing)} gets the ages of this validation: its birthDay is another one`);
  }
  return { writes, notes };
}

const nameOf = ({ avantage, campaign }: Grant) => `${avantage} of ${campaign}`;
