// How a card is found without its number or chip identifier standing anywhere in clear.

import { createHmac } from "node:crypto";
import type { IndexKeyStore } from "./key-store.js";

/** Indexes under a key: HMAC-SHA-256; the domain keeps a number's index and an identifier's apart. */
export function softwareIndexes(indexKey: Uint8Array): IndexKeyStore {
  const indexOf = (domain: string, value: string | Uint8Array) =>
    createHmac("sha256", indexKey).update(`${domain}\0`).update(value).digest();
  return {
    number: (cardNumber) => indexOf("number", cardNumber),
    identifier: (uid) => indexOf("identifier", uid),
    // Keyed, because a request can hold a card number and those are few.
    request: (request) => indexOf("request", canonicalJson(request)),
    digest: (domain, value) => indexOf(`digest ${domain}`, value),
  };
}

/** JSON with sorted keys, so that two spellings of one request are equal. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== "object" || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
