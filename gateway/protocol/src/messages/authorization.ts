// The messages of a sale: request, decision, status and reversal.

import { z } from "zod";
import { AttemptIdSchema, AvantageCodeSchema } from "../ids.js";
import { EvidenceSchema } from "./evidence.js";
import { DEADLINE_MS_MAX, DEADLINE_MS_MIN } from "./limits.js";
import { helpful, wordOf } from "./readable.js";

/** A PIN beside a tap is collected for a step-up alone. */
function isProofWithPin(evidence: z.infer<typeof EvidenceSchema>): boolean {
  return evidence.type === "proofRef" && evidence.pinBlock !== undefined;
}

const DeadlineSchema = z.int().min(DEADLINE_MS_MIN).max(DEADLINE_MS_MAX);

/** `POST /v1/authorizations`. Unknown fields are refused. Amounts at or below zero are declined, with their code. */
export const AuthorizationRequestSchema = z
  .strictObject({
    id: AttemptIdSchema,
    evidence: EvidenceSchema,
    avantage: AvantageCodeSchema,
    purchaseCents: z
      .int()
      .optional()
      .describe(
        "Price of the goods. Needed where the avantage is in euros; a declared value where it is recorded with one.",
      ),
    quantity: z
      .int()
      .optional()
      .describe("How many seats or coupons. Needed where the avantage is counted."),
    exact: z.boolean().optional().describe("Refuse instead of covering a part of the purchase."),
    capture: z
      .boolean()
      .optional()
      .describe(
        "Default true: the sale is final. False: the amount is held until it is captured, reversed, or the hold expires.",
      ),
    deadlineMs: DeadlineSchema.optional().describe(
      "After this time the gateway declines. Default 4,000.",
    ),
    stepUpOf: AttemptIdSchema.optional().describe(
      "The tap that was declined as PIN_REQUIRED. The evidence is then its proofRef, with the PIN. Noted, and not compared with the tap: what binds them is the proofRef, which is this terminal's, and the PIN block, which is made for it.",
    ),
  })
  .refine(({ evidence, stepUpOf }) => isProofWithPin(evidence) === (stepUpOf !== undefined), {
    path: ["stepUpOf"],
    error: "goes with a proofRef and a PIN block, and they with it",
  });

export type AuthorizationRequest = z.infer<typeof AuthorizationRequestSchema>;

/** `POST /v1/inquiries`: what this card can use here, and how much of a purchase it would cover. */
export const InquiryRequestSchema = z
  .strictObject({
    id: AttemptIdSchema,
    evidence: EvidenceSchema,
    avantage: AvantageCodeSchema.optional().describe("Ask about this avantage alone."),
    purchaseCents: z.int().optional(),
    quantity: z.int().optional(),
    deadlineMs: DeadlineSchema.optional(),
  })
  .refine(({ evidence }) => !isProofWithPin(evidence), {
    path: ["evidence", "pinBlock"],
    error: "goes with a sale that names stepUpOf, and with nothing else",
  });
export type InquiryRequest = z.infer<typeof InquiryRequestSchema>;

/** `POST /v1/authorizations/{id}/reversal`. `automatic` leaves a tombstone for an id that has not been seen. */
export const ReversalRequestSchema = z.strictObject({
  reason: z.enum(["automatic", "manual"]),
});
export type ReversalRequest = z.infer<typeof ReversalRequestSchema>;

/** `POST /v1/authorizations/{id}/capture`. Without an amount, everything that is held. */
export const CaptureRequestSchema = z.strictObject({
  amountCents: z.int().optional().describe("Where the avantage is in euros: at most what is held."),
  quantity: z.int().optional().describe("Where it is counted: at most what is held."),
});
export type CaptureRequest = z.infer<typeof CaptureRequestSchema>;

/** `POST /v1/authorizations/{id}/refunds`. Without an amount, everything that can still be given back. */
export const RefundRequestSchema = z.strictObject({
  id: AttemptIdSchema.describe("The refund's own id: the same one again gives back nothing more."),
  amountCents: z.int().optional().describe("Where the avantage is in euros."),
  quantity: z.int().optional().describe("Where it is counted."),
});
export type RefundRequest = z.infer<typeof RefundRequestSchema>;

export const AmountSchema = z.object({
  unit: z.enum(["EUR_CENT", "SEAT", "COUPON"]),
  value: z.int().min(0),
});

const LinesSchema = z.tuple([z.string(), z.string()]);

/** What every decision says, approved or declined. Read tolerantly: unknown codes degrade by `iso39`. */
export const DecisionSchema = z.object({
  id: AttemptIdSchema,
  outcome: z.enum(["approved", "declined"]),
  code: z.string().describe("Public result code."),
  iso39: z.string().describe("ISO 8583:1987 field 39."),
  display: LinesSchema.describe("Two till lines of at most 32 characters."),
  display20: LinesSchema.describe("Two till lines of at most 20 characters."),
  message: z.string().describe("For the young person, in French."),
  retry: z.string().describe("Whether and how a new try is worth it."),
  reason: helpful(z.string()).describe("Which case of the code it is, where that helps to act."),
  retryAfterMs: helpful(z.int().min(0)),
  decidedAtMs: z.int().min(0).describe("The gateway's clock, Unix milliseconds."),
  available: helpful(AmountSchema).describe(
    "What could still be taken, on a decline that can be amended.",
  ),
  proofRef: helpful(z.string()).describe(
    "Stands for this presentation for a minute, at this terminal, once.",
  ),
  proofExpiresAtMs: helpful(z.int().min(0)).describe(
    "When proofRef ends, a minute after the presentation itself, by the gateway's clock: compare it with decidedAtMs.",
  ),
  holder: helpful(z.string()).describe("First name and initial, to compare with the card's face."),
});

