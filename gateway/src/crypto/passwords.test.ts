// A password is found again by its hash alone, with its own salt, and under the parameters that it was kept with.

import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createPasswords } from "./passwords.js";

const random = { bytes: (count: number) => randomBytes(count) };
const PASSWORD = "un mot de passe à moi";

describe("a password", () => {
  it("is known again, in any spelling of its letters, and no other is", async () => {
    const passwords = createPasswords(random);
    const kept = await passwords.hash(PASSWORD);
    expect(kept).toMatchObject({ params: "scrypt N=32768 r=8 p=1" });
    expect(Buffer.from(kept.hash).includes("mot")).toBe(false);
    expect(await passwords.matches(PASSWORD.normalize("NFD"), kept)).toBe(true);
    expect(await passwords.matches(`${PASSWORD} `, kept)).toBe(false);
  });

  it("is the same as RFC 7914 says, under the parameters that it was kept with", async () => {
    // RFC 7914 section 12, the third vector, of which 32 bytes are kept.
    const kept = {
      salt: Buffer.from("SodiumChloride"),
      hash: Buffer.from("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2", "hex"),
      params: "scrypt N=16384 r=8 p=1",
    };
    const passwords = createPasswords(random);
    expect(await passwords.matches("pleaseletmein", kept)).toBe(true);
    expect(await passwords.matches("pleaseletmeout", kept)).toBe(false);
  });

  it("has a salt of its own", async () => {
    const passwords = createPasswords(random);
    const [one, other] = await Promise.all([passwords.hash(PASSWORD), passwords.hash(PASSWORD)]);
    expect(one.hash).not.toEqual(other.hash);
  });

  it("of an unknown dossier costs the same work, and is wrong even where the hash is all zeros", async () => {
    const asked: object[] = [];
    const passwords = createPasswords(random, async (_password, _salt, params) => {
      asked.push(params);
      return Buffer.alloc(32);
    });
    const kept = await passwords.hash(PASSWORD);
    expect(await passwords.matches(PASSWORD, kept)).toBe(true);
    expect(await passwords.matches(PASSWORD, null)).toBe(false);
    expect(asked).toEqual([asked[0], asked[0], asked[0]]);
  });

  it("is not guessed at where the way it was hashed is not known", async () => {
    const passwords = createPasswords(random);
    const kept = { salt: Buffer.alloc(16), hash: Buffer.alloc(32), params: "md5" };
    await expect(passwords.matches(PASSWORD, kept)).rejects.toThrow(RangeError);
  });
});
