// The digest of a decision's effects: equal for equal effects, in a year too.

import { hash } from "node:crypto";
import { assert } from "../core/assert.js";
import { canonicalJson } from "../core/canonical-json.js";
import type { Effect } from "../core/decision.js";

/**
 * SHA-256 over the effects as JSON with sorted keys. References to proofs are left out: they are drawn at random, and
 * are not kept with the decision's input.
 */
export function effectsDigest(effects: readonly Effect[]): Uint8Array {
  return hash("sha256", `[${effects.map(textOf).join(",")}]`, "buffer");
}

interface Field {
  readonly name: string;
  /** With its quotes, and what stands before its value. */
  readonly label: string;
}

/** Every type of effect has its own fields, none of which may be missing: they are sorted once. */
const sortedFields = new Map<Effect["type"], readonly Field[]>();

function fieldsOf(effect: Effect): readonly Field[] {
  const known = sortedFields.get(effect.type);
  if (known !== undefined) return known;
  const names = Object.keys(effect).sort();
  const fields = names.map((name, at) => {
    return { name, label: `${at === 0 ? "{" : ","}${JSON.stringify(name)}:` };
  });
  sortedFields.set(effect.type, fields);
  return fields;
}

/** As {@link canonicalJson} writes it. */
function textOf(effect: Effect): string {
  const values: Readonly<Record<string, unknown>> = effect;
  const fields = fieldsOf(effect);
  assert(
    Object.keys(effect).length === fields.length,
    "every effect of a type has the same fields",
  );
  let text = "";
  for (const { name, label } of fields) {
    text += label + (name === "ref" ? '""' : canonicalJson(values[name]));
  }
  return `${text}}`;
}
