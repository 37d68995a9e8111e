// A key store that a seed repeats, with the keys behind it for who plays the other side: cards' makers and PIN pads.

import type { Random } from "../../gateway/src/core/ports.js";
import { drawKeys, type KeyMaterial } from "../../gateway/src/crypto/key-file.js";
import type { KeyStore } from "../../gateway/src/crypto/key-store.js";
import { softwareKeys } from "../../gateway/src/crypto/software-keys.js";

/** An authority that issues nothing: making one takes a while, and few tests need it. */
const NO_AUTHORITY = { certificate: "", privateKey: "" };

export interface SeededKeys {
  readonly keys: KeyStore;
  readonly material: KeyMaterial;
}

/** Draws keys, and opens a key store over them. It issues no certificate. */
export function seededKeys(random: Random): SeededKeys {
  return openKeys(drawKeys(random), random);
}

/** Opens a key store over keys, such as those that were rotated. It issues no certificate. */
export function openKeys(material: KeyMaterial, random: Random): SeededKeys {
  const file = { ...material, authority: NO_AUTHORITY };
  return { keys: softwareKeys({ file, random }), material };
}
