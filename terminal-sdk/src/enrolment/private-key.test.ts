import { createPrivateKey } from "node:crypto";
import forge from "node-forge";
import { expect, it } from "vitest";
import { certificateRequest, newPrivateKey, publicKeyOf } from "./private-key.js";

it("a new key is RSA of 2,048 bits, and another one each time", async () => {
  const keys = await Promise.all([newPrivateKey(), newPrivateKey()]);
  expect(new Set(keys).size).toBe(2);
  for (const key of keys) {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(key);
    expect({ asymmetricKeyType, ...asymmetricKeyDetails }).toMatchObject({
      asymmetricKeyType: "rsa",
      modulusLength: 2048,
    });
  }
});

it("a certificate request is for the key's public half, and signed by it", async () => {
  const key = await newPrivateKey();
  const request = forge.pki.certificationRequestFromPem(certificateRequest(key));
  expect(request.verify()).toBe(true);
  if (request.publicKey === null) throw new Error("no key is asked for");
  const asked = forge.asn1.toDer(forge.pki.publicKeyToAsn1(request.publicKey)).getBytes();
  expect(Buffer.from(asked, "binary")).toEqual(publicKeyOf(key));
});
