// Compares what a validation gives with what is on record: new grants, raised ones, restored ones, and nothing else.

import type { Entitled } from "../entitlement/entitle.js";
import { versementIdPrefix } from "../entitlement/ids.js";
import type { Grant } from "../model.js";
import type { Loaded, LoadWrite } from "./loaded.js";
import { raisedAmounts, totalOf } from "./raise.js";
import { settled } from "./results.js";

export interface RegrantInput {
  readonly accountId: string;
  readonly campaign: string;
  /** The formation of the validation; null where it gives no equipment. */
  readonly formation: string | null;
  readonly grants: readonly Grant[];
  readonly entitled: Entitled;
}

interface Change {
  readonly writes: readonly LoadWrite[];
  readonly notes: readonly string[];
}

/** A validation sent again changes nothing, and nothing that was spent is ever given back (T-19). */
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
  const existing = onRecord(grant, input);
  if (existing === undefined) return newGrant(grant, input);
  if (existing.campaign !== grant.campaign) {
    const note = `${grant.id} was given in ${existing.campaign} and is given once for life: not granted again`;
    return { writes: [], notes: [note] };
  }
  const { accountId } = input;
  const ids = { accountId, grantId: existing.id };
  const restored: readonly LoadWrite[] = existing.revoked
    ? [{ type: "setGrantRevoked", ...ids, revoked: false }]
    : [];
  const amounts = raisedAmounts(existing, grant);
  const raised: readonly LoadWrite[] =
    amounts === null
      ? []
      : [
          {
            type: "raiseGrant",
            ...ids,
            ...amounts,
            amountBefore: existing.amount,
            window: grant.window,
          },
        ];
  return { writes: [...restored, ...raised], notes: keptAsItIs(existing, grant) };
}

/** By id; and where a grant was taken over under an id of its own, by campaign and avantage. */
function onRecord(grant: Grant, input: RegrantInput): Grant | undefined {
  const same = input.grants.find(({ id }) => id === grant.id);
  if (same !== undefined || isVersement(grant, grant.avantage, input)) return same;
  return input.grants.find(
    ({ avantage, campaign }) => avantage === grant.avantage && campaign === grant.campaign,
  );
}

/** Whether a grant is a versement for the formation of this validation. */
function isVersement({ id }: Grant, avantage: string, input: RegrantInput): boolean {
  const { accountId, formation } = input;
  return formation !== null && id.startsWith(versementIdPrefix({ accountId, avantage, formation }));
}

function newGrant(grant: Grant, input: RegrantInput): Change {
  const { accountId, grants } = input;
  const put: Change = { writes: [{ type: "putGrant", accountId, grant }], notes: [] };
  if (!isVersement(grant, grant.avantage, input)) return put;
  const others = grants.filter(({ avantage }) => avantage === grant.avantage);
  const together = others.find(
    (other) =>
      isVersement(other, grant.avantage, input) &&
      other.campaign === grant.campaign &&
      !other.revoked,
  );
  if (together !== undefined) {
    const note = `${grant.id} is not granted beside ${together.id}: two versements are of two campaigns; grants.revoked must come first if the level was wrong`;
    return { writes: [], notes: [note] };
  }
  const elsewhere = others.filter((other) => !isVersement(other, grant.avantage, input));
  const ids = elsewhere.map(({ id }) => id).join(", ");
  return elsewhere.length === 0
    ? put
    : {
        ...put,
        notes: [`${grant.id} is granted beside ${ids}: another formation, to be reviewed`],
      };
}

/** Eligibility is that of the first validation: nothing is taken away by a later one (T-47). */
function keptAsItIs(existing: Grant, computed: Grant): readonly string[] {
  const { avantage, campaign, ageWindow } = existing;
  const what = `${avantage} of ${campaign}`;
  const lower = computed.amount < existing.amount || totalOf(computed) < totalOf(existing);
  // A coupon's number comes with coupons.loaded; the rule's is only where it begins (T-45).
  const isNews = lower && existing.unit !== "COUPON";
  const otherAge =
    ageWindow?.fromMs !== computed.ageWindow?.fromMs ||
    ageWindow?.toMs !== computed.ageWindow?.toMs;
  return [
    ...(isNews
      ? [`${what} stays at ${totalOf(existing)}, though this validation gives ${totalOf(computed)}`]
      : []),
    ...(otherAge ? [`${what} keeps the ages of its first validation`] : []),
  ];
}
