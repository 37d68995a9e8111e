// Credentials as a PKCS#12 file, the form in which other tools keep a certificate with its key.

import { createPrivateKey, X509Certificate } from "node:crypto";
import forge from "node-forge";
import { parseCredentials, type TerminalCredentials } from "../credentials.js";
import { PassTpeError } from "../errors.js";
import { invalid, requireText } from "../given.js";
import { refuseCostlyMac } from "./pkcs12-mac.js";

/** Of the key's encryption and of the MAC: what node-forge computes in about a second. */
export const PKCS12_ITERATIONS = 100_000;
const SALT_BYTES = 16;
const FRIENDLY_NAME = "pass-tpe terminal";

/** Other tools spell characters beyond ASCII in other ways; a shorter password is found by trying. */
const PASSWORD = /^[ -~]{12,128}$/;

/** A file is refused above this size. */
const FILE_BYTES_MAX = 256 * 1024;

/**
 * Packs key, certificate and authority, with the key under AES-256 and a MAC over all (RFC 7292). A PIN key is not in it.
 * Blocks the process for about a second: not while a sale is going on.
 *
 * @param options.password 12 to 128 printable ASCII characters.
 * @returns the file's content; keep it readable by its owner alone.
 * @throws PassTpeError `OPTIONS_INVALID` for the password, `CREDENTIALS_UNREADABLE` where the key is no RSA key.
 */
export function exportPkcs12(options: {
  credentials: TerminalCredentials;
  password: string;
}): Uint8Array {
  const { password } = options;
  requireText("password", password);
  if (!PASSWORD.test(password)) {
    throw invalid("password must have 12 to 128 printable ASCII characters");
  }
  const { ca, certificate, privateKey } = parseCredentials(options.credentials);
  const how = {
    algorithm: "aes256",
    prfAlgorithm: "sha256",
    count: PKCS12_ITERATIONS,
    saltSize: SALT_BYTES,
    friendlyName: FRIENDLY_NAME,
  } as const;
  const key = rsaKeyOf(privateKey);
  const file = forge.pkcs12.toPkcs12Asn1(
    key,
    [certificate, ca].map(parsedCertificate),
    password,
    how,
  );
  return Buffer.from(forge.asn1.toDer(file).getBytes(), "binary");
}

/**
 * Unpacks what {@link exportPkcs12} or another tool has packed: one RSA key, its certificate, and its authority. The PIN key is
 * not in it: the terminal gets one when it renews its credentials.
 *
 * @param options.file the content, not the path.
 * @throws PassTpeError `CREDENTIALS_UNREADABLE` for a wrong password, damage, or a part that is missing.
 */
export function importPkcs12(options: { file: Uint8Array; password: string }): TerminalCredentials {
  const { file, password } = options;
  requireText("password", password);
  if (file.length > FILE_BYTES_MAX) {
    throw unreadable(`the file has more than ${FILE_BYTES_MAX} bytes; give a PKCS#12 file`);
  }
  const bags = openBags(file, password);
  const keys = bags.flatMap(({ key }) => (key ? [key] : []));
  const [key] = keys;
  if (key === undefined || keys.length > 1) {
    throw unreadable("the PKCS#12 file must hold one RSA key; export it again");
  }
  const privateKey = pemOf(key);
  const certificates = bags.flatMap(({ cert }) => (cert ? [parsedX509(cert)] : []));
  const own = certificates.find((one) => one.checkPrivateKey(createPrivateKey(privateKey)));
  if (own === undefined) {
    throw unreadable("the PKCS#12 file holds no certificate of its key; export it again");
  }
  const authority = certificates.find((one) => one.ca && own.verify(one.publicKey));
  if (authority === undefined) {
    throw unreadable(
      "the PKCS#12 file does not hold the authority of its certificate; export it again with the chain",
    );
  }
  return parseCredentials({
    ca: authority.toString(),
    certificate: own.toString(),
    privateKey,
  });
}

function openBags(file: Uint8Array, password: string): forge.pkcs12.Bag[] {
  let container: forge.asn1.Asn1;
  try {
    container = forge.asn1.fromDer(Buffer.from(file).toString("binary"));
    refuseCostlyMac(container);
  } catch (thrown) {
    if (thrown instanceof PassTpeError) throw thrown;
    throw unreadable("this is no PKCS#12 file, or a damaged one; export it again");
  }
  try {
    const { safeContents } = forge.pkcs12.pkcs12FromAsn1(container, true, password);
    return safeContents.flatMap(({ safeBags }) => safeBags);
  } catch {
    // Without what was thrown: which of the two it is cannot be told, and its message could hold a piece of the content.
    throw unreadable(
      "the PKCS#12 file does not open: give the password it was exported with; if that is right the file is damaged: export it again",
    );
  }
}

function rsaKeyOf(privateKeyPem: string): forge.pki.rsa.PrivateKey {
  try {
    return forge.pki.privateKeyFromPem(privateKeyPem);
  } catch {
    throw unreadable("only an RSA key can be exported; enrol the terminal to get one");
  }
}

function parsedCertificate(pem: string): forge.pki.Certificate {
  try {
    return forge.pki.certificateFromPem(pem);
  } catch {
    throw unreadable("only RSA certificates can be exported; enrol the terminal to get one");
  }
}

function pemOf(key: forge.pki.rsa.PrivateKey): string {
  const info = forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key));
  const privateKey = createPrivateKey(forge.pki.privateKeyInfoToPem(info));
  return privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

function parsedX509(certificate: forge.pki.Certificate): X509Certificate {
  return new X509Certificate(forge.pki.certificateToPem(certificate));
}

function unreadable(detail: string): PassTpeError {
  return new PassTpeError({ code: "CREDENTIALS_UNREADABLE", detail });
}
