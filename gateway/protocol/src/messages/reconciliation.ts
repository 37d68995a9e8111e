// The messages of a till's day: its totals against the gateway's, and every move where they differ.

import { z } from "zod";
import { AttemptIdSchema, AvantageCodeSchema } from "../ids.js";
import { UNITS } from "../money.js";
import { wordOf } from "./readable.js";

/** The most moves that one answer lists; the next page has the others. */
export const MOVES_PER_PAGE = 1_000;

/** The most avantages that a till's totals may name. */
const TOTALS_MAX = 100;
const PAGES_MAX = 1_000;

const CountedSchema = z.strictObject({
  count: z.int().min(0),
  value: z.int().min(0).describe("In the unit; zero for what is only recorded."),
});

/** What one till did with one avantage on one Paris day. */
const TotalFields = {
  avantage: AvantageCodeSchema,
  sales: CountedSchema.describe("Taken on this day: final sales, captures and recorded uses."),
  reversals: CountedSchema.describe("Given back on this day by reversals of what had been taken."),
  refunds: CountedSchema.describe("Given back on this day by refunds that this till made."),
};

export const TillTotalSchema = z.object({ ...TotalFields, unit: wordOf(UNITS) });
export type TillTotal = z.infer<typeof TillTotalSchema>;

/** `POST /v1/reconciliations`. A sale counts on the Paris day on which the gateway decided it. */
export const ReconciliationRequestSchema = z.strictObject({
  day: z.iso.date().describe("Paris civil date."),
  totals: z
    .array(z.strictObject({ ...TotalFields, unit: z.enum(UNITS) }))
    .max(TOTALS_MAX)
    .describe("What the terminal's journal comes to, one for each avantage."),
  page: z.int().min(0).max(PAGES_MAX).optional().describe("Of the moves; the first is 0."),
});
export type ReconciliationRequest = z.infer<typeof ReconciliationRequestSchema>;

/** One move of a till's day, as the gateway has it. */
export const TillMoveSchema = z.object({
  kind: wordOf(["sale", "reversal", "refund"]),
  saleId: AttemptIdSchema,
  refundId: AttemptIdSchema.optional(),
  avantage: AvantageCodeSchema,
  unit: wordOf(UNITS),
  value: z.int().min(0).describe("In the unit; zero for what is only recorded."),
  atMs: z.int().min(0),
});
export type TillMove = z.infer<typeof TillMoveSchema>;

export const ReconciliationAnswerSchema = z.object({
  day: z.iso.date(),
  terminalId: z.string(),
  agreed: z.boolean().describe("Whether the totals are the same."),
  totals: z.array(TillTotalSchema).describe("The gateway's."),
  held: z.int().min(0).describe("Authorizations of this till that wait for their capture now."),
  moves: z
    .array(TillMoveSchema)
    .describe("Where the totals differ, in the order of their making: one page of them."),
  morePages: z.boolean(),
});
export type ReconciliationAnswer = z.infer<typeof ReconciliationAnswerSchema>;
