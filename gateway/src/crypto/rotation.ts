// The succession of keys: a new version takes over while earlier ones are still accepted, until they are retired.

import type { Random } from "../core/ports.js";
import {
  baseKeyId,
  drawCardKeys,
  drawHex,
  type KeyMaterial,
  qrKeyId,
  VERSIONS_MAX,
} from "./key-file.js";
import { KEY_KINDS, type KeyKind, type KeyVersion } from "./key-store.js";
import { inOrder } from "./versions.js";

type RotationRefusal = "TOO_MANY_VERSIONS" | "UNKNOWN_VERSION" | "CURRENT_VERSION" | "IN_USE";

export type Rotation<T extends KeyMaterial> =
  /** `version`: the one that was made, or retired. */
  | { readonly type: "done"; readonly keys: T; readonly version: number }
  | { readonly type: "refused"; readonly code: RotationRefusal; readonly detail: string };

/** Where the versions of a kind stand in the file. */
const FIELDS = {
  cards: "cards",
  pinBase: "pinBaseKeys",
  pepper: "peppers",
  qr: "qr",
} as const satisfies Record<KeyKind, keyof KeyMaterial>;

/** Which versions of which kinds there are, without any key: by kind, the current one first. */
export function versionsOf(keys: KeyMaterial): readonly KeyVersion[] {
  return KEY_KINDS.flatMap((kind) =>
    inOrder<KeyVersionFields>(keys[FIELDS[kind]]).map(({ version, state }) => ({
      kind,
      version,
      state,
    })),
  );
}

type KeyVersionFields = Pick<KeyVersion, "version" | "state">;

/** Draws a new current version of a kind. The one before stays accepted, as all others do. */
export function rotate<T extends KeyMaterial>(keys: T, kind: KeyKind, random: Random): Rotation<T> {
  const before: readonly KeyVersionFields[] = keys[FIELDS[kind]];
  if (before.length >= VERSIONS_MAX) {
    const detail = `${before.length} versions of ${kind} are accepted, and more would slow each tap: retire one first`;
    return refused("TOO_MANY_VERSIONS", detail);
  }
  const version = Math.max(...before.map((it) => it.version)) + 1;
  return { type: "done", keys: { ...keys, ...added({ keys, kind, version, random }) }, version };
}

/**
 * Drops a version: nothing that was made under it is accepted any more. The current one stays, and so does a pepper
 * while a PIN that may still be typed is under it.
 */
export function retire<T extends KeyMaterial>(
  keys: T,
  kind: KeyKind,
  asked: { readonly version: number; readonly pinsUnder: number },
): Rotation<T> {
  const { version, pinsUnder } = asked;
  const versions: readonly KeyVersionFields[] = keys[FIELDS[kind]];
  const found = versions.find((it) => it.version === version);
  if (!found) {
    const known = versions.map((it) => it.version).join(", ");
    return refused("UNKNOWN_VERSION", `${kind} has no version ${version}, it has ${known}`);
  }
  if (found.state === "current") {
    return refused("CURRENT_VERSION", `${kind} ${version} is the current version: rotate first`);
  }
  if (kind === "pepper" && pinsUnder > 0) {
    const detail = `${pinsUnder} PINs are under pepper ${version} and would never match again: their holders set them anew first`;
    return refused("IN_USE", detail);
  }
  const kept = versions.filter((it) => it !== found);
  return { type: "done", keys: { ...keys, [FIELDS[kind]]: kept }, version };
}

/**
 * Keys without the versions that do not count any more. A kind whose current version is one of them stays as it is and is
 * `spent`: nothing of it may be used.
 */
export function narrowTo<T extends KeyMaterial>(
  keys: T,
  counts: (kind: KeyKind, version: number) => boolean,
): { readonly keys: T; readonly spent: readonly KeyKind[] } {
  const spent: KeyKind[] = [];
  const left: Partial<Record<keyof KeyMaterial, readonly KeyVersionFields[]>> = {};
  for (const kind of KEY_KINDS) {
    const versions: readonly KeyVersionFields[] = keys[FIELDS[kind]];
    const kept = versions.filter(({ version }) => counts(kind, version));
    if (kept.some(({ state }) => state === "current")) left[FIELDS[kind]] = kept;
    else spent.push(kind);
  }
  return { keys: { ...keys, ...left }, spent };
}

const refused = (code: RotationRefusal, detail: string) =>
  ({ type: "refused", code, detail }) as const;

function added(input: {
  readonly keys: KeyMaterial;
  readonly kind: KeyKind;
  readonly version: number;
  readonly random: Random;
}): Partial<KeyMaterial> {
  const { keys, kind, version, random } = input;
  const current = { version, state: "current" } as const;
  switch (kind) {
    case "cards":
      return { cards: [...accepted(keys.cards), { ...current, ...drawCardKeys(random) }] };
    case "pinBase": {
      const made = { ...current, id: baseKeyId(version), key: drawHex(random, 16) };
      return { pinBaseKeys: [...accepted(keys.pinBaseKeys), made] };
    }
    case "pepper":
      return { peppers: [...accepted(keys.peppers), { ...current, key: drawHex(random, 32) }] };
    case "qr": {
      const made = { ...current, keyId: qrKeyId(version), seed: drawHex(random, 32) };
      return { qr: [...accepted(keys.qr), made] };
    }
  }
}

const accepted = <T extends KeyVersionFields>(versions: readonly T[]): T[] =>
  versions.map((it) => ({ ...it, state: "accepted" }));
