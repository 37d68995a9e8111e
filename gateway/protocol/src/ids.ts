// Identifiers: the attempt id that a terminal makes once and never changes, as a UUID version 7.

import { z } from "zod";

/** A UUIDv7 in its one canonical spelling (lower case), so that ids can be compared as text (RFC 9562 §5.7). */
export const AttemptIdSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, {
    error: "must be a UUID version 7 in lower case",
  });

/** The number of random bytes that {@link uuidV7} takes. */
export const UUID_V7_RANDOM_BYTES = 10;

/**
 * Makes a UUID version 7 from a clock reading and ten random bytes (RFC 9562 §5.7).
 *
 * @param nowMs Unix time in milliseconds, 48 bits.
 * @param random exactly {@link UUID_V7_RANDOM_BYTES} bytes.
 */
export function uuidV7(nowMs: number, random: Uint8Array): string {
  if (random.length !== UUID_V7_RANDOM_BYTES) throw new RangeError("uuidV7 takes ten random bytes");
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.set(random, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** An avantage's code as the catalogue gives it, for instance `SPECTACLE`. Which codes exist is data. */
export const AvantageCodeSchema = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{1,39}$/, { error: "must be an avantage code such as SPECTACLE" })
  // A PIN block or a key in the wrong field: what is asked for is stored and answered as it came.
  .refine((code) => !/^[0-9A-F]{32}$/.test(code), { error: "is 32 hex digits, not an avantage" });
