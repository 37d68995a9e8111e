// The versions of one kind of key: which makes what is new, and in which order they are tried.

import { assert } from "../core/assert.js";

interface Versioned {
  readonly version: number;
  readonly state: "current" | "accepted";
}

/** The one that makes what is new. */
export function currentOf<T extends Versioned>(versions: readonly T[]): T {
  const current = versions.find(({ state }) => state === "current");
  assert(current, "one version of each kind of key is current");
  return current;
}

/** The current one first, then the younger before the older. */
export function inOrder<T extends Versioned>(versions: readonly T[]): readonly T[] {
  const current = currentOf(versions);
  const others = versions.filter((it) => it !== current);
  return [current, ...others.sort((a, b) => b.version - a.version)];
}
