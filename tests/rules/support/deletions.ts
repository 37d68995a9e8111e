// Every single rule, or part of one, that can be taken out of a catalogue.

import type { CheckedProgrammeData } from "../../../gateway/src/catalogue/schema.js";

type Path = readonly (string | number)[];

export interface Deletion {
  /** What is deleted, for people. */
  readonly what: string;
  /** The rules that it belongs to: one of their checks must see it. */
  readonly rules: readonly string[];
  /** A copy of the data without it. */
  readonly apply: (data: CheckedProgrammeData) => unknown;
}

/** What is deleted stands at a path: an element of a list, or a field. */
function deletion(what: string, rules: readonly string[], path: Path): Deletion {
  return { what, rules, apply: (data) => without(structuredClone(data), path) };
}

function without(copy: object, path: Path): unknown {
  const owner = path.slice(0, -1).reduce<unknown>(childOf, copy);
  const last = path.at(-1);
  if (Array.isArray(owner)) owner.splice(Number(last), 1);
  else if (typeof owner === "object" && owner !== null) Reflect.deleteProperty(owner, last ?? "");
  return copy;
}

function childOf(owner: unknown, key: string | number): unknown {
  if (typeof owner !== "object" || owner === null || !Object.hasOwn(owner, key)) {
    throw new Error(`nothing stands at ${key}`);
  }
  return Reflect.get(owner, key);
}

type AnyRule =
  | CheckedProgrammeData["campaigns"][number]["rules"][number]
  | CheckedProgrammeData["avantages"][number]["rules"][number];

/** The parts of a rule without which it would be another rule. */
function partsOf(rule: AnyRule, at: Path): readonly Deletion[] {
  const part = (what: string, ...rest: Path) =>
    deletion(`${rule.id} ${what}`, [rule.id], [...at, ...rest]);
  switch (rule.kind) {
    case "grant":
    case "grantByFormation": {
      const criteria = Object.entries(rule.when ?? {}).flatMap(([key, words]) => [
        part(`when.${key}`, "when", key),
        ...(words ?? []).map((word, index) => part(`when.${key} ${word}`, "when", key, index)),
      ]);
      const onlyAt = rule.kind === "grant" && rule.onlyAt !== undefined;
      return [...criteria, ...(onlyAt ? [part("onlyAt", "onlyAt")] : [])];
    }
    case "partner":
      return rule.flag === undefined ? [] : [part("flag", "flag")];
    case "channels":
      return rule.channels.map((channel, index) => part(channel, "channels", index));
    case "reimbursed":
      return rule.tariffCentsPerUnit === undefined ? [] : [part("tariff", "tariffCentsPerUnit")];
    default:
      return [];
  }
}

function ruledDeletions(data: CheckedProgrammeData): readonly Deletion[] {
  const owners = [
    ...data.campaigns.map((owner, index) => ({ owner, path: ["campaigns", index] })),
    ...data.avantages.map((owner, index) => ({ owner, path: ["avantages", index] })),
  ];
  return owners.flatMap(({ owner, path }) => {
    const rules: readonly AnyRule[] = owner.rules;
    const all = rules.map(({ id }) => id);
    return [
      deletion(`all of ${owner.code}`, all, path),
      ...rules.flatMap((rule, index) => {
        const at = [...path, "rules", index];
        return [deletion(rule.id, [rule.id], at), ...partsOf(rule, at)];
      }),
    ];
  });
}

function formationDeletions({ formations }: CheckedProgrammeData): readonly Deletion[] {
  return formations.flatMap(({ code, versements }, index) => {
    const rule = `formations/${code}`;
    const at = ["formations", index];
    return [
      deletion(rule, [rule], at),
      ...versements.map(({ no }, place) =>
        deletion(`${rule} versement ${no}`, [rule], [...at, "versements", place]),
      ),
    ];
  });
}

function generationDeletions({ generations }: CheckedProgrammeData): readonly Deletion[] {
  return generations.flatMap(({ code, ceilings }, index) => {
    const rule = `generations/${code}`;
    const whole = deletion(rule, [rule], ["generations", index]);
    if (!ceilings) return [whole];
    const limits = `${rule}/ceilings`;
    const at = ["generations", index, "ceilings"];
    return [
      whole,
      {
        what: limits,
        rules: [limits],
        // A field that is left out falls back on the usual ceilings: no ceilings are null.
        apply: (data) => {
          const copy = structuredClone(data);
          const generation = copy.generations[index];
          if (generation) generation.ceilings = null;
          return copy;
        },
      },
      ...["tapCents", "dayCents"].map((key) =>
        deletion(`${limits} ${key}`, [limits], [...at, key]),
      ),
    ];
  });
}

/** Each whole campaign and avantage, each of their rules and its parts, formations, generations, settings. */
export function deletionsOf(data: CheckedProgrammeData): readonly Deletion[] {
  return [
    ...ruledDeletions(data),
    ...formationDeletions(data),
    ...generationDeletions(data),
    ...[["accountUrl"], ["settlement", "payer"]].map((path) => {
      const rule = ["settings", ...path].join("/");
      return deletion(rule, [rule], ["settings", ...path]);
    }),
  ];
}
