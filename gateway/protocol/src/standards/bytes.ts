// Hex text, byte comparison and length checks that every format of this folder needs.
import { timingSafeEqual } from "node:crypto";

const HEX_PAIRS = /^(?:[0-9A-Fa-f]{2})*$/;

/** The bytes as lower-case hex, two digits a byte. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/**
 * The bytes that a hex text of either case stands for; an empty text gives no bytes.
 *
 * @throws RangeError on an odd number of digits or anything that is not a hex digit. The text is
 * not quoted in the error, since it may be a key.
 */
export function fromHex(text: string): Buffer {
  if (!HEX_PAIRS.test(text)) {
    throw new RangeError(
      `hex: ${text.length} characters are not pairs of hex digits; the caller must pass hex text`,
    );
  }
  return Buffer.from(text, "hex");
}

/** Whether two byte strings are equal, in a time that depends on their lengths alone. */
export function equalConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

/**
 * Asserts that an argument has the length its standard fixes.
 *
 * @throws RangeError naming the argument, never its content.
 */
export function assertLength(options: {
  name: string;
  bytes: { readonly byteLength: number };
  length: number;
}): void {
  const { name, bytes, length } = options;
  if (bytes.byteLength !== length) {
    throw new RangeError(`${name}: the caller must pass ${length} bytes, not ${bytes.byteLength}`);
  }
}
