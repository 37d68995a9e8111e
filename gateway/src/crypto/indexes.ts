// How a card is found without its number or chip identifier standing anywhere in clear.

import { createHmac } from "node:crypto";
import type { KeyRing } from "./keys.js";

/** HMAC-SHA-256 under the index key; the domain keeps a number's index and an identifier's apart. */
function indexOf(keys: KeyRing, domain: string, value: string | Uint8Array): Buffer {
  return createHmac("sha256", keys.indexKey).update(`${domain}\0`).update(value).digest();
}

/** The index of a 16-digit card number. */
export function numberIndex(keys: KeyRing, cardNumber: string): Buffer {
  return indexOf(keys, "number", cardNumber);
}

/** The index of a chip identifier (UID). */
export function identifierIndex(keys: KeyRing, uid: Uint8Array): Buffer {
  return indexOf(keys, "identifier", uid);
}

/** A keyed digest of a request; keyed, because a request can hold a card number and those are few. */
export function requestFingerprint(keys: KeyRing, request: object): Buffer {
  return indexOf(keys, "request", canonicalJson(request));
}

/** JSON with sorted keys, so that two spellings of one request are equal. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== "object" || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
