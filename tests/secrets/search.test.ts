// The control of the search: a secret that was put somewhere on purpose is found, in each of its forms.

import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { formsOf, ofBytes, ofDigits, ofText, type Secret } from "./forms.js";
import { createSearch, textPlace } from "./search.js";

const SECRETS: readonly Secret[] = [
  ofBytes("a key", randomBytes(16)),
  ofBytes("a chip's identifier", Buffer.from("0401a2b3c4d5e6", "hex")),
  ofText("a password", 'Un mot "à moi" \\ 8812'),
  ofDigits("a card number", "9012345678901239"),
];

describe.each(SECRETS.map((secret) => [secret.name, secret] as const))("%s", (_name, secret) => {
  test.each([...formsOf(secret)])("is found as %s, wherever it stands", (form, bytes) => {
    const search = createSearch(SECRETS);
    const around = Buffer.from('{"level":30,"msg":"refused"}\n');
    for (const parts of [[bytes], [around, bytes], [bytes, around], [around, bytes, around]]) {
      const found = search({ name: "a log", bytes: Buffer.concat(parts) });
      expect(found).toContainEqual({ secret: secret.name, form, place: "a log" });
    }
  });
});

test("base64 of something longer is seen through at every alignment", () => {
  const key = randomBytes(16);
  const search = createSearch([ofBytes("a key", key)]);
  for (const before of [0, 1, 2, 3, 4, 5]) {
    const longer = Buffer.concat([randomBytes(before), key, randomBytes(7)]);
    for (const encoding of ["base64", "base64url", "hex"] as const) {
      expect(search(textPlace("a log", longer.toString(encoding)))).not.toEqual([]);
    }
  }
});

test("a Buffer is seen through however it is printed", () => {
  const key = randomBytes(16);
  const search = createSearch([ofBytes("a key", key)]);
  const view = new Uint8Array(key);
  const printed = [JSON.stringify({ key }), JSON.stringify(view), String(view)];
  for (const text of printed) expect(search(textPlace("a log", text))).not.toEqual([]);
});

test("what is not there is not found", () => {
  const places = [textPlace("a log", "9012345678901238 0401a2b3c4d5e7"), textPlace("nothing", "")];
  expect(places.flatMap(createSearch(SECRETS))).toEqual([]);
});
