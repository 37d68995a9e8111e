// What is compared of the code secret: checking one for a card that is there, and for one that is not.

import type { KeyStore } from "../../gateway/src/crypto/key-store.js";
import { createVerifier } from "../../gateway/src/crypto/verifier.js";
import { aCard, saleCase } from "../support/builders.js";
import { seededKeys } from "../support/keys.js";
import { holdCard, holdTerminal, TEST_PIN, WRONG_PIN } from "../support/presentations.js";
import { seededRandom } from "../support/random.js";
import type { Case } from "./cases.js";

/** A typed number with a PIN: of no card, and of one whose PIN it is not. Verification alone: the answers differ. */
export function pinCases(): readonly Case[] {
  const random = seededRandom(11);
  const { keys, material } = seededKeys(random);
  const issuer = { keys, material, random };
  const terminal = holdTerminal(issuer, 0);
  const known = holdCard(issuer, { index: 1, accountId: "account-1" });
  const stranger = holdCard(issuer, { index: 2, accountId: "account-2" });
  const credential = keys.pins.defineFor({ cardNumber: known.number, pin: TEST_PIN });
  const check = checkOf(keys);
  return [
    {
      name: "the code secret for a number that nobody has, and for a card's own",
      prepare: () => {
        const strange = terminal.key(stranger, WRONG_PIN);
        const own = terminal.key(known, WRONG_PIN);
        return [() => check(strange, null), () => check(own, credential)];
      },
    },
  ];
}

function checkOf(keys: KeyStore) {
  const verifier = createVerifier(keys);
  const { snapshot, nowMs } = saleCase({ card: aCard() });
  return (
    evidence: Parameters<typeof verifier.open>[0],
    credential: ReturnType<KeyStore["pins"]["defineFor"]> | null,
  ): void => {
    const opened = verifier.open(evidence);
    const facts = verifier.verify({ opened, snapshot, credential, sealedNumber: null, nowMs });
    if (facts.kind !== "keyed" || facts.pin?.opened !== true || facts.pin.matches) {
      throw new Error("a wrong code secret that opens was expected", { cause: facts });
    }
  };
}