/** One avantage as an inquiry shows it. */
export const AvantageViewSchema = z.object({
  avantage: AvantageCodeSchema,
  label: z.string(),
  unit: z.string(),
  state: wordOf(["open", "notOpen", "closed", "exhausted"]),
  remaining: helpful(AmountSchema),
  usableFrom: helpful(z.iso.date()).describe("First day, Paris civil date."),
  usableUntil: helpful(z.iso.date()).describe(
    "Last day on which it can be used, Paris civil date.",
  ),
  coversCents: helpful(z.int().min(0)),
  coversQuantity: helpful(z.int().min(0)),
  collectCents: helpful(z.int().min(0)),
});
export type AvantageView = z.infer<typeof AvantageViewSchema>;

const ReceiptFieldsSchema = helpful(
  z.object({
    reference: z.string(),
    avantageLabel: z.string(),
    cardLastFour: z.string(),
    channel: z.string(),
  }),
);

export const AuthorizationAnswerSchema = DecisionSchema.extend({
  avantage: AvantageCodeSchema,
  amountCents: z.int().min(0).optional().describe("Taken from the card, in cents."),
  quantity: z.int().min(0).optional().describe("Taken from the card, in seats or coupons."),
  collectCents: z
    .int()
    .min(0)
    .optional()
    .describe("Still to be paid by the young person at the till."),
  remaining: helpful(AmountSchema).describe(
    "Left on the avantage. For the holder's copy, not the merchant's.",
  ),
  declaredCents: helpful(z.int().min(0)).describe(
    "The declared value of a record: said, not taken.",
  ),
  usableHere: helpful(z.array(AvantageViewSchema)).describe(
    "On a decline of this avantage: the others that this card can use here now.",
  ),
  holdExpiresAtMs: helpful(z.int().min(0)).describe(
    "What is held, and not yet taken, is free again from this instant on: capture before it.",
  ),
  receipt: ReceiptFieldsSchema,
});
export type AuthorizationAnswer = z.infer<typeof AuthorizationAnswerSchema>;

export const InquiryAnswerSchema = DecisionSchema.extend({
  avantages: z.array(AvantageViewSchema),
});
export type InquiryAnswer = z.infer<typeof InquiryAnswerSchema>;

export const ReversalAnswerSchema = DecisionSchema.extend({
  returned: helpful(AmountSchema).describe(
    "Given back to the grant. Absent for a tombstone or a record.",
  ),
});
export type ReversalAnswer = z.infer<typeof ReversalAnswerSchema>;

/** The answer to a capture. Its `id` is the authorization's. */
export const CaptureAnswerSchema = DecisionSchema.extend({
  avantage: helpful(AvantageCodeSchema),
  amountCents: z.int().min(0).optional().describe("Taken from the card, in cents."),
  quantity: z.int().min(0).optional().describe("Taken from the card, in seats or coupons."),
  collectCents: helpful(z.int().min(0)).describe(
    "To be paid by the young person at the till; absent where less was captured than was held, in euros.",
  ),
  released: helpful(AmountSchema).describe("Held and not captured: free again."),
  remaining: helpful(AmountSchema).describe(
    "Left on the avantage. For the holder's copy, not the merchant's.",
  ),
  receipt: ReceiptFieldsSchema,
});
export type CaptureAnswer = z.infer<typeof CaptureAnswerSchema>;

/** The answer to a refund. Its `id` is the refund's own. */
export const RefundAnswerSchema = DecisionSchema.extend({
  of: AttemptIdSchema.describe("The authorization that it refunds."),
  avantage: helpful(AvantageCodeSchema),
  returned: helpful(AmountSchema).describe("Given back to the grant that it came from."),
  refundable: helpful(AmountSchema).describe("What of this sale can still be given back."),
  usableUntil: helpful(z.iso.date()).describe(
    "Last day on which it can be used, Paris civil date. A day that is over: it is given back, and cannot be used any more.",
  ),
  receipt: ReceiptFieldsSchema,
});
export type RefundAnswer = z.infer<typeof RefundAnswerSchema>;

/** `GET /v1/authorizations/{id}`: the stored answer, and what has become of it. */
export const StatusAnswerSchema = z.object({
  id: AttemptIdSchema,
  state: wordOf(["approved", "held", "declined", "reversed", "expired"]),
  answer: AuthorizationAnswerSchema.optional().describe(
    "Absent where a reversal came before its original.",
  ),
  reversal: ReversalAnswerSchema.optional(),
  capture: helpful(CaptureAnswerSchema),
  refunds: helpful(z.array(RefundAnswerSchema)),
});
export type StatusAnswer = z.infer<typeof StatusAnswerSchema>;
export type Decision = z.infer<typeof DecisionSchema>;
