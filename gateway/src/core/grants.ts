// Which grant a sale may draw on, and the refusal when there is none.

import { assert } from "./assert.js";
import type { Refusal } from "./decision.js";
import { heldUnits } from "./holds.js";
import type { Grant, Partner, Snapshot } from "./model.js";
import type { AvantageRule, Programme } from "./programme.js";
import { isSuspended } from "./suspensions.js";
import { campaignsOpenFor, windowState } from "./windows.js";

/**
 * What can still be taken from a grant at a partner, in its unit. A single-use grant that was used has nothing left
 * (T-25); a supplement is there only for a partner that carries its flag (T-23). What is held counts as taken.
 *
 * @param held what holds keep of this grant now, in its unit.
 */
export function availableUnits(
  rule: AvantageRule,
  grant: Grant,
  partner: Pick<Partner, "flags">,
  held: number,
): number {
  if (rule.singleUse && grant.spent + held > 0) return 0;
  const { supplement } = grant;
  const reachable = supplement !== null && partner.flags.includes(supplement.partnerFlag);
  const ceiling = grant.amount + (reachable ? supplement.amount : 0);
  return Math.max(0, ceiling - grant.spent - held);
}

/** Whether uses of this avantage are recorded without a counter that comes down. */
export function isRecordOnly(rule: AvantageRule): boolean {
  return rule.unit === "RECORD" || rule.unit === "UNLIMITED";
}

function endsFirst(a: Grant, b: Grant): number {
  return a.window.toMs - b.window.toMs || (a.id < b.id ? -1 : 1);
}

export interface ChoiceInput {
  readonly rule: AvantageRule;
  readonly snapshot: Pick<Snapshot, "grants" | "holds" | "suspensions">;
  readonly partner: Partner;
  /** The campaigns whose grants an ended convention still carries (T-05); null: a convention is in force. */
  readonly graceCampaigns: readonly string[] | null;
  readonly programme: Programme;
  readonly nowMs: number;
}

/** The grant to draw on, null where the avantage needs none; or why there is none. */
type Choice = { readonly grant: Grant | null } | { readonly refusal: Refusal };

/** A grant that is open, and what keeps it from being used. */
interface Candidate {
  readonly grant: Grant;
  readonly ofAge: boolean;
  readonly suspended: boolean;
  readonly carried: boolean;
}

/**
 * Chooses among a holder's grants the one to draw on now: open, not suspended, with something left, the one that ends
 * first (T-01). Without one that has something left, the first open one, so that the refusal can speak of it.
 */
export function chooseGrant(input: ChoiceInput): Choice {
  const { rule, partner, nowMs } = input;
  const { holds } = input.snapshot;
  if (!rule.needsGrant) return withoutGrant(input);
  const own = ownGrants(input);
  const open = own
    .filter((grant) => windowState(grant.window, nowMs) === "open")
    .map((grant) => candidateOf(input, grant));
  const usable = open
    .filter(({ ofAge, suspended, carried }) => ofAge && !suspended && carried)
    .map(({ grant }) => grant);
  const hasSomeLeft = (grant: Grant) =>
    availableUnits(rule, grant, partner, heldUnits(holds, grant.id, nowMs)) > 0;
  const first = usable.find(hasSomeLeft) ?? usable[0];
  if (first) return { grant: first };
  return { refusal: refusalOfOpen(open) ?? refusalWithoutOpenGrant(input, own) };
}

/** The holder's grants of an avantage that were not revoked, the one that ends first at the head. */
export function ownGrants({ rule, snapshot }: ChoiceInput): readonly Grant[] {
  const own = snapshot.grants.filter((grant) => grant.avantage === rule.code && !grant.revoked);
  for (const grant of own) assert(grant.unit === rule.unit, "a grant is in its avantage's unit");
  return own.sort(endsFirst);
}

function withoutGrant(input: ChoiceInput): Choice {
  if (suspends(input, null)) return { refusal: { code: "AVANTAGE_SUSPENDED" } };
  if (input.graceCampaigns !== null) return { refusal: NOT_CARRIED };
  return { grant: null };
}

/** A convention that has ended carries grants of the campaigns in grace, and nothing else. */
const NOT_CARRIED: Refusal = { code: "CONVENTION_NOT_IN_FORCE", reason: "EXPIRED" };

function suspends({ rule, snapshot, programme, nowMs }: ChoiceInput, grant: Grant | null): boolean {
  const { suspensions } = snapshot;
  return isSuspended({ rule, grant, suspensions, campaigns: programme.campaigns, nowMs });
}

function candidateOf(input: ChoiceInput, grant: Grant): Candidate {
  const { graceCampaigns, nowMs } = input;
  const { ageWindow, campaign } = grant;
  return {
    grant,
    ofAge: ageWindow === null || (ageWindow.fromMs <= nowMs && nowMs < ageWindow.toMs),
    suspended: suspends(input, grant),
    carried: graceCampaigns === null || (campaign !== null && graceCampaigns.includes(campaign)),
  };
}

/** Of what keeps the open grants from being used, that of the one that came furthest. */
function refusalOfOpen(open: readonly Candidate[]): Refusal | null {
  if (open.length === 0) return null;
  const ofAge = open.filter((candidate) => candidate.ofAge);
  if (ofAge.length === 0) return { code: "AGE_NOT_ELIGIBLE" };
  const free = ofAge.filter((candidate) => !candidate.suspended);
  return free.length === 0 ? { code: "AVANTAGE_SUSPENDED" } : NOT_CARRIED;
}

/**
 * Order (outcomes rule 3, model §5): a grant yet to open says when, unless it is suspended; a holder with nothing from
 * the campaign that is open for this family was not validated; an older grant says until when; nothing at all is not
 * granted.
 */
function refusalWithoutOpenGrant(input: ChoiceInput, own: readonly Grant[]): Refusal {
  const { rule, snapshot, programme, nowMs } = input;
  const next = nextToOpen(own, nowMs);
  if (next?.window.firstDay) {
    if (suspends(input, next)) return { code: "AVANTAGE_SUSPENDED" };
    return { code: "WINDOW_NOT_OPEN", figures: { date: next.window.firstDay } };
  }
  if (rule.family !== null) {
    const current = campaignsOpenFor(programme.campaigns, rule.family, nowMs);
    const validated = current.some((campaign) =>
      snapshot.grants.some((grant) => grant.campaign === campaign.code && !grant.revoked),
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

/** Of the grants whose window is yet to open, the one that opens first. */
export function nextToOpen(own: readonly Grant[], nowMs: number): Grant | undefined {
  return own
    .filter((grant) => windowState(grant.window, nowMs) === "notOpen")
    .sort((a, b) => (a.window.fromMs ?? 0) - (b.window.fromMs ?? 0))[0];
}
