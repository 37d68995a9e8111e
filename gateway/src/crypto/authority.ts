// The gateway's own certificate authority: made at the first start, it names the gateway and every terminal.

import {
  createHash,
  createPrivateKey,
  generateKeyPair,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from "node:crypto";
import { isIP } from "node:net";
import { promisify } from "node:util";
import forge from "node-forge";
import type { Random } from "../core/ports.js";
import type { CertificateAuthority } from "./key-store.js";

declare module "node-forge" {
  namespace pki {
    /** What is signed (RFC 5280 §4.1.1.1); its types leave it out. */
    function getTBSCertificate(certificate: Certificate): asn1.Asn1;
  }
}

const RSA_BITS = 2048;
const SERIAL_BYTES = 16;
const AUTHORITY_YEARS = 10;
const SERVER_YEARS = 2;
/** Of a terminal, and of an agent. */
const CLIENT_YEARS = 1;
/** Certificates are valid a little before they are made, for clocks that lag. */
const BACKDATE_MS = 24 * 3_600_000;
const YEAR_MS = 365 * 24 * 3_600_000;

/** A certificate with its private key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly privateKey: string;
}

/** What a client certificate is for, said in its OU: a till's does not open the operators' listener, nor the reverse. */
type ClientKind = "terminal" | "agent";

interface Template {
  readonly commonName: string;
  readonly organizationalUnit?: ClientKind;
  readonly years: number;
  readonly extensions: object[];
}

interface MakeOptions {
  readonly random: Random;
  readonly nowMs: number;
}

/** Makes a self-signed authority. */
export function createAuthority(made: MakeOptions): Identity {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", RSA);
  const template: Template = {
    commonName: "Pass'Region TPE authority",
    years: AUTHORITY_YEARS,
    extensions: [
      { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  };
  const itself = { name: null, privateKey: createPrivateKey(privateKey), endsAtMs: Infinity };
  return { certificate: certify({ issuer: itself, publicKey, ...made }, template), privateKey };
}

/** A key pair for a server or an agent, made on another thread: tills are served meanwhile. PEM. */
export const makeKeyPair = (): Promise<KeyPair> => makePair("rsa", RSA);

/**
 * Issues the gateway's server certificate for the names and addresses that terminals call it by.
 *
 * @param options.pair made here where it is left out, which takes a while: for a start.
 */
export function issueServer(
  authority: Identity,
  options: MakeOptions & { readonly hosts: readonly string[]; readonly pair?: KeyPair },
): Identity {
  const { hosts, pair = generateKeyPairSync("rsa", RSA), ...made } = options;
  const altNames = hosts.map((host) =>
    isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host },
  );
  const template: Template = {
    commonName: hosts[0] ?? "gateway",
    years: SERVER_YEARS,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames },
    ],
  };
  const { publicKey, privateKey } = pair;
  const issuer = issuerOf(authority);
  return { certificate: certify({ issuer, publicKey, ...made }, template), privateKey };
}

/** The authority as the key store's part: it issues, and its private key does not leave it. */
export function certificateAuthority(parts: {
  readonly identity: Identity;
  readonly random: Random;
}): CertificateAuthority {
  const { identity, random } = parts;
  let read: Issuer | null = null;
  /** Once, and not before it is needed: many a command and test issues nothing. */
  function itself(): Issuer {
    read ??= issuerOf(identity);
    return read;
  }
  return {
    certificate: identity.certificate,
    issueTerminal({ terminalId, publicKey, nowMs }) {
      const issuer = itself();
      const template = clientTemplate("terminal", terminalId);
      return {
        certificate: certify({ issuer, publicKey, random, nowMs }, template),
        expiresAtMs: endOf(nowMs, template.years, issuer),
      };
    },
    async issueAgent({ agentId, nowMs }) {
      const { publicKey, privateKey } = await makeKeyPair();
      const template = clientTemplate("agent", agentId);
      const issuer = itself();
      return { certificate: certify({ issuer, publicKey, random, nowMs }, template), privateKey };
    },
  };
}

