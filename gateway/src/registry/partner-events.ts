// Events about a partner, as they are sent. What each of them means stands in core/loading/event.ts.

import { z } from "zod";
import { EQUIPMENT_TYPES, JUSTIFICATIF_KINDS } from "../core/settlement/model.js";
import { BankAccountSchema } from "./bank-fields.js";
import {
  AvantageSchema,
  BeneficiarySchema,
  DaySchema,
  EventIdSchema,
  InstantSchema,
  NameSchema,
  ReferenceSchema,
  SchoolYearSchema,
  TariffsSchema,
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
    tariffs: TariffsSchema.optional(),
  })
  .refine(({ firstDay, lastDay }) => firstDay <= lastDay, {
    path: ["lastDay"],
    error: "is before firstDay",
  });

/** An empty list is an answer too: not concerned. */
const EquipmentTypesSchema = z
  .array(z.enum(EQUIPMENT_TYPES))
  .max(EQUIPMENT_TYPES.length)
  .refine((types) => new Set(types).size === types.length, { error: "names a type twice" });

const PAPER_EVENTS = [
  z.strictObject({
    ...about,
    type: z.literal("bankAccount.saved"),
    account: BankAccountSchema,
  }),
  z.strictObject({
    ...about,
    type: z.literal("equipment.declared"),
    declaration: z.strictObject({ schoolYear: SchoolYearSchema, types: EquipmentTypesSchema }),
  }),
  z.strictObject({
    ...about,
    type: z.literal("justificatif.received"),
    justificatif: z.strictObject({
      reference: ReferenceSchema,
      schoolYear: SchoolYearSchema,
      kind: z.enum(JUSTIFICATIF_KINDS),
      receivedOn: DaySchema,
    }),
  }),
  z.strictObject({
    ...about,
    type: z.literal("justificatif.rejected"),
    reference: ReferenceSchema,
    rejectedOn: DaySchema,
  }),
] as const;

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
  ...PAPER_EVENTS,
  z.strictObject({
    ...about,
    type: z.literal("incivility.reported"),
    report: ReferenceSchema,
    beneficiary: BeneficiarySchema,
    receivedOn: DaySchema,
  }),
] as const;
