// An RSA authority for tests of enrolment: as the gateway's, it signs what a certificate request asks for.

import { createPublicKey, randomBytes } from "node:crypto";
import forge from "node-forge";
import { signingKey } from "../enrolment/private-key.js";
import { newTestPair, nextTestPair } from "./test-keys.js";

const DAY_MS = 24 * 3_600_000;

interface CertificateWish {
  readonly commonName: string;
  /** From a day ago, until so many days from now. */
  readonly validDays?: number;
  /** Host names and addresses of a server. */
  readonly hosts?: readonly string[];
}

interface Identity {
  readonly certificate: string;
  readonly privateKey: string;
}

export class TestAuthority {
  readonly certificate: string;
  readonly #signer: forge.pki.rsa.PrivateKey;
  readonly #name: string;

  constructor(options: { name?: string } = {}) {
    this.#name = options.name ?? "pass-tpe test RSA authority";
    const { publicKey, privateKey } = newTestPair();
    this.#signer = signingKey(privateKey);
    this.certificate = this.#sign(publicKey, {
      subject: this.#name,
      validDays: 3_650,
      extensions: [
        { name: "basicConstraints", cA: true, critical: true },
        { name: "keyUsage", keyCertSign: true, critical: true },
      ],
    });
  }

  /** DER, as it travels in a handshake. */
  get der(): Buffer {
    return Buffer.from(this.certificate.replace(/-----[A-Z ]+-----|\s/g, ""), "base64");
  }

  /** A key with its certificate. */
  issue({ commonName, validDays = 365, hosts }: CertificateWish): Identity {
    const { publicKey, privateKey } = nextTestPair();
    const altNames = hosts?.map((host) =>
      /^[0-9.]+$/.test(host) ? { type: 7, ip: host } : { type: 2, value: host },
    );
    const extensions = altNames === undefined ? [] : [{ name: "subjectAltName", altNames }];
    const certificate = this.#sign(publicKey, { subject: commonName, validDays, extensions });
    return { certificate, privateKey };
  }

  /** The certificate for a request, and its public key, PEM. Throws where its signature is not by its own key. */
  certify(csr: string, { commonName, validDays = 365 }: CertificateWish) {
    const request = forge.pki.certificationRequestFromPem(csr);
    if (!request.verify() || request.publicKey === null) throw new Error("a forged request");
    const publicKey = forge.pki.publicKeyToPem(request.publicKey);
    const certificate = this.#sign(publicKey, { subject: commonName, validDays, extensions: [] });
    return { certificate, publicKey: createPublicKey(publicKey) };
  }

  #sign(
    publicKey: string,
    what: { subject: string; validDays: number; extensions: object[] },
  ): string {
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
    certificate.serialNumber = `40${randomBytes(15).toString("hex")}`;
    certificate.validity.notBefore = new Date(Date.now() - DAY_MS);
    certificate.validity.notAfter = new Date(Date.now() + what.validDays * DAY_MS);
    certificate.setSubject([{ name: "commonName", value: what.subject }]);
    certificate.setIssuer([{ name: "commonName", value: this.#name }]);
    certificate.setExtensions(what.extensions);
    certificate.sign(this.#signer, forge.md.sha256.create());
    return forge.pki.certificateToPem(certificate).replaceAll("\r", "");
  }
}
