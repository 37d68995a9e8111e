// A card as it is stored: found by an index, its number readable to whoever holds the key, its PIN to nobody.

import { withLuhn } from "@pass-tpe/protocol/standards";
import { describe, expect, it } from "vitest";
import { seededKeys } from "../../../tests/support/keys.js";
import { seededRandom } from "../../../tests/support/random.js";
import { BugError } from "../core/assert.js";
import { type NewCard, sealCard } from "./card-records.js";
import { openNumber } from "./number-seal.js";

const { keys, material } = seededKeys(seededRandom(3));
const numberKey = Buffer.from(material.numberKey, "hex");
const CARD: NewCard = {
  id: "card-1",
  accountId: "account-1",
  status: "ACTIVE",
  generation: "2022",
  cardNumber: withLuhn("900000000000042"),
  uid: Buffer.from("04000000000001", "hex"),
  pin: "2468",
};
const seal = (change: Partial<NewCard> = {}) => sealCard(keys, { ...CARD, ...change });

describe("a sealed card", () => {
  it("holds its number for whoever has the key, and in no other way", () => {
    const { numberEncrypted, lastFour } = seal();
    expect(openNumber(numberKey, numberEncrypted)).toBe(CARD.cardNumber);
    expect(() => openNumber(Buffer.alloc(32), numberEncrypted)).toThrow(BugError);
    expect(Buffer.from(numberEncrypted).includes(CARD.cardNumber)).toBe(false);
    expect(lastFour).toBe(CARD.cardNumber.slice(-4));
  });

  it("is found by the same index each time, though it is never encrypted alike", () => {
    const [one, two] = [seal(), seal()];
    expect(one.numberIndex).toEqual(two.numberIndex);
    expect(one.numberEncrypted).not.toEqual(two.numberEncrypted);
    expect(one.credential?.pinVerifier).not.toEqual(two.credential?.pinVerifier);
    expect(one.numberIndex).not.toEqual(one.identifierIndex);
  });

  it("without a chip or a PIN has none", () => {
    expect(seal({ uid: null, pin: null })).toMatchObject({
      identifierIndex: null,
      credential: null,
    });
  });

  it("is not made of a number with a wrong check digit", () => {
    expect(() => seal({ cardNumber: "9000000000000420" })).toThrow(BugError);
  });
});
