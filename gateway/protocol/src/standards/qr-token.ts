// The signed text in a QR code, by which a terminal knows a card of the programme before any PIN.
import type { KeyObject } from "node:crypto";
import { decodeBase32, encodeBase32 } from "./base32.js";
import { isCardNumber } from "./card-number.js";
import { ED25519_SIGNATURE_BYTES, ed25519Sign, ed25519Verify } from "./ed25519.js";

/** The longest text looked at, in characters; the longest token has 161. */
export const MAX_QR_TOKEN_LENGTH = 192;

/** Length of the random value that makes each code of the app unlike the last. */
export const QR_NONCE_BYTES = 8;

const PROGRAMME_AND_VERSION = "PR1";
const KEY_ID_TEXT = /^[0-9A-Z]{1,8}$/;

/** Whole seconds without leading zeros; eleven digits last until the year 5138. */
const SECONDS_TEXT = /^(?:0|[1-9][0-9]{0,10})$/;

/** What the issuer vouches for: a card number, printed for good or shown by the app for a minute. */
export type QrTokenContent =
  | { kind: "printed"; keyId: string; cardNumber: string }
  | {
      kind: "app";
      keyId: string;
      cardNumber: string;
      /** Seconds since 1970 UTC, by the issuer's clock. */
      issuedAtSeconds: number;
      /** QR_NONCE_BYTES random bytes. */
      nonce: Uint8Array;
    };

type Sealed = {
  /** The exact ASCII text under the signature. */
  signedText: string;
  signature: Buffer;
};

export type QrToken =
  | (Extract<QrTokenContent, { kind: "printed" }> & Sealed)
  | (Omit<Extract<QrTokenContent, { kind: "app" }>, "nonce"> & { nonce: Buffer } & Sealed);

/** Why a text is no token: the first part that is wrong. */
export type QrTokenRefusal =
  | "too-long"
  | "other-programme"
  | "unknown-kind"
  | "wrong-parts"
  | "key-id"
  | "card-number"
  | "issued-at"
  | "nonce"
  | "signature";

/**
 * The text of a QR code, signed. It uses the QR alphanumeric set alone.
 *
 * @throws RangeError when a field has not the form that {@link parseQrToken} asks for.
 */
export function signQrToken(options: { privateKey: KeyObject; token: QrTokenContent }): string {
  const { privateKey, token } = options;
  const signedText = textToSign(token);
  const signature = ed25519Sign({ privateKey, message: Buffer.from(signedText, "ascii") });
  const text = `${signedText}.${encodeBase32(signature)}`;
  const parsed = parseQrToken(text);
  if (!parsed.ok) {
    throw new RangeError(`QR token: the caller passed a wrong field: ${parsed.reason}`);
  }
  return text;
}

/**
 * Takes the text of a QR code apart: `PR1.P.<keyId>.<cardNumber>.<signature>` as printed,
 * `PR1.A.<keyId>.<cardNumber>.<issuedAtSeconds>.<nonce>.<signature>` from the app.
 *
 * It does not check the signature; {@link verifyQrToken} does, with the key that `keyId` names.
 */
export function parseQrToken(
  text: string,
): { ok: true; token: QrToken } | { ok: false; reason: QrTokenRefusal } {
  if (text.length > MAX_QR_TOKEN_LENGTH) return refused("too-long");
  const parts = text.split(".");
  const [programme, kind, keyId = "", cardNumber = ""] = parts;
  if (programme !== PROGRAMME_AND_VERSION) return refused("other-programme");
  if (kind !== "P" && kind !== "A") return refused("unknown-kind");
  if (parts.length !== (kind === "P" ? 5 : 7)) return refused("wrong-parts");
  if (!KEY_ID_TEXT.test(keyId)) return refused("key-id");
  if (!isCardNumber(cardNumber)) return refused("card-number");
  const signature = decodeBase32(parts.at(-1) ?? "");
  if (signature?.byteLength !== ED25519_SIGNATURE_BYTES) return refused("signature");
  const signedText = parts.slice(0, -1).join(".");
  const common = { keyId, cardNumber, signedText, signature };
  if (kind === "P") return { ok: true, token: { kind: "printed", ...common } };

  const [issuedAt = "", nonceText = ""] = parts.slice(4);
  if (!SECONDS_TEXT.test(issuedAt)) return refused("issued-at");
  const nonce = decodeBase32(nonceText);
  if (nonce?.byteLength !== QR_NONCE_BYTES) return refused("nonce");
  return { ok: true, token: { kind: "app", ...common, issuedAtSeconds: Number(issuedAt), nonce } };
}

/** Whether a parsed token carries the signature of the issuer's key. */
export function verifyQrToken(options: { token: QrToken; publicKey: KeyObject }): boolean {
  const { token, publicKey } = options;
  const message = Buffer.from(token.signedText, "ascii");
  return ed25519Verify({ publicKey, message, signature: token.signature });
}

function textToSign(token: QrTokenContent): string {
  const { keyId, cardNumber } = token;
  if (token.kind === "printed") return [PROGRAMME_AND_VERSION, "P", keyId, cardNumber].join(".");
  const own = [token.issuedAtSeconds, encodeBase32(token.nonce)];
  return [PROGRAMME_AND_VERSION, "A", keyId, cardNumber, ...own].join(".");
}

function refused(reason: QrTokenRefusal): { ok: false; reason: QrTokenRefusal } {
  return { ok: false, reason };
}
