// From what an établissement says of a pupil to grants, by the programme's rules alone.

import type { Attributes } from "../loading/event.js";
import type { Grant } from "../model.js";
import type { AvantageRule, Campaign, GrantRule, Programme, Window } from "../programme.js";
import { ageWithin } from "./age.js";
import { highestAmounts } from "./amounts.js";
import type { Calendar } from "./calendar.js";
import { meetsByValidation } from "./criteria.js";
import { campaignGrantId, versementIdPrefix } from "./ids.js";

interface EntitleInput {
  readonly programme: Programme;
  readonly campaign: Campaign;
  readonly accountId: string;
  readonly attributes: Attributes;
  readonly calendar: Calendar;
}

export interface Entitled {
  /** Nothing spent of them, none revoked. */
  readonly grants: readonly Grant[];
  /** What was not granted though a rule gives it, and why. */
  readonly notes: readonly string[];
}

/**
 * Everything that a validation in a campaign gives. It depends on nothing else: what is on record already is
 * compared afterwards.
 */
export function entitle(input: EntitleInput): Entitled {
  const each = [...input.programme.avantages.values()].map((rule) => entitleTo(rule, input));
  return {
    grants: each.flatMap(({ grants }) => grants),
    notes: each.flatMap(({ notes }) => notes),
  };
}

const NOTHING: Entitled = { grants: [], notes: [] };

function entitleTo(rule: AvantageRule, input: EntitleInput): Entitled {
  const { campaign, attributes, calendar } = input;
  const window = rule.family === null ? undefined : campaign.windows[rule.family];
  if (!rule.needsGrant || window === undefined) return NOTHING;
  const holding = rule.grants.filter(({ when }) =>
    meetsByValidation(when, { attributes, campaign: campaign.code }),
  );
  const grants = [
    ...grantByAmount(rule, { ...input, holding, window }),
    ...grantsByFormation(rule, { ...input, holding, window }),
  ];
  if (rule.age === null || grants.length === 0) return { grants, notes: [] };
  if (attributes.birthDay === null) {
    return { grants: [], notes: [`${rule.code} asks for an age: not granted without a birthDay`] };
  }
  const ageWindow = ageWithin(calendar.windowOfAge(attributes.birthDay, rule.age), window);
  return { grants: grants.map((grant) => ({ ...grant, ageWindow })), notes: [] };
}

interface Holding extends EntitleInput {
  readonly holding: readonly GrantRule[];
  readonly window: Window;
}

function grantByAmount(rule: AvantageRule, input: Holding): readonly Grant[] {
  const amounts = highestAmounts(rule, input.holding);
  if (amounts === null) return [];
  const { accountId, campaign } = input;
  const id = campaignGrantId({ accountId, campaign: campaign.code, avantage: rule.code });
  return [{ ...blank(rule, input), ...amounts, id }];
}

/**
 * The versements that a formation gives at the entry in a level (T-27). Their ids hold for life: whoever repeats the
 * year has them already (T-28).
 */
function grantsByFormation(rule: AvantageRule, input: Holding): readonly Grant[] {
  const { programme, accountId, attributes } = input;
  const byFormation = input.holding.find(({ amount }) => amount === null);
  if (byFormation === undefined || attributes.formation === null) return [];
  const { formation, level } = attributes;
  const prefix = versementIdPrefix({ accountId, avantage: rule.code, formation });
  const versements = programme.formations.get(formation)?.versements ?? [];
  return versements
    .filter((versement) => versement.level === level)
    .map(({ no, amountCents }) => ({
      ...blank(rule, input),
      id: `${prefix}${no}`,
      amount: amountCents,
      supplement: null,
      rule: byFormation.id,
    }));
}

function blank(rule: AvantageRule, { campaign, window }: Holding) {
  return {
    avantage: rule.code,
    campaign: campaign.code,
    unit: rule.unit,
    spent: 0,
    window,
    ageWindow: null,
    revoked: false,
  };
}
