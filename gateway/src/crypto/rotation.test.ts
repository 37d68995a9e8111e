// The succession of keys: what was made before is accepted until its version is retired, and refused from then on.

import type { Evidence } from "@pass-tpe/protocol";
import { parseCardMessage } from "@pass-tpe/protocol/standards";
import { describe, expect, it } from "vitest";
import { NOW_MS, saleCase } from "../../../tests/support/builders.js";
import { openKeys, seededKeys } from "../../../tests/support/keys.js";
import { type HeldCard, holdCard, holdTerminal } from "../../../tests/support/presentations.js";
import { seededRandom } from "../../../tests/support/random.js";
import { type KeyMaterial, keyFileOf, VERSIONS_MAX } from "./key-file.js";
import { KEY_KINDS, type KeyKind } from "./key-store.js";
import { type Rotation, retire, rotate, versionsOf } from "./rotation.js";
import { createVerifier } from "./verifier.js";

const random = seededRandom(11);
const first = seededKeys(random).material;
const { snapshot } = saleCase();

function done<T extends KeyMaterial>(result: Rotation<T>): T {
  if (result.type === "refused") throw new Error(result.detail);
  return result.keys;
}
const rotated = (keys: KeyMaterial, kind: KeyKind) => done(rotate(keys, kind, random));
const retired = (keys: KeyMaterial, kind: KeyKind, version = 1) =>
  done(retire(keys, kind, { version, pinsUnder: 0 }));

/** What an issuer with these keys makes. */
function issued(material: KeyMaterial, index = 1) {
  const issuer = { ...openKeys(material, random), random };
  const card = holdCard(issuer, { index, accountId: "account-1" });
  return { card, terminal: holdTerminal(issuer, index) };
}

/** What a gateway with these keys finds. */
function found(material: KeyMaterial, evidence: Evidence, of: HeldCard) {
  const verifier = createVerifier(openKeys(material, random).keys);
  const { credential, numberEncrypted: sealedNumber } = of.record();
  const opened = verifier.open(evidence);
  return verifier.verify({ opened, snapshot, credential, sealedNumber, nowMs: NOW_MS });
}

const old = issued(first);

/** By kind: a presentation that was made under the first version, and what is found in it while that is accepted. */
const CASES = [
  [
    "cards",
    old.card.tap(),
    { genuine: true, keyVersion: 1 },
    { genuine: false, counter: 0, keyVersion: 2 },
  ],
  [
    "pinBase",
    old.terminal.key(old.card),
    { pin: { opened: true, matches: true, keyVersion: 1 } },
    { pin: { opened: false, matches: false, keyVersion: 2 } },
  ],
  [
    "pepper",
    old.terminal.key(old.card),
    { pin: { opened: true, matches: true } },
    { pin: { opened: true, matches: false } },
  ],
  [
    "qr",
    { type: "qr", token: old.card.printedCode() } as const,
    { token: "valid", keyId: "1" },
    { token: "unknownKey", keyId: "1" },
  ],
] as const satisfies readonly (readonly [KeyKind, Evidence, object, object])[];

describe.each(CASES)("a rotation of %s", (kind, evidence, accepted, refused) => {
  const next = rotated(first, kind);

  it("leaves what was made before accepted, until its version is retired", () => {
    expect(found(first, evidence, old.card)).toMatchObject(accepted);
    expect(found(next, evidence, old.card)).toMatchObject(accepted);
    expect(found(retired(next, kind), evidence, old.card)).toMatchObject(refused);
  });

  it("makes what is new under the new version, which needs no other", () => {
    const { card, terminal } = issued(next, 2);
    const alone = retired(next, kind);
    expect(found(alone, card.tap(), card)).toMatchObject({ genuine: true });
    expect(found(alone, terminal.scan(card), card)).toMatchObject({
      token: "valid",
      pin: { opened: true, matches: true },
    });
  });

  it("changes no other kind", () => {
    const others = (keys: KeyMaterial) => versionsOf(keys).filter((it) => it.kind !== kind);
    expect(others(next)).toEqual(others(first));
  });

  it("goes up by one and never gives a number again", () => {
    const third = rotated(retired(next, kind), kind);
    const versions = versionsOf(third).filter((it) => it.kind === kind);
    expect(versions).toEqual([
      { kind, version: 3, state: "current" },
      { kind, version: 2, state: "accepted" },
    ]);
  });

  it("stops at a number of versions, and says what to do", () => {
    let keys: KeyMaterial = first;
    for (let count = 1; count < VERSIONS_MAX; count += 1) keys = rotated(keys, kind);
    expect(rotate(keys, kind, random)).toMatchObject({
      type: "refused",
      code: "TOO_MANY_VERSIONS",
      detail: expect.stringContaining("retire one first"),
    });
  });
});

