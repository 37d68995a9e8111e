// One complaint: what people say, what is done about it here, and the tests that show it.

import type { TestRef } from "../../rules/support/named-tests.js";

export interface Complaint {
  readonly id: string;
  readonly complaint: string;
  /** What is done about it here. */
  readonly here: string;
  readonly tests: readonly TestRef[];
}

/** A test by its file, from the project's root, and its title as it is written there. */
export function t(file: string, test: string): TestRef {
  return { file, test };
}
