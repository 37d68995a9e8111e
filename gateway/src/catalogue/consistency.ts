// What the schema alone cannot see: words that are not in the vocabulary, rules that contradict each other.

import type { AvantageData, AvantageRuleData, CheckedProgrammeData } from "./schema.js";

/** One thing that is wrong, and where: the path into the data, as keys and indexes. */
export interface Misfit {
  readonly path: readonly (string | number)[];
  readonly reason: string;
}

/** Everything in well-formed data that does not fit together. */
export function misfitsOf(data: CheckedProgrammeData): readonly Misfit[] {
  return [
    ...duplicates(data),
    ...data.campaigns.flatMap(campaignMisfits),
    ...data.avantages.flatMap((avantage, index) => avantageMisfits(data, avantage, index)),
    ...data.formations.flatMap((formation, index) => formationMisfits(data, formation, index)),
    ...ceilingMisfits(data),
    ...provenanceMisfits(data),
  ];
}

function duplicates(data: CheckedProgrammeData): readonly Misfit[] {
  const lists = ["campaigns", "avantages", "formations", "generations"] as const;
  const codes = lists.flatMap((list) =>
    repeated(data[list].map(({ code }) => code)).map((index) => ({
      path: [list, index, "code"],
      reason: `${data[list][index]?.code} is defined twice`,
    })),
  );
  const rules = [
    ...data.campaigns.flatMap((campaign, at) =>
      campaign.rules.map(({ id }, index) => ({
        id,
        path: ["campaigns", at, "rules", index, "id"],
      })),
    ),
    ...data.avantages.flatMap((avantage, at) =>
      avantage.rules.map(({ id }, index) => ({
        id,
        path: ["avantages", at, "rules", index, "id"],
      })),
    ),
  ];
  const ids = repeated(rules.map(({ id }) => id)).map((index) => ({
    path: rules[index]?.path ?? [],
    reason: `rule ${rules[index]?.id} is defined twice`,
  }));
  return [...codes, ...ids];
}

/** The indexes of values that stood in the list before. */
function repeated(values: readonly string[]): readonly number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));
}

type CampaignData = CheckedProgrammeData["campaigns"][number];

function campaignMisfits(campaign: CampaignData, at: number): readonly Misfit[] {
  const keys = campaign.rules.map((rule) =>
    rule.kind === "window" ? `window of ${rule.family}` : rule.kind,
  );
  const twice = repeated(keys).map((index) => ({
    path: ["campaigns", at, "rules", index],
    reason: `a second ${keys[index]} in campaign ${campaign.code}`,
  }));
  const backwards = campaign.rules.flatMap((rule, index) =>
    rule.kind === "window" && rule.firstDay !== null && rule.firstDay > rule.lastDay
      ? [
          {
            path: ["campaigns", at, "rules", index, "lastDay"],
            reason: `the window ends on ${rule.lastDay}, before it begins on ${rule.firstDay}`,
          },
        ]
      : [],
  );
  const graceless = campaign.rules.flatMap((rule, index) =>
    rule.kind === "conventionGrace" && rule.untilDay <= rule.endedOn
      ? [
          {
            path: ["campaigns", at, "rules", index, "untilDay"],
            reason: `the grace ends on ${rule.untilDay}, with the conventions of ${rule.endedOn}`,
          },
        ]
      : [],
  );
  const windows = campaign.rules.some((rule) => rule.kind === "window");
  const none = { path: ["campaigns", at], reason: `campaign ${campaign.code} has no window` };
  return [...twice, ...backwards, ...graceless, ...(windows ? [] : [none])];
}

/** Kinds of which an avantage has one at most. */
const MANY_ALLOWED: readonly AvantageRuleData["kind"][] = ["grant", "partner"];

function avantageMisfits(
  data: CheckedProgrammeData,
  avantage: AvantageData,
  at: number,
): readonly Misfit[] {
  const { rules, code, unit } = avantage;
  const path = ["avantages", at];
  const kinds = rules.map(({ kind }) => kind);
  const has = (kind: AvantageRuleData["kind"]) => kinds.includes(kind);
  const twice = repeated(kinds)
    .filter((index) => !MANY_ALLOWED.includes(kinds[index] ?? "grant"))
    .map((index) => ({
      path: [...path, "rules", index],
      reason: `a second ${kinds[index]} in ${code}`,
    }));
  const wholes: readonly (readonly [boolean, string])[] = [
    [
      ["window", "ownWindow", "withoutGrant"].filter((kind) => kinds.some((it) => it === kind))
        .length !== 1,
      "needs exactly one of window, ownWindow and withoutGrant",
    ],
    [!has("reimbursed"), "does not say what is reimbursed, be it nothing"],
    [has("withoutGrant") && unit !== "RECORD", "only a RECORD can do without a grant"],
    [has("declaredValue") && unit !== "RECORD", "only a RECORD can declare a value"],
    [has("sameVisit") && unit !== "UNLIMITED", "only UNLIMITED has visits"],
    [has("copay") && unit !== "SEAT", "only a SEAT has a share to pay for each"],
    [
      has("unitsPerSaleMax") && unit !== "SEAT" && unit !== "COUPON",
      "only SEAT and COUPON are counted",
    ],
    [has("purchaseMax") && unit !== "EUR_CENT", "only EUR_CENT has a purchase"],
    [has("singleUse") && unit !== "EUR_CENT", "only EUR_CENT can be of single use"],
    [
      rules.some(
        (it) =>
          it.kind === "reimbursed" &&
          (it.by === "tariff") !== (it.tariffCentsPerUnit !== undefined),
      ),
      "is reimbursed by a tariff with one, and by anything else without",
    ],
    [
      unit !== "EUR_CENT" && rules.some((it) => it.kind === "reimbursed" && it.by === "debit"),
      "is reimbursed by what was debited, which is money for EUR_CENT alone",
    ],
    [
      has("heldForPapers") && rules.some((it) => it.kind === "reimbursed" && it.by === "nothing"),
      "is not reimbursed, so no papers can hold it",
    ],
    [has("individual") && unit !== "EUR_CENT", "only EUR_CENT can be asked for a group"],
    [has("age") && !has("window"), "asks for an age without the window of a family"],
    [has("grantByFormation") && unit !== "EUR_CENT", "a formation gives euros"],
  ];
  return [
    ...twice,
    ...wholes.flatMap(([wrong, reason]) => (wrong ? [{ path, reason: `${code} ${reason}` }] : [])),
    ...rules.flatMap((rule, index) => ruleMisfits(data, rule, [...path, "rules", index])),
  ];
}