/** When a certificate ends. @param certificate PEM. */
export const endsAtMs = (certificate: string): number =>
  Date.parse(new X509Certificate(certificate).validTo);

/** Its fingerprint, not its name, is a client's identity. */
const clientTemplate = (organizationalUnit: ClientKind, commonName: string): Template => ({
  commonName,
  organizationalUnit,
  years: CLIENT_YEARS,
  extensions: CLIENT_EXTENSIONS,
});

const CLIENT_EXTENSIONS: object[] = [
  { name: "basicConstraints", cA: false, critical: true },
  { name: "keyUsage", digitalSignature: true, critical: true },
  { name: "extKeyUsage", clientAuth: true },
];

/** SHA-256 of a certificate's DER, lower-case hex: how the store knows a terminal or an agent. */
export function certificateFingerprint(certificatePem: string): string {
  return createHash("sha256").update(new X509Certificate(certificatePem).raw).digest("hex");
}

const RSA = {
  modulusLength: RSA_BITS,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
} as const;

const makePair = promisify(generateKeyPair);

interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Who signs, read once: reading a key takes longer than signing with it. */
interface Issuer {
  /** Null where the certificate names itself. */
  readonly name: forge.pki.CertificateField[] | null;
  readonly privateKey: KeyObject;
  readonly endsAtMs: number;
}

const issuerOf = ({ certificate, privateKey }: Identity): Issuer => ({
  name: forge.pki.certificateFromPem(certificate).subject.attributes,
  privateKey: createPrivateKey(privateKey),
  endsAtMs: endsAtMs(certificate),
});

interface CertifyOptions extends MakeOptions {
  readonly issuer: Issuer;
  /** RSA, SPKI PEM. */
  readonly publicKey: string;
}

/** As X.509 v3 has it (RFC 5280 §4.1). @returns the certificate, PEM. */
function certify(options: CertifyOptions, template: Template): string {
  const { issuer, publicKey, random, nowMs } = options;
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = serialNumber(random);
  certificate.validity.notBefore = new Date(nowMs - BACKDATE_MS);
  certificate.validity.notAfter = new Date(endOf(nowMs, template.years, issuer));
  const { commonName, organizationalUnit: unit } = template;
  const subject = [
    { name: "commonName", value: commonName },
    ...(unit ? [{ name: "organizationalUnitName", value: unit }] : []),
  ];
  certificate.setSubject(subject);
  certificate.setIssuer(issuer.name ?? subject);
  certificate.setExtensions(template.extensions);
  return signed(certificate, issuer.privateKey);
}

/** Signs with Node: issuing stands in the way of sales, and in JavaScript it takes a hundred times as long. */
function signed(certificate: forge.pki.Certificate, privateKey: KeyObject): string {
  certificate.signatureOid = SHA256_WITH_RSA;
  certificate.siginfo.algorithmOid = SHA256_WITH_RSA;
  certificate.tbsCertificate = forge.pki.getTBSCertificate(certificate);
  const der = forge.asn1.toDer(certificate.tbsCertificate).getBytes();
  certificate.signature = sign("sha256", Buffer.from(der, "binary"), privateKey).toString("binary");
  return forge.pki.certificateToPem(certificate);
}

/** RFC 4055 §5. */
const SHA256_WITH_RSA = "1.2.840.113549.1.1.11";

/** X.509 has whole seconds: what is said beside a certificate is what stands in it. None outlives who signed it. */
const endOf = (nowMs: number, years: number, issuer: Issuer): number =>
  Math.min(Math.floor((nowMs + years * YEAR_MS) / 1_000) * 1_000, issuer.endsAtMs);

/** A positive random serial number (RFC 5280 §4.1.2.2). */
function serialNumber(random: Random): string {
  const bytes = Buffer.from(random.bytes(SERIAL_BYTES));
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString("hex");
}
