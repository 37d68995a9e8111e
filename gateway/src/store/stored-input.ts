// What a decision was made from, as it is stored with its attempt: enough to decide it again, and no secret.

import type { Request } from "../core/decision.js";
import type { Facts } from "../core/facts.js";
import type { Snapshot } from "../core/model.js";

export interface StoredInput {
  readonly request: Request;
  readonly facts: Facts;
  readonly snapshot: Snapshot;
  readonly nowMs: number;
  /** The Paris civil date of `nowMs`, `YYYY-MM-DD`. */
  readonly day: string;
}

/** Serializes a decision's input, without what is not needed to decide: the holder's name, references to proofs. */
export function storedInput(input: StoredInput): string {
  const { request, facts, snapshot, nowMs, day } = input;
  const { account, proof } = snapshot;
  const bare = {
    ...snapshot,
    account: account && { ...account, holder: "" },
    proof: proof && { ...proof, ref: "" },
  };
  return JSON.stringify({
    request: { ...request, proofRef: "" },
    facts,
    snapshot: bare,
    nowMs,
    day,
  });
}

/**
 * Reads a stored input back. It was written by {@link storedInput}; anything else is corruption and throws. What was
 * written before there were holds knows of none, and was taken at once.
 */
export function parseStoredInput(text: string): StoredInput {
  const parsed: StoredInput = JSON.parse(text);
  const { request, facts, snapshot, day } = parsed;
  if (!request || !facts || !snapshot || typeof day !== "string") {
    throw new SyntaxError("not the input of a decision");
  }
  const asked = request.kind === "authorization" ? { ...TAKEN_AT_ONCE, ...request } : request;
  return { ...parsed, request: asked, snapshot: { ...WITHOUT_HOLDS, ...snapshot } };
}

const TAKEN_AT_ONCE = { capture: true };
const WITHOUT_HOLDS = { holds: [] };
