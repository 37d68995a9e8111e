// The messages by which a terminal gets its certificate and its PIN key, and gets them anew before they end.

import { z } from "zod";
import { ACTIVATION_SECRET_PATTERN } from "../standards/activation-code.js";

/** A certificate request for an RSA key of 4,096 bits is below 2 KiB. */
export const CERTIFICATE_REQUEST_CHARACTERS_MAX = 8 * 1024;

const CertificateRequestSchema = z
  .string()
  .min(1)
  .max(CERTIFICATE_REQUEST_CHARACTERS_MAX)
  .describe("PKCS#10, PEM, RSA of 2,048 to 4,096 bits. Only its public key is taken.");

/** `POST /v1/terminals/enrolments`, the one request that needs no client certificate. */
export const EnrolmentRequestSchema = z.strictObject({
  secret: z
    .string()
    .regex(ACTIVATION_SECRET_PATTERN, { error: "must be the secret of an activation code" })
    .describe("The first half of the activation code, 16 characters."),
  csr: CertificateRequestSchema,
});
export type EnrolmentRequest = z.infer<typeof EnrolmentRequestSchema>;

const PinKeySchema = z.object({
  initialKeyId: z.string().regex(/^[0-9A-F]{16}$/),
  wrappedKey: z.base64().describe("The initial key, RSA-OAEP with SHA-256 for this terminal."),
});

/** What a terminal is from now on. */
export const EnrolmentAnswerSchema = z.object({
  terminalId: z.string(),
  pointOfSaleId: z.string(),
  ca: z.string().describe("The gateway's authority, PEM."),
  certificate: z.string().describe("PEM."),
  certificateExpiresAtMs: z.int().min(0),
  pinKey: PinKeySchema,
  serverTimeMs: z.int().min(0),
});
export type EnrolmentAnswer = z.infer<typeof EnrolmentAnswerSchema>;

/** `POST /v1/terminal/renewal`. */
export const RenewalRequestSchema = z.strictObject({
  csr: CertificateRequestSchema,
  pinKey: z
    .enum(["new", "keep"])
    .optional()
    .describe(
      "`new`, also by default: a PIN key comes with the certificate and replaces the one in use. `keep`: for a PIN pad " +
        "that takes no key from an answer; the one in use stays, if there is one.",
    ),
});
export type RenewalRequest = z.infer<typeof RenewalRequestSchema>;

/** What a terminal is once it confirms. */
export const RenewalAnswerSchema = EnrolmentAnswerSchema.extend({
  pinKey: PinKeySchema.optional().describe("Not there where the terminal keeps the one it has."),
});
export type RenewalAnswer = z.infer<typeof RenewalAnswerSchema>;

/** `POST /v1/terminal/renewal/confirmation`, called with the new certificate. */
export const RenewalConfirmationRequestSchema = z.strictObject({});
export type RenewalConfirmationRequest = z.infer<typeof RenewalConfirmationRequestSchema>;

export const RenewalConfirmationAnswerSchema = z.object({
  terminalId: z.string(),
  certificateExpiresAtMs: z.int().min(0),
});
export type RenewalConfirmationAnswer = z.infer<typeof RenewalConfirmationAnswerSchema>;
