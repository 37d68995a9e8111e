// The digest of a decision's effects: equal for equal effects, in a year too.

import { createHash } from "node:crypto";
import { canonicalJson } from "../core/canonical-json.js";
import type { Effect } from "../core/decision.js";

/**
 * SHA-256 over the effects as JSON with sorted keys. References to proofs are left out: they are drawn at random, and
 * are not kept with the decision's input.
 */
export function effectsDigest(effects: readonly Effect[]): Uint8Array {
  const bare = effects.map((effect) => ("ref" in effect ? { ...effect, ref: "" } : effect));
  return createHash("sha256").update(canonicalJson(bare)).digest();
}
