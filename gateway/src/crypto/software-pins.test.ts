// A PIN that is chosen is known again as the one that a card has, under every pepper that is accepted and no other.

import { expect, it } from "vitest";
import { openKeys, seededKeys } from "../../../tests/support/keys.js";
import { holdCard, TEST_PIN, WRONG_PIN } from "../../../tests/support/presentations.js";
import { seededRandom } from "../../../tests/support/random.js";
import type { KeyMaterial } from "./key-file.js";
import { type Rotation, retire, rotate } from "./rotation.js";

const random = seededRandom(23);
const { keys, material } = seededKeys(random);
const issuer = { keys, material, random };
const [mine, other] = [1, 2].map((index) =>
  holdCard(issuer, { index, accountId: "account-1" }).record(),
);

/** Whether the key store takes a PIN for the one that was defined for the first card. */
function isSame(pin: string, of: KeyMaterial = material, card = mine): boolean {
  if (!mine?.credential || !card) throw new Error("a record with a PIN has its verification value");
  const { pins } = openKeys(of, random).keys;
  return pins.isSame({ sealedNumber: card.numberEncrypted, credential: mine.credential, pin });
}

function done(result: Rotation<KeyMaterial>): KeyMaterial {
  if (result.type === "refused") throw new Error(result.detail);
  return result.keys;
}

it("the PIN of a card is the same, and neither another one is nor that of another card", () => {
  expect([isSame(TEST_PIN), isSame(WRONG_PIN), isSame(TEST_PIN, material, other)]).toEqual([
    true,
    false,
    false,
  ]);
});

it("stays the same after a rotation of the pepper, until its version is retired", () => {
  const rotated = done(rotate(material, "pepper", random));
  const retired = done(retire(rotated, "pepper", { version: 1, pinsUnder: 0 }));
  expect([isSame(TEST_PIN, rotated), isSame(TEST_PIN, retired)]).toEqual([true, false]);
});
