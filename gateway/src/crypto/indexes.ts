// How a card is found without its number or chip identifier standing anywhere in clear.

import { createHmac, createSecretKey } from "node:crypto";
import { canonicalJson } from "../core/canonical-json.js";
import type { IndexKeyStore } from "./key-store.js";

/** Indexes under a key: HMAC-SHA-256; the domain keeps a number's index and an identifier's apart. */
export function softwareIndexes(indexKey: Uint8Array): IndexKeyStore {
  const key = createSecretKey(indexKey);
  const indexOf = (domain: string, value: string | Uint8Array) =>
    createHmac("sha256", key).update(`${domain}\0`).update(value).digest();
  return {
    number: (cardNumber) => indexOf("number", cardNumber),
    identifier: (uid) => indexOf("identifier", uid),
    // Keyed, because a request can hold a card number and those are few.
    request: (request) => indexOf("request", canonicalJson(request)),
    digest: (domain, value) => indexOf(`digest ${domain}`, value),
  };
}
