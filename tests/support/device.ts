// A device that is not enrolled yet: its key, what it asks a certificate with, and what it does with the answer.

import { constants, generateKeyPair, privateDecrypt } from "node:crypto";
import { Agent } from "node:https";
import { promisify } from "node:util";
import type { EnrolmentAnswer } from "@pass-tpe/protocol";
import { parseActivationCode } from "@pass-tpe/protocol/standards";
import forge from "node-forge";

const makePair = promisify(generateKeyPair);

export interface Device {
  readonly csr: string;
  /** A connection as what was issued to it, or as nobody; from any address of this machine's loopback. */
  connection(options: {
    readonly ca: string;
    readonly certificate?: string;
    readonly localAddress?: string;
  }): Agent;
  /** The PIN key in an answer. */
  unwrap(answer: EnrolmentAnswer): Buffer;
}

export async function newDevice(): Promise<Device> {
  const { publicKey, privateKey: key } = await makePair("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.publicKeyFromPem(publicKey);
  request.setSubject([{ name: "commonName", value: "a device" }]);
  request.sign(forge.pki.privateKeyFromPem(key), forge.md.sha256.create());
  return {
    csr: forge.pki.certificationRequestToPem(request),
    connection({ certificate, ...options }) {
      const own = certificate === undefined ? {} : { cert: certificate, key };
      return new Agent({ keepAlive: true, ...options, ...own });
    },
    unwrap: ({ pinKey }) =>
      privateDecrypt(
        { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" },
        Buffer.from(pinKey.wrappedKey, "base64"),
      ),
  };
}

/** The secret in an activation code. */
export function secretOf(activationCode: string): string {
  const code = parseActivationCode(activationCode);
  if (code === null) throw new Error("the gateway made a code that is none");
  return code.secret;
}
