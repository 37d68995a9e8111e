// Events about a partner, as they are sent. What each of them means stands in core/loading/event.ts.

import { z } from "zod";
import {
  AvantageSchema,
  BeneficiarySchema,
  DaySchema,
  EventIdSchema,
  InstantSchema,
  NameSchema,
  ReferenceSchema,
  WordsSchema,
} from "./fields.js";

const about = { id: EventIdSchema, partner: ReferenceSchema };

/** First and last day are Paris civil dates, both included. */
const ConventionSchema = z
  .strictObject({
    reference: ReferenceSchema,
    state: z.enum(["REQUESTED", "SENT_FOR_SIGNATURE", "SIGNED", "IN_FORCE", "TERMINATED"]),
    firstDay: DaySchema,
    lastDay: DaySchema,
    signature: z.strictObject({ reference: ReferenceSchema, at: InstantSchema }).nullable(),
  })
  .refine(({ firstDay, lastDay }) => firstDay <= lastDay, {
    path: ["lastDay"],
    error: "is before firstDay",
  });

export const PARTNER_EVENTS = [
  z.strictObject({
    ...about,
    type: z.literal("partner.saved"),
    name: NameSchema,
    status: z.enum(["active", "suspended"]),
    types: WordsSchema,
    flags: WordsSchema,
  }),
  z.strictObject({
    ...about,
    type: z.literal("pointOfSale.saved"),
    pointOfSale: ReferenceSchema,
    name: NameSchema,
    city: NameSchema,
  }),
  z.strictObject({
    ...about,
    type: z.literal("convention.saved"),
    convention: ConventionSchema,
  }),
  z.strictObject({ ...about, type: z.literal("agrement.given"), avantage: AvantageSchema }),
  z.strictObject({ ...about, type: z.literal("agrement.withdrawn"), avantage: AvantageSchema }),
  z.strictObject({
    ...about,
    type: z.literal("incivility.reported"),
    report: ReferenceSchema,
    beneficiary: BeneficiarySchema,
    receivedOn: DaySchema,
  }),
] as const;