describe("a retirement", () => {
  it.each(KEY_KINDS)(
    "of the current version of %s is refused, be it the last one or not",
    (kind) => {
      const next = rotated(first, kind);
      for (const [keys, version] of [
        [first, 1],
        [next, 2],
      ] as const) {
        const code = "CURRENT_VERSION";
        expect(retire(keys, kind, { version, pinsUnder: 0 })).toMatchObject({ code });
      }
    },
  );

  it("of a version that is not there is refused, with those that are", () => {
    expect(retire(first, "qr", { version: 7, pinsUnder: 0 })).toMatchObject({
      code: "UNKNOWN_VERSION",
      detail: "qr has no version 7, it has 1",
    });
  });

  it("of a pepper that PINs are under is refused; what else has its number is not", () => {
    const asked = { version: 1, pinsUnder: 3 };
    const code = "IN_USE";
    expect(retire(rotated(first, "pepper"), "pepper", asked)).toMatchObject({ code });
    expect(retire(rotated(first, "qr"), "qr", asked)).toMatchObject({ type: "done" });
  });
});

describe("the message of a card", () => {
  const sets = rotated(rotated(first, "cards"), "cards");

  it.each([1, 2, 3])("of set %i of three is genuine under that one", (version) => {
    const own = sets.cards.filter((it) => it.version === version);
    const [key] = own;
    if (!key) throw new Error("no such set");
    const { card } = issued({ ...sets, cards: [{ ...key, state: "current" }] });
    const evidence = card.tap();
    expect(found(sets, evidence, card)).toEqual({
      kind: "nfcMessage",
      genuine: true,
      counter: 1,
      keyVersion: version,
    });
  });

  it("of one set with the code of another is genuine under none", () => {
    const [one, two] = sets.cards;
    if (!one || !two) throw new Error("no sets");
    const mixed = { ...one, masterKey: two.masterKey, state: "current" } as const;
    const { card } = issued({ ...sets, cards: [mixed] });
    expect(found(sets, card.tap(), card)).toMatchObject({ genuine: false, keyVersion: 3 });
  });

  it("that is none opens nothing under any of them", () => {
    const { keys } = openKeys(sets, random);
    expect(parseCardMessage("https://example.org/")).toBeNull();
    expect(keys.cards.open(null)).toEqual({
      uid: null,
      counter: 0,
      genuine: false,
      keyVersion: 3,
    });
  });
});

describe("a key file", () => {
  const pem = "-----BEGIN CERTIFICATE-----";
  const identity = { certificate: pem, privateKey: pem };
  const whole = { ...first, authority: identity, server: { ...identity, hosts: [] } };
  const twoCurrent = [...first.qr, ...first.qr.map((it) => ({ ...it, version: 2, keyId: "2" }))];

  it("is read as it was written, after any rotation", () => {
    const file = KEY_KINDS.reduce((keys, kind) => done(rotate(keys, kind, random)), whole);
    expect(keyFileOf(JSON.parse(JSON.stringify(file)))).toEqual(file);
  });

  it.each<[string, object, string]>([
    ["with a key cut short", { indexKey: "00" }, "indexKey"],
    ["with a key in another form", { numberKey: "Z".repeat(64) }, "numberKey"],
    ["with a key too many", { extra: "00" }, ""],
    ["with no version of a kind", { peppers: [] }, "peppers"],
    ["with two current versions", { qr: twoCurrent }, "qr"],
    ["with one version twice", { peppers: [...first.peppers, ...first.peppers] }, "peppers"],
    ["of another format", { format: 3 }, "format"],
  ])("%s is refused, by the field's name and without its value", (_what, change, field) => {
    const open = () => keyFileOf({ ...whole, ...change });
    expect(open).toThrow(SyntaxError);
    expect(open).toThrow(`the key file is damaged (${field}`);
    for (const { key } of first.peppers) expect(open).not.toThrow(key);
  });
});
