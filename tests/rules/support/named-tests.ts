// Whether a test that a table names is really there.

import { existsSync, readFileSync } from "node:fs";
import { RULE_CHECKS } from "../checks/all.js";

const ROOT = new URL("../../../", import.meta.url);

/** A test by its file, from the project's root, and its name as it is written there. */
export interface TestRef {
  readonly file: string;
  readonly test: string;
}

/** Null where it exists; otherwise what is wrong, for people. */
export function missingTest({ file, test }: TestRef): string | null {
  const path = new URL(file, ROOT);
  if (!existsSync(path)) return `${file} does not exist`;
  const written = readFileSync(path, "utf8");
  return written.includes(JSON.stringify(test)) ? null : `${file} has no test "${test}"`;
}

/** Null where the rule has a check; otherwise what is wrong. */
export function missingCheck(rule: string): string | null {
  return RULE_CHECKS.some((check) => check.rule === rule) ? null : `no check names rule ${rule}`;
}
