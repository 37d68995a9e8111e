// The names of all rules of a catalogue: ids where it gives them, paths where it does not.

import type { CheckedProgrammeData } from "../../../gateway/src/catalogue/schema.js";

/** Rules of campaigns and avantages, formations, generations, the ceilings that are given, and the settings that have no default. */
export function rulePathsOf(data: CheckedProgrammeData): readonly string[] {
  const ids = [...data.campaigns, ...data.avantages].flatMap(({ rules }) =>
    rules.map(({ id }) => id),
  );
  return [
    ...ids,
    ...data.formations.map(({ code }) => `formations/${code}`),
    ...data.generations.map(({ code }) => `generations/${code}`),
    ...data.generations.flatMap(({ code, ceilings }) =>
      ceilings ? [`generations/${code}/ceilings`] : [],
    ),
    "settings/accountUrl",
    ...(data.settings.settlement.payer ? ["settings/settlement/payer"] : []),
  ];
}

export interface QuotedRule {
  readonly rule: string;
  readonly source: string;
}

/** Rules that quote a sentence of the source. */
export function quotedRulesOf(data: CheckedProgrammeData): readonly QuotedRule[] {
  const ruled = [...data.campaigns, ...data.avantages].flatMap(({ rules }) =>
    rules.map(({ id, source }) => ({ rule: id, source })),
  );
  const listed = (["formations", "generations"] as const).flatMap((list) =>
    data[list].map(({ code, source }) => ({ rule: `${list}/${code}`, source })),
  );
  return [...ruled, ...listed].flatMap(({ rule, source }) =>
    source === undefined ? [] : [{ rule, source }],
  );
}
