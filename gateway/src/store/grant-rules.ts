// Holds grants to the rules of the programmes that were kept: what a rule cannot have given is named.

import type { Calendar } from "../core/entitlement/calendar.js";
import { versementIdIn, versementIdPrefix } from "../core/entitlement/ids.js";
import { isRecordOnly } from "../core/grants.js";
import type { AvantageRule, GrantRule, Programme, Window } from "../core/programme.js";
import type { OwnedGrant } from "./driver.js";

export type MonthsCalendar = Pick<Calendar, "windowOfMonths">;

export interface GrantRules {
  /** Whether a rule is one of the programmes'. A grant of the operator's own word has none. */
  isKnown(rule: string): boolean;
  /**
   * What a grant has that its rule cannot have given it, in words. The rule is known.
   *
   * @param fulfilledAtMs when commitments of its holder were fulfilled: what belongs to no campaign begins with one.
   */
  misfits(grant: OwnedGrant, fulfilledAtMs: readonly number[]): readonly string[];
}

/** A grant rule where it stands. */
interface Origin {
  readonly programme: Programme;
  readonly avantage: AvantageRule;
  readonly rule: GrantRule;
}

/** The grant rules of several programmes: a grant was given under one of them, and raised under another perhaps. */
export function createGrantRules(
  programmes: readonly Programme[],
  calendar: MonthsCalendar,
): GrantRules {
  const origins = originsOf(programmes);
  return {
    isKnown: (rule) => origins.has(rule),
    misfits(grant, fulfilledAtMs) {
      const { avantage: code, unit, rule, amount, supplement, window } = grant;
      const own = (origins.get(rule) ?? []).filter(({ avantage }) => avantage.code === code);
      if (own.length === 0) return [`its rule ${rule} gives no ${code}`];
      const found: string[] = [];
      if (!own.some(({ avantage }) => avantage.unit === unit)) {
        found.push(`its unit ${unit} is not that of ${code}`);
      }
      if (!own.some((origin) => gives(origin, grant))) {
        found.push(`its amount ${amount} is none that ${rule} gives in ${grant.campaign}`);
      }
      if (supplement && !programmes.some((programme) => supplements(programme, grant))) {
        const { amount: more, partnerFlag } = supplement;
        found.push(`its supplement of ${more} at ${partnerFlag} is none that ${code} gives`);
      }
      if (grant.campaign === null && !fulfilledAtMs.includes(window.fromMs ?? Number.NaN)) {
        found.push(`its window begins on ${window.firstDay}, when no commitment was fulfilled`);
      } else if (!programmes.some((programme) => opens(programme, grant, calendar))) {
        found.push(`its window to ${window.lastDay} is none that ${code} has in ${grant.campaign}`);
      }
      return found;
    },
  };
}

function originsOf(programmes: readonly Programme[]): ReadonlyMap<string, readonly Origin[]> {
  const origins = new Map<string, Origin[]>();
  for (const programme of programmes) {
    for (const avantage of programme.avantages.values()) {
      for (const rule of avantage.grants) {
        const origin = { programme, avantage, rule };
        const others = origins.get(rule.id);
        if (others) others.push(origin);
        else origins.set(rule.id, [origin]);
      }
    }
  }
  return origins;
}

/** Whether a rule gives this amount at every partner. */
function gives({ programme, avantage, rule }: Origin, grant: OwnedGrant): boolean {
  const { amount, campaign } = grant;
  const { campaign: ofCampaigns } = rule.when;
  if (rule.onlyAt !== null) return false;
  if (ofCampaigns !== null && (campaign === null || !ofCampaigns.includes(campaign))) return false;
  if (isRecordOnly(avantage)) return amount === 0;
  if (rule.amount === null) return isVersement(programme, grant);
  // The number of coupons comes with a load; the rule's is where it begins (T-45).
  return avantage.unit === "COUPON" ? amount >= rule.amount : amount === rule.amount;
}

/** Whether the grant is a versement of a formation, under its first id or under that of its own campaign. */
function isVersement({ formations }: Programme, grant: OwnedGrant): boolean {
  const { accountId, avantage, campaign, id, amount } = grant;
  if (campaign === null) return false;
  return [...formations.values()].some(({ code: formation, versements }) => {
    const prefix = versementIdPrefix({ accountId, avantage, formation });
    return versements.some(({ no, amountCents }) => {
      const firstId = `${prefix}${no}`;
      const isNamedSo = id === firstId || id === versementIdIn({ firstId, campaign });
      return isNamedSo && amountCents === amount;
    });
  });
}

/** Whether a rule gives the supplement: together with the amount it is what that rule gives at its partners (T-23). */
function supplements(programme: Programme, grant: OwnedGrant): boolean {
  const { amount, supplement, unit } = grant;
  const rules = programme.avantages.get(grant.avantage)?.grants ?? [];
  return rules.some(({ onlyAt, amount: total }) => {
    if (supplement === null || total === null || onlyAt !== supplement.partnerFlag) return false;
    const isCounted = unit === "COUPON";
    return isCounted ? supplement.amount <= total : amount + supplement.amount === total;
  });
}

/** Whether the grant's window is its family's in its campaign; without a campaign, so many months long (T-07). */
function opens(programme: Programme, grant: OwnedGrant, calendar: MonthsCalendar): boolean {
  const avantage = programme.avantages.get(grant.avantage);
  if (avantage === undefined) return false;
  const { family, validMonths } = avantage;
  const { campaign: code, window } = grant;
  if (code === null) {
    if (validMonths === null || window.fromMs === null) return false;
    return isSame(window, calendar.windowOfMonths(window.fromMs, validMonths));
  }
  const campaign = programme.campaigns.find((it) => it.code === code);
  const own = family === null ? undefined : campaign?.windows[family];
  return own !== undefined && isSame(window, own);
}

function isSame(a: Window, b: Window): boolean {
  return (
    a.fromMs === b.fromMs &&
    a.toMs === b.toMs &&
    a.firstDay === b.firstDay &&
    a.lastDay === b.lastDay
  );
}
