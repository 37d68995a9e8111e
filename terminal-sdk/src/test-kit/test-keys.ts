// RSA keys for tests that need many: making one takes long, so a few go round.

import { generateKeyPairSync } from "node:crypto";

/** Above one, so that no key comes twice in a row. */
const KEYS_MAX = 4;

/** PEM, SPKI and PKCS#8. */
export interface TestPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

const ring: TestPair[] = [];
let taken = 0;

/** A key that no other caller has. */
export function newTestPair(): TestPair {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}

/** A key that differs from the three before it, for a device or a server. */
export function nextTestPair(): TestPair {
  const index = taken % KEYS_MAX;
  taken += 1;
  const pair = ring[index] ?? newTestPair();
  ring[index] = pair;
  return pair;
}

/** In place of the terminal's own making of keys. */
export async function nextTestKey(): Promise<string> {
  return nextTestPair().privateKey;
}
