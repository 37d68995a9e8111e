// @ts-check
// The bench's terminals: certificates and PIN keys of their own over one shared key pair, which would take long to make for each.
import { constants, generateKeyPairSync, privateDecrypt, X509Certificate } from "node:crypto";

const RSA_BITS = 2_048;

/** The point of sale of the first partner, where a crowd is at as many terminals as a run has connections and more. */
export const HOT_POINT_OF_SALE = "POS-1";

/**
 * @typedef {object} BenchTerminal
 * @property {string} ca
 * @property {string} certificate
 * @property {string} privateKey
 * @property {string} pointOfSaleId
 * @property {{ initialKeyHex: string, initialKeyIdHex: string }} pinKey
 * @property {number} pinCounter the last DUKPT counter used, 0 at first
 */

/**
 * Makes a terminal at each of the points of sale, and loads them.
 *
 * @param {import("../../gateway/dist/parts.js").Assembly} assembly
 * @param {readonly string[]} pointOfSaleIds one for each terminal
 * @returns {Promise<BenchTerminal[]>}
 */
export async function makeTerminals({ keys, clock, store }, pointOfSaleIds) {
  const pair = generateKeyPairSync("rsa", {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const nowMs = clock.nowMs();
  const made = pointOfSaleIds.map((pointOfSaleId, index) => {
    const id = `T-${index}`;
    const { publicKey, privateKey } = pair;
    const subject = { terminalId: id, publicKey, nowMs };
    const { certificate, expiresAtMs } = keys.authority.issueTerminal(subject);
    const initialKeyId = keys.pins.drawInitialKeyId();
    const wrapped = keys.pins.wrapInitialKey({ initialKeyId, recipient: publicKey });
    const record = {
      id,
      pointOfSaleId,
      status: /** @type {const} */ ("active"),
      certificateFingerprint: fingerprintOf(certificate),
      certificateExpiresAtMs: expiresAtMs,
      enrolledAtMs: nowMs,
      initialKeyId,
    };
    const terminal = {
      ca: keys.authority.certificate,
      certificate,
      privateKey,
      pointOfSaleId,
      pinKey: { initialKeyHex: unwrap(wrapped, privateKey), initialKeyIdHex: initialKeyId },
      pinCounter: 0,
    };
    return { record, terminal };
  });
  await store.load({ terminals: made.map(({ record }) => record) });
  return made.map(({ terminal }) => terminal);
}

/** @param {string} wrapped base64 @param {string} privateKey PEM @returns {string} hex */
function unwrap(wrapped, privateKey) {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const key = { key: privateKey, padding, oaepHash: "sha256" };
  return privateDecrypt(key, Buffer.from(wrapped, "base64")).toString("hex");
}

/** @param {string} certificate PEM @returns {string} SHA-256 of its DER as the store knows it, lower-case hex */
export function fingerprintOf(certificate) {
  return new X509Certificate(certificate).fingerprint256.replaceAll(":", "").toLowerCase();
}
