// Deletes the catalogue's rules one at a time and says who notices: the loader, or the rule's own checks.

import { CatalogueError } from "../../gateway/src/catalogue/catalogue-error.js";
import { loadProgramme } from "../../gateway/src/catalogue/programme.js";
import type { CheckedProgrammeData } from "../../gateway/src/catalogue/schema.js";
import type { Programme } from "../../gateway/src/core/programme.js";
import { type Deletion, deletionsOf } from "./support/deletions.js";
import type { RuleCheck } from "./support/rule-check.js";

export interface Finding {
  /** What was deleted. */
  readonly what: string;
  /** `refused`: the rest is no programme; `seen`: a check of that very rule failed; `unnoticed`: neither. */
  readonly by: "refused" | "seen" | "unnoticed";
  /** The loader's reasons, or the checks that failed. */
  readonly how: readonly string[];
}

/** Tries every deletion by itself against the checks that name its rule. */
export function tryDeletions(
  data: CheckedProgrammeData,
  checks: readonly RuleCheck[],
): readonly Finding[] {
  return deletionsOf(data).map((deletion) => tryOne(deletion, data, checks));
}

function tryOne(
  deletion: Deletion,
  data: CheckedProgrammeData,
  checks: readonly RuleCheck[],
): Finding {
  const { what, rules, apply } = deletion;
  const rest = loadedOrRefused(apply(data));
  if ("reasons" in rest) return { what, by: "refused", how: rest.reasons };
  const failed = checks
    .filter(({ rule }) => rules.includes(rule))
    .filter((check) => fails(check, rest.programme))
    .map(({ rule, name }) => `${rule}: ${name}`);
  return { what, by: failed.length === 0 ? "unnoticed" : "seen", how: failed };
}

function loadedOrRefused(
  data: unknown,
): { readonly programme: Programme } | { readonly reasons: readonly string[] } {
  try {
    return { programme: loadProgramme(data) };
  } catch (error) {
    if (!(error instanceof CatalogueError)) throw error;
    return { reasons: error.misfits.map(({ reason }) => reason) };
  }
}

function fails({ check }: RuleCheck, programme: Programme): boolean {
  try {
    check(programme);
    return false;
  } catch {
    return true;
  }
}

/** The findings as a table for people, one line each. */
export function tableOf(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length));
  return findings
    .map(({ what, by, how }) => `${what.padEnd(width)}  ${by.padEnd(9)}  ${how[0] ?? ""}`)
    .join("\n");
}
