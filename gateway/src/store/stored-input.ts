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

/** Serializes a decision's input, without what is not needed to decide: the holder's name, references to proofs. */
export function storedInput(input: StoredInput): string {
  const { account, proof } = input.snapshot;
  const snapshot = {
    ...input.snapshot,
    account: account && { ...account, holder: "" },
    proof: proof && { ...proof, ref: "" },
  };
  return JSON.stringify({ ...input, request: { ...input.request, proofRef: "" }, snapshot });
}

/** Reads a stored input back. It was written by {@link storedInput}; anything else is corruption and throws. */
export function parseStoredInput(text: string): StoredInput {
  const parsed: StoredInput = JSON.parse(text);
  if (!parsed.request || !parsed.facts || !parsed.snapshot) {
    throw new SyntaxError("not the input of a decision");
  }
  return parsed;
}
