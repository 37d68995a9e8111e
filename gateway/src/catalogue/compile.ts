// Turns checked data into the core's programme: rules of a list become the fields that decisions read.

import { CHANNELS } from "@pass-tpe/protocol";
import type {
  AvantageRule,
  Campaign,
  CardGeneration,
  Ceilings,
  Criteria,
  GrantRule,
} from "../core/programme.js";
import { startOfDayMs, windowOfDays } from "./civil-dates.js";
import type {
  AvantageData,
  AvantageRuleData,
  CampaignRuleData,
  CriteriaData,
  GenerationData,
} from "./schema.js";

type RuleOf<K extends AvantageRuleData["kind"]> = Extract<AvantageRuleData, { kind: K }>;
type CampaignRuleOf<K extends CampaignRuleData["kind"]> = Extract<CampaignRuleData, { kind: K }>;

/** What a tap of a card with a static identifier may take, where the generation does not say otherwise (T-12). */
const IDENTIFIER_CEILINGS: Ceilings = { tapCents: 3_000, dayCents: 6_000 };

export function compileCampaign(data: {
  readonly code: string;
  readonly rules: readonly CampaignRuleData[];
}): Campaign {
  const ofKind = <K extends CampaignRuleData["kind"]>(kind: K) =>
    data.rules.filter((rule): rule is CampaignRuleOf<K> => rule.kind === kind);
  const windows = ofKind("window").map(
    ({ family, firstDay, lastDay }) => [family, windowOfDays(firstDay, lastDay)] as const,
  );
  const dayOf = (rule: { readonly day: string } | undefined) =>
    rule === undefined ? null : startOfDayMs(rule.day);
  const [grace] = ofKind("conventionGrace");
  return {
    code: data.code,
    windows: Object.fromEntries(windows),
    ordersFromMs: dayOf(ofKind("ordersFrom")[0]),
    validationsFromMs: dayOf(ofKind("validationsFrom")[0]),
    endsAtMs: Math.max(...windows.map(([, window]) => window.toMs)),
    conventionGrace:
      grace === undefined
        ? null
        : {
            endedAtMs: windowOfDays(null, grace.endedOn).toMs,
            untilMs: windowOfDays(null, grace.untilDay).toMs,
          },
  };
}

export function compileAvantage(data: AvantageData): AvantageRule {
  const ofKind = <K extends AvantageRuleData["kind"]>(kind: K) =>
    data.rules.filter((rule): rule is RuleOf<K> => rule.kind === kind);
  const one = <K extends AvantageRuleData["kind"]>(kind: K): RuleOf<K> | undefined =>
    ofKind(kind)[0];
  const sameVisit = one("sameVisit");
  const age = one("age");
  const { by = "nothing", tariffCentsPerUnit = null } = one("reimbursed") ?? {};
  return {
    code: data.code,
    label: data.label,
    unit: data.unit,
    family: one("window")?.family ?? null,
    validMonths: one("ownWindow")?.months ?? null,
    needsGrant: one("withoutGrant") === undefined,
    singleUse: one("singleUse") !== undefined,
    individual: one("individual") !== undefined,
    copayCentsPerUnit: one("copay")?.centsPerUnit ?? 0,
    channels: one("channels")?.channels ?? [...CHANNELS],
    partners: ofKind("partner").map(({ type, flag = null }) => ({ type, flag })),
    unitsPerSaleMax: one("unitsPerSaleMax")?.units ?? null,
    purchaseCentsMax: one("purchaseMax")?.cents ?? null,
    declaredValue: one("declaredValue") !== undefined,
    sameVisitMs: sameVisit === undefined ? null : sameVisit.seconds * 1_000,
    age: age === undefined ? null : { fromYears: age.fromYears, toYears: age.toYears },
    outsideSuspension: one("outsideSuspension") !== undefined,
    reimbursement: {
      by,
      tariffCentsPerUnit,
      heldForPapers: one("heldForPapers") !== undefined,
    },
    grants: data.rules.flatMap(grantRuleOf),
  };
}

function grantRuleOf(rule: AvantageRuleData): readonly GrantRule[] {
  if (rule.kind === "grant") {
    const { id, amount, when, onlyAt = null } = rule;
    return [{ id, amount, when: criteriaOf(when), onlyAt }];
  }
  if (rule.kind !== "grantByFormation") return [];
  return [{ id: rule.id, amount: null, when: criteriaOf(rule.when), onlyAt: null }];
}

function criteriaOf(data: CriteriaData): Criteria {
  const { campaign = null, status = null, level = null, track = null } = data;
  const { flags = null, commitment = null, proofs = null } = data;
  return { campaign, status, level, track, flags, commitment, proofs };
}

/** A chip that only names itself is believed up to its ceilings; one that proves itself has none (T-12). */
export function compileGeneration(data: GenerationData): CardGeneration {
  const usual = data.nfc === "identifier" ? IDENTIFIER_CEILINGS : null;
  const { code, nfc, qr, ceilings = usual } = data;
  return { code, nfc, qr, ceilings };
}
