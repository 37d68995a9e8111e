// Bytes as RFC 4648 base32 without padding, which a QR code stores in its small alphanumeric form.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BITS_PER_CHARACTER = 5;

/** The bytes as base32 without padding (RFC 4648 section 6). */
export function encodeBase32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let bitCount = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    bitCount += 8;
    while (bitCount >= BITS_PER_CHARACTER) {
      bitCount -= BITS_PER_CHARACTER;
      text += ALPHABET.charAt(bits >>> bitCount);
      bits &= (1 << bitCount) - 1;
    }
  }
  return bitCount === 0 ? text : text + ALPHABET.charAt(bits << (BITS_PER_CHARACTER - bitCount));
}

/**
 * The bytes of a base32 text without padding, or null when no bytes have exactly this text:
 * a character outside the upper-case alphabet, an impossible length, or spare bits that are set.
 */
export function decodeBase32(text: string): Buffer | null {
  const bytes: number[] = [];
  let bits = 0;
  let bitCount = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
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
