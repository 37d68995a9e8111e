// The digest of a decision's effects: equal for equal effects, in a year too.

import { createHash } from "node:crypto";
import type { Effect } from "../core/decision.js";

/**
 * SHA-256 over the effects as JSON with sorted keys. References to proofs are left out: they are drawn at random, and
 * are not kept with the decision's input.
 */
export function effectsDigest(effects: readonly Effect[]): Uint8Array {
  const bare = effects.map((effect) => ("ref" in effect ? { ...effect, ref: "" } : effect));
  return createHash("sha256").update(canonicalJson(bare)).digest();
}

/** JSON with sorted keys and without what is undefined: equal for equal values. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== "object" || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
