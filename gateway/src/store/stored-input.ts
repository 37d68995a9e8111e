// What a decision was made from, as it is stored with its attempt: enough to decide it again, and no secret.

import type { Request } from "../core/decision.js";
import type { Facts } from "../core/facts.js";
import type { Snapshot } from "../core/model.js";

export interface StoredInput {
  readonly request: Request;
  readonly facts: Facts;
  readonly snapshot: Snapshot;
  readonly nowMs: number;
}

/** Serializes a decision's input. The holder's name is in the answer already and not needed to decide. */
export function storedInput(input: StoredInput): string {
  const { account } = input.snapshot;
  const snapshot = { ...input.snapshot, account: account && { ...account, holder: "" } };
  return JSON.stringify({ ...input, snapshot });
}

/** Reads a stored input back. It was written by {@link storedInput}; anything else is corruption and throws. */
export function parseStoredInput(text: string): StoredInput {
  const parsed: StoredInput = JSON.parse(text);
  if (!parsed.request || !parsed.facts || !parsed.snapshot) {
    throw new SyntaxError("not the input of a decision");
  }
  return parsed;
}
