// One-time codes by the clock (RFC 6238): the product's app codes are signed instead, so this stands on HMAC alone.
import { createHmac } from "node:crypto";

/** The code of an instant, with SHA-256. Source: RFC 6238 section 4, RFC 4226 section 5.3. */
export function totp(options: {
  secret: Uint8Array;
  timeS: number;
  stepS: number;
  digits: number;
}): string {
  const { secret, timeS, stepS, digits } = options;
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(timeS / stepS)));
  const digest = createHmac("sha256", secret).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}
