// The code that an operator reads out to enrol a terminal: a secret of one use, and which authority to trust with it.

import { createHash } from "node:crypto";
import { CROCKFORD, decodeBase32, encodeBase32 } from "./base32.js";
import { assertLength } from "./bytes.js";

/** Random bytes of a code's secret: 80 bits that live for an hour are not guessed over a network. */
export const ACTIVATION_SECRET_BYTES = 10;
/** Bytes of the authority's SHA-256 in a code: to forge an authority that has them takes 2^80 tries. */
export const AUTHORITY_HASH_BYTES = 10;

const BITS_PER_CHARACTER = 5;
const SECRET_CHARACTERS = (ACTIVATION_SECRET_BYTES * 8) / BITS_PER_CHARACTER;
const CODE_CHARACTERS = ((ACTIVATION_SECRET_BYTES + AUTHORITY_HASH_BYTES) * 8) / BITS_PER_CHARACTER;
const GROUP_CHARACTERS = 4;
/** A code with a separator after each character is shorter than this; what is longer is none. */
const TYPED_CHARACTERS_MAX = 3 * CODE_CHARACTERS;

/** A secret in its one canonical spelling, as it travels and as its digest is taken. */
export const ACTIVATION_SECRET_PATTERN = new RegExp(`^[${CROCKFORD}]{${SECRET_CHARACTERS}}$`);

export interface ActivationCode {
  /** 16 characters of Crockford's base32, upper case. */
  readonly secret: string;
  /** The first bytes of SHA-256 of the authority's certificate, {@link AUTHORITY_HASH_BYTES} of them. */
  readonly authorityHash: Buffer;
}

/** The canonical spelling of a secret. @throws RangeError unless it is {@link ACTIVATION_SECRET_BYTES} bytes. */
export function activationSecret(bytes: Uint8Array): string {
  assertLength({ name: "bytes", bytes, length: ACTIVATION_SECRET_BYTES });
  return encodeBase32(bytes, CROCKFORD);
}

/** What of an authority stands in a code. @param der its certificate, DER. */
export function authorityHash(der: Uint8Array): Buffer {
  return createHash("sha256").update(der).digest().subarray(0, AUTHORITY_HASH_BYTES);
}

/**
 * A code as it is shown: eight groups of four characters, joined by "-".
 *
 * @throws RangeError where the secret is not canonical or the hash has another length; neither is quoted.
 */
export function formatActivationCode(code: ActivationCode): string {
  if (!ACTIVATION_SECRET_PATTERN.test(code.secret)) {
    throw new RangeError("secret: the caller must pass the canonical spelling of a secret");
  }
  assertLength({ name: "authorityHash", bytes: code.authorityHash, length: AUTHORITY_HASH_BYTES });
  const text = code.secret + encodeBase32(code.authorityHash, CROCKFORD);
  const groups: string[] = [];
  for (let at = 0; at < text.length; at += GROUP_CHARACTERS) {
    groups.push(text.slice(at, at + GROUP_CHARACTERS));
  }
  return groups.join("-");
}

/**
 * A code as somebody typed it: in either case, with or without spaces and dashes, O for 0 and I or L for 1.
 * Null where it is no code.
 */
export function parseActivationCode(text: string): ActivationCode | null {
  if (text.length > TYPED_CHARACTERS_MAX) return null;
  const characters = text
    .toUpperCase()
    .replace(/[\s-]/g, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
  if (characters.length !== CODE_CHARACTERS) return null;
  const bytes = decodeBase32(characters, CROCKFORD);
  if (bytes === null) return null;
  return {
    secret: characters.slice(0, SECRET_CHARACTERS),
    authorityHash: bytes.subarray(ACTIVATION_SECRET_BYTES),
  };
}
