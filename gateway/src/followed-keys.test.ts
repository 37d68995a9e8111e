// Keys that other gateways rotated or retired: what cannot be judged is refused for a while, and the file is read again.

import { beforeEach, describe, expect, it } from "vitest";
import { openKeys, seededKeys } from "../../tests/support/keys.js";
import { holdCard, TEST_PIN } from "../../tests/support/presentations.js";
import { seededRandom } from "../../tests/support/random.js";
import { ClosedError } from "./core/closed-error.js";
import type { KeyMaterial } from "./crypto/key-file.js";
import { type Rotation, retire, rotate } from "./crypto/rotation.js";
import { type FollowedKeys, followKeys } from "./followed-keys.js";
import { ledgerKeysOf } from "./ledger-keys.js";
import { keyWords } from "./ledger-place.js";

const random = seededRandom(31);
const { material: first } = seededKeys(random);
const authority = { certificate: "", privateKey: "" };

const done = (result: Rotation<KeyMaterial>): KeyMaterial => {
  if (result.type === "refused") throw new Error(result.detail);
  return result.keys;
};
const rotated = (kind: Parameters<typeof rotate>[1], of = first) => done(rotate(of, kind, random));
const retired = (of: KeyMaterial, kind: Parameters<typeof rotate>[1]) =>
  done(retire(of, kind, { version: 1, pinsUnder: 0 }));
const ledgerOf = (material: KeyMaterial) => ledgerKeysOf(openKeys(material, random).keys);

/** The PIN of a card that was made under keys. */
function pinUnder(material: KeyMaterial) {
  const { keys } = openKeys(material, random);
  const card = holdCard({ keys, material, random }, { index: 1, accountId: "account-1" }).record();
  if (!card.credential) throw new Error("a record with a PIN has its verification value");
  return { sealedNumber: card.numberEncrypted, credential: card.credential, pin: TEST_PIN };
}

let folder: KeyMaterial | Error;
let said: string[];
let followed: FollowedKeys;
const log = { fatal: () => said.push("fatal"), warn: () => said.push("warn") };
const hear = (material: KeyMaterial) => followed.hear(ledgerOf(material), log);

/** A gateway that was started with the keys in its folder. */
function startWith(material: KeyMaterial): void {
  folder = material;
  said = [];
  followed = followKeys({
    file: { ...material, authority },
    read() {
      if (folder instanceof Error) throw folder;
      return { ...folder, authority };
    },
    path: "keys.json",
    words: keyWords(),
    random,
  });
}

describe("after another gateway rotated", () => {
  beforeEach(() => startWith(first));

  it("a PIN under the new pepper is not judged, even before the ledger was heard", () => {
    const set = pinUnder(rotated("pepper"));
    expect(() => followed.keys.pins.isSame(set)).toThrow(ClosedError);
  });

  it("what is under known versions goes on, and the gateway is ready until it met something newer", () => {
    const next = rotated("pepper");
    hear(next);
    expect(followed.keys.pins.isSame(pinUnder(first))).toBe(true);
    expect([followed.unfit(), followed.closed()]).toEqual([null, null]);
    expect(() => followed.keys.pins.isSame(pinUnder(next))).toThrow(/pepper 2.*copy the newest/);
    expect(followed.unfit()).toMatch(/Operator: copy the newest keys\.json/);
  });

  it("the file is read once it is there, however often it could not be, and is told once", () => {
    const next = rotated("pepper");
    for (const broken of [first, new Error("cut off"), new Error("cut off")]) {
      folder = broken;
      hear(next);
    }
    expect(said).toEqual(["fatal", "fatal"]);
    folder = next;
    hear(next);
    expect(said).toEqual(["fatal", "fatal", "warn"]);
    expect(followed.keys.pins.isSame(pinUnder(next))).toBe(true);
    expect(followed.unfit()).toBeNull();
  });

  it("the keys of another ledger are not taken", () => {
    const next = rotated("qr");
    folder = rotated("qr", seededKeys(random).material);
    hear(next);
    expect(followed.keys.qr.keys.map(({ keyId }) => keyId)).toEqual(["1"]);
    expect(said).toEqual(["fatal"]);
  });

  it("a code under a key that is not known is refused for a while, and known once the file is there", () => {
    const { qr } = followed.keys;
    expect(qr.named("2")).toBeNull();
    const next = rotated("qr");
    hear(next);
    expect(() => qr.named("2")).toThrow(ClosedError);
    folder = next;
    hear(next);
    expect(qr.named("2")?.keyId).toBe("2");
    expect(qr.named("3")).toBeNull();
  });
});

describe("after another gateway retired a version", () => {
  it("it is accepted no longer, though the file has it", () => {
    const both = rotated("qr");
    startWith(both);
    hear(retired(both, "qr"));
    expect(followed.keys.qr.named("1")).toBeNull();
    expect(followed.keys.qr.named("2")?.keyId).toBe("2");
    expect(followed.closed()).toBeNull();
  });

  it("nothing is decided where nothing else is left, until the file is there", () => {
    startWith(first);
    const next = retired(rotated("pepper"), "pepper");
    hear(next);
    expect(followed.closed()?.detail).toMatch(/pepper 2/);
    expect(followed.unfit()).not.toBeNull();
    folder = next;
    hear(next);
    expect([followed.closed(), followed.unfit()]).toEqual([null, null]);
  });
});
