// The gateway's own certificate authority: made at the first start, it names the gateway and every terminal.

import { createHash, generateKeyPair, generateKeyPairSync } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";
import type { Random } from "../core/ports.js";

const RSA_BITS = 2048;
const SERIAL_BYTES = 16;
const AUTHORITY_YEARS = 10;
const SERVER_YEARS = 2;
const TERMINAL_YEARS = 1;
const AGENT_YEARS = 1;
/** Certificates are valid a little before they are made, for clocks that lag. */
const BACKDATE_MS = 24 * 3_600_000;
const YEAR_MS = 365 * 24 * 3_600_000;

/** A certificate with its private key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly privateKey: string;
}

/** What a client certificate is for, said in its OU: a till's does not open the operators' listener, nor the reverse. */
export type ClientKind = "terminal" | "agent";

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
export function createAuthority(options: MakeOptions): Identity {
  return certify(
    { authority: null, pair: generateKeyPairSync("rsa", RSA), ...options },
    {
      commonName: "Pass'Region TPE authority",
      years: AUTHORITY_YEARS,
      extensions: [
        { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
        { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
      ],
    },
  );
}

/** Issues the gateway's server certificate for the names and addresses that terminals call it by. */
export function issueServer(
  authority: Identity,
  options: MakeOptions & { readonly hosts: readonly string[] },
): Identity {
  const altNames = options.hosts.map((host) =>
    /^[0-9.]+$/.test(host) ? { type: 7, ip: host } : { type: 2, value: host },
  );
  return certify(
    { authority, pair: generateKeyPairSync("rsa", RSA), ...options },
    {
      commonName: options.hosts[0] ?? "gateway",
      years: SERVER_YEARS,
      extensions: [
        { name: "basicConstraints", cA: false, critical: true },
        { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
        { name: "extKeyUsage", serverAuth: true },
        { name: "subjectAltName", altNames },
      ],
    },
  );
}

/** Issues a terminal's client certificate. Its fingerprint, not its name, is the terminal's identity. */
export function issueTerminal(
  authority: Identity,
  options: MakeOptions & { readonly terminalId: string },
): Promise<Identity> {
  return issueClient(authority, options, {
    commonName: options.terminalId,
    organizationalUnit: "terminal",
    years: TERMINAL_YEARS,
    extensions: CLIENT_EXTENSIONS,
  });
}

/** Issues the client certificate of an agent of the operator, the Région or an établissement. */
export function issueAgent(
  authority: Identity,
  options: MakeOptions & { readonly agentId: string },
): Promise<Identity> {
  return issueClient(authority, options, {
    commonName: options.agentId,
    organizationalUnit: "agent",
    years: AGENT_YEARS,
    extensions: CLIENT_EXTENSIONS,
  });
}

const CLIENT_EXTENSIONS: object[] = [
  { name: "basicConstraints", cA: false, critical: true },
  { name: "keyUsage", digitalSignature: true, critical: true },
  { name: "extKeyUsage", clientAuth: true },
];

/** SHA-256 of a certificate's DER, lower-case hex: how the store knows a terminal or an agent. */
export function certificateFingerprint(certificatePem: string): string {
  const der = forge.asn1.toDer(
    forge.pki.certificateToAsn1(forge.pki.certificateFromPem(certificatePem)),
  );
  return createHash("sha256").update(Buffer.from(der.getBytes(), "binary")).digest("hex");
}

const RSA = {
  modulusLength: RSA_BITS,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
} as const;

const makePair = promisify(generateKeyPair);

/** Issued while tills are served: the key is made on another thread. */
async function issueClient(
  authority: Identity,
  options: MakeOptions,
  template: Template,
): Promise<Identity> {
  return certify({ authority, pair: await makePair("rsa", RSA), ...options }, template);
}

interface CertifyOptions extends MakeOptions {
  /** Null where the certificate signs itself. */
  readonly authority: Identity | null;
  /** PEM. */
  readonly pair: { readonly publicKey: string; readonly privateKey: string };
}

function certify(options: CertifyOptions, template: Template): Identity {
  const { authority, pair } = options;
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(pair.publicKey);
  certificate.serialNumber = serialNumber(options.random);
  certificate.validity.notBefore = new Date(options.nowMs - BACKDATE_MS);
  certificate.validity.notAfter = new Date(options.nowMs + template.years * YEAR_MS);
  const { commonName, organizationalUnit: unit } = template;
  certificate.setSubject([
    { name: "commonName", value: commonName },
    ...(unit ? [{ name: "organizationalUnitName", value: unit }] : []),
  ]);
  certificate.setIssuer(
    authority
      ? forge.pki.certificateFromPem(authority.certificate).subject.attributes
      : [{ name: "commonName", value: commonName }],
  );
  certificate.setExtensions(template.extensions);
  const signingKey = authority?.privateKey ?? pair.privateKey;
  certificate.sign(forge.pki.privateKeyFromPem(signingKey), forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), privateKey: pair.privateKey };
}

/** A positive random serial number (RFC 5280 §4.1.2.2). */
function serialNumber(random: Random): string {
  const bytes = Buffer.from(random.bytes(SERIAL_BYTES));
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString("hex");
}
