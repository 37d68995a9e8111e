// What a reader yields and a terminal sends to show that a card is present and, where asked, that its holder is.

import { z } from "zod";

/** An ISO 9564-1 format 4 block with the key serial number of its AES DUKPT key (ANSI X9.24-3-2017), in hex. */
export const PinBlockSchema = z.strictObject({
  ksn: z.string().regex(/^[0-9A-F]{24}$/, { error: "must be 24 upper-case hex digits" }),
  block: z.string().regex(/^[0-9A-F]{32}$/, { error: "must be 32 upper-case hex digits" }),
});

/** NFC, card generation with Secure Dynamic Messaging: the URI that the card made for this tap. Never a PIN. */
export const NfcMessageSchema = z.strictObject({
  type: z.literal("nfc"),
  message: z.string().min(1).max(256),
});

/** NFC, card generation without it: the static identifier (7 bytes, hex), which a phone can clone. Never a PIN. */
export const NfcIdentifierSchema = z.strictObject({
  type: z.literal("nfc"),
  identifier: z
    .string()
    .regex(/^[0-9A-F]{8,20}$/, { error: "must be 4 to 10 bytes of upper-case hex" }),
});

/** QR: the signed token and the PIN. Without a PIN block the answer is `PIN_REQUIRED`. */
export const QrEvidenceSchema = z.strictObject({
  type: z.literal("qr"),
  token: z.string().min(1).max(400),
  pinBlock: PinBlockSchema.optional(),
});

/** Keyed: the 16-digit card number (never the numéro de dossier) and the PIN. */
export const KeyedEvidenceSchema = z.strictObject({
  type: z.literal("keyed"),
  cardNumber: z.string().regex(/^[0-9]{16}$/, { error: "must be 16 digits" }),
  pinBlock: PinBlockSchema.optional(),
});

/**
 * A presentation that this terminal made less than a minute ago, so that nobody taps or types twice. With a PIN where
 * the tap was not enough (`stepUpOf`): its block is bound to `stepUpNumber(proofRef)`.
 */
export const ProofEvidenceSchema = z.strictObject({
  type: z.literal("proofRef"),
  proofRef: z
    .string()
    .regex(/^[A-Za-z0-9_-]{22}$/, { error: "must be a proofRef as an answer gave it" }),
  pinBlock: PinBlockSchema.optional(),
});

export const EvidenceSchema = z.union([
  NfcMessageSchema,
  NfcIdentifierSchema,
  QrEvidenceSchema,
  KeyedEvidenceSchema,
  ProofEvidenceSchema,
]);

export type PinBlock = z.infer<typeof PinBlockSchema>;
export type Evidence = z.infer<typeof EvidenceSchema>;

/** How the card was presented. `WEB` stands for the Espace partenaire, which shares the rules. */
export const CHANNELS = ["NFC", "QR", "KEYED", "WEB"] as const;
export type Channel = (typeof CHANNELS)[number];