function ruleMisfits(
  { vocabulary, campaigns }: CheckedProgrammeData,
  rule: AvantageRuleData,
  path: readonly (string | number)[],
): readonly Misfit[] {
  const unknown = (words: readonly string[], known: readonly string[], key: string) =>
    words
      .filter((word) => !known.includes(word))
      .map((word) => ({ path: [...path, key], reason: `${word} is not in the vocabulary` }));
  switch (rule.kind) {
    case "partner":
      return [
        ...unknown([rule.type], vocabulary.partnerTypes, "type"),
        ...unknown(rule.flag === undefined ? [] : [rule.flag], vocabulary.partnerFlags, "flag"),
      ];
    case "age":
      return rule.fromYears <= rule.toYears
        ? []
        : [{ path: [...path, "toYears"], reason: "the age ends before it begins" }];
    case "grant":
    case "grantByFormation": {
      const criteria = ["status", "level", "track", "flags", "commitment", "proofs"] as const;
      const codes = campaigns.map(({ code }) => code);
      const onlyAt = rule.kind === "grant" && rule.onlyAt !== undefined ? [rule.onlyAt] : [];
      return [
        ...criteria.flatMap((key) => unknown(rule.when[key] ?? [], vocabulary[key], "when")),
        ...(rule.when.campaign ?? [])
          .filter((code) => !codes.includes(code))
          .map((code) => ({ path: [...path, "when"], reason: `there is no campaign ${code}` })),
        ...unknown(onlyAt, vocabulary.partnerFlags, "onlyAt"),
      ];
    }
    default:
      return [];
  }
}

type FormationData = CheckedProgrammeData["formations"][number];

function formationMisfits(
  data: CheckedProgrammeData,
  formation: FormationData,
  at: number,
): readonly Misfit[] {
  const { versements, code } = formation;
  const levels = versements.flatMap(({ level }, index) =>
    data.vocabulary.level.includes(level)
      ? []
      : [
          {
            path: ["formations", at, "versements", index, "level"],
            reason: `${level} is not in the vocabulary`,
          },
        ],
  );
  const repeatedLevels = repeated(versements.map(({ level }) => level)).map((index) => ({
    path: ["formations", at, "versements", index, "level"],
    reason: `a second versement at ${versements[index]?.level}: the two would be spendable together`,
  }));
  const numbers = versements.flatMap(({ no }, index) =>
    no === index + 1
      ? []
      : [{ path: ["formations", at, "versements", index, "no"], reason: `must be ${index + 1}` }],
  );
  const total = versements.reduce((sum, { amountCents }) => sum + amountCents, 0);
  const bounds = data.avantages.flatMap(({ rules }) =>
    rules.filter((rule) => rule.kind === "grantByFormation"),
  );
  const outside = bounds
    .filter(({ totalCentsMin, totalCentsMax }) => total < totalCentsMin || total > totalCentsMax)
    .map(({ id, totalCentsMin, totalCentsMax }) => ({
      path: ["formations", at],
      reason: `${code} gives ${total} cents in all; ${id} allows ${totalCentsMin} to ${totalCentsMax}`,
    }));
  return [...levels, ...repeatedLevels, ...numbers, ...outside];
}

/** A day holds at least one tap. */
function ceilingMisfits({ generations }: CheckedProgrammeData): readonly Misfit[] {
  return generations.flatMap(({ ceilings }, index) =>
    ceilings && ceilings.dayCents < ceilings.tapCents
      ? [
          {
            path: ["generations", index, "ceilings", "dayCents"],
            reason: `${ceilings.dayCents} cents a day are less than the ${ceilings.tapCents} of one tap`,
          },
        ]
      : [],
  );
}

interface Provenance {
  readonly source?: string | undefined;
  readonly reading?: string | undefined;
  readonly invented?: string | undefined;
}

/** Every rule, formation, generation and assumption says where it comes from. */
function provenanceMisfits(data: CheckedProgrammeData): readonly Misfit[] {
  const { formations, generations, assumptions } = data;
  const flat = Object.entries({ formations, generations, assumptions }).flatMap(([list, items]) =>
    items.map((item, index) => ({ item: item as Provenance, path: [list, index] })),
  );
  const ruled = Object.entries({ campaigns: data.campaigns, avantages: data.avantages }).flatMap(
    ([list, owners]) =>
      owners.flatMap(({ rules }, at) =>
        rules.map((item, index) => ({
          item: item as Provenance,
          path: [list, at, "rules", index],
        })),
      ),
  );
  return [...flat, ...ruled]
    .filter(({ item }) => (item.source ?? item.reading ?? item.invented) === undefined)
    .map(({ path }) => ({
      path,
      reason: "says neither its source, nor a reading, nor that it is invented",
    }));
}
