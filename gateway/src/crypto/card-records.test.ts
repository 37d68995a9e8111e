// A card as it is stored: found by an index, its number readable to whoever holds the key, its PIN to nobody.

import { createDecipheriv } from "node:crypto";
import { withLuhn } from "@pass-tpe/protocol/standards";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../tests/support/random.js";
import { BugError } from "../core/assert.js";
import { type NewCard, sealCard } from "./card-records.js";
import { generateKeyFile, keyRingOf } from "./keys.js";

const random = seededRandom(3);
const keys = keyRingOf(generateKeyFile(random));
const CARD: NewCard = {
  id: "card-1",
  accountId: "account-1",
  status: "ACTIVE",
  generation: "2022",
  cardNumber: withLuhn("900000000000042"),
  uid: Buffer.from("04000000000001", "hex"),
  pin: "2468",
};
const seal = (change: Partial<NewCard> = {}) => sealCard(keys, random, { ...CARD, ...change });

describe("a sealed card", () => {
  it("holds its number for whoever has the key, and in no other way", () => {
    const { numberEncrypted, lastFour } = seal();
    const bytes = Buffer.from(numberEncrypted);
    const decipher = createDecipheriv("aes-256-gcm", keys.numberKey, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(-16));
    const number = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
    expect(number.toString("ascii")).toBe(CARD.cardNumber);
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

describe("a key file", () => {
  it("comes back as the same keys", () => {
    const file = generateKeyFile(seededRandom(4));
    const read = keyRingOf(JSON.parse(JSON.stringify(file)));
    expect(read.pepper.toString("hex")).toBe(file.pepper);
    expect(new Set(Object.values(file)).size).toBe(Object.values(file).length);
  });

  it.each<[string, object]>([
    ["with a key cut short", { pepper: "00" }],
    ["with a key in another form", { indexKey: "Z".repeat(64) }],
    ["with a key too many", { extra: "00" }],
  ])("%s is refused, by the field's name and without its value", (_what, change) => {
    const file = generateKeyFile(seededRandom(4));
    const open = () => keyRingOf({ ...file, ...change });
    expect(open).toThrow(SyntaxError);
    expect(open).toThrow(/damaged \(.*restore it from its backup/);
    for (const secret of Object.values(file)) expect(open).not.toThrow(secret);
  });
});
