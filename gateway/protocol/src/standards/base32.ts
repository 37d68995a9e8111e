// Bytes as base32 without padding: of RFC 4648, which a QR code stores in its small alphanumeric form, or of Crockford.

const RFC_4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** Without I, L, O and U, so that a code can be read out and typed (crockford.com/base32). */
export const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BITS_PER_CHARACTER = 5;

/** The bytes as base32 without padding (RFC 4648 section 6), in the alphabet of that RFC or in another. */
export function encodeBase32(bytes: Uint8Array, alphabet: string = RFC_4648): string {
  let text = "";
  let bits = 0;
  let bitCount = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    bitCount += 8;
    while (bitCount >= BITS_PER_CHARACTER) {
      bitCount -= BITS_PER_CHARACTER;
      text += alphabet.charAt(bits >>> bitCount);
      bits &= (1 << bitCount) - 1;
    }
  }
  return bitCount === 0 ? text : text + alphabet.charAt(bits << (BITS_PER_CHARACTER - bitCount));
}

/**
 * The bytes of a base32 text without padding, or null when no bytes have exactly this text:
 * a character outside the alphabet, an impossible length, or spare bits that are set.
 */
export function decodeBase32(text: string, alphabet: string = RFC_4648): Buffer | null {
  const bytes: number[] = [];
  let bits = 0;
  let bitCount = 0;
  for (const character of text) {
    const value = alphabet.indexOf(character);
    if (value < 0) return null;
    bits = (bits << BITS_PER_CHARACTER) | value;
    bitCount += BITS_PER_CHARACTER;
    if (bitCount >= 8) {
      bitCount -= 8;
      bytes.push(bits >>> bitCount);
      bits &= (1 << bitCount) - 1;
    }
  }
  const isCanonical = bitCount < BITS_PER_CHARACTER && bits === 0;
  return isCanonical ? Buffer.from(bytes) : null;
}
