// The form of the programme's data: every rule carries its id and where it comes from.

import {
  AvantageCodeSchema,
  CHANNELS,
  PURCHASE_CENTS_MAX,
  QUANTITY_MAX,
  UNITS,
} from "@pass-tpe/protocol";
import { isSEPACountry, isValidBIC, isValidIBAN } from "ibantools";
import { z } from "zod";

const FAMILIES = ["SCOLAIRE", "CULTURE", "SPORT", "SANTE"] as const;

const DaySchema = z.iso.date();
const WordSchema = z
  .string()
  .regex(/^[A-Za-z0-9_]+$/, { error: "must be a word of A-Z, 0-9 and _" });
const WordsSchema = z.array(WordSchema).min(1);

/**
 * Where a rule comes from: a sentence of the source, word for word; a reading of it where it is silent or ambiguous;
 * and what of it, or all of it, is invented.
 */
const Provenance = {
  source: z.string().min(1).optional(),
  reading: z.string().min(1).optional(),
  invented: z.string().min(1).optional(),
};

const RULE_ID = z
  .string()
  .regex(/^[A-Z0-9_]+(\/[A-Za-z0-9_.-]+)*$/, { error: "must be like CINEMA/copay" });

function rule<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject({ id: RULE_ID, ...shape, ...Provenance });
}

const CampaignRuleSchema = z.discriminatedUnion("kind", [
  rule({
    kind: z.literal("window"),
    family: z.enum(FAMILIES),
    firstDay: DaySchema.nullable(),
    lastDay: DaySchema,
  }),
  rule({ kind: z.literal("ordersFrom"), day: DaySchema }),
  rule({ kind: z.literal("validationsFrom"), day: DaySchema }),
  rule({ kind: z.literal("conventionGrace"), endedOn: DaySchema, untilDay: DaySchema }),
]);
export type CampaignRuleData = z.infer<typeof CampaignRuleSchema>;

const CriteriaSchema = z.strictObject({
  /** Campaigns by code; without it the rule is for every campaign that the programme has or will have. */
  campaign: z.array(z.string().min(1)).min(1).optional(),
  status: WordsSchema.optional(),
  level: WordsSchema.optional(),
  track: WordsSchema.optional(),
  flags: WordsSchema.optional(),
  commitment: WordsSchema.optional(),
  proofs: WordsSchema.optional(),
});
export type CriteriaData = z.infer<typeof CriteriaSchema>;

const YearsSchema = z.int().min(0).max(120);

const AvantageRuleSchema = z.discriminatedUnion("kind", [
  rule({ kind: z.literal("window"), family: z.enum(FAMILIES) }),
  rule({ kind: z.literal("ownWindow"), months: z.int().min(1).max(240) }),
  rule({ kind: z.literal("withoutGrant") }),
  rule({
    kind: z.literal("grant"),
    amount: z.int().min(0),
    when: CriteriaSchema.default({}),
    onlyAt: WordSchema.optional(),
  }),
  rule({
    kind: z.literal("grantByFormation"),
    when: CriteriaSchema.default({}),
    totalCentsMin: z.int().min(1),
    totalCentsMax: z.int().min(1),
  }),
  rule({ kind: z.literal("singleUse") }),
  rule({ kind: z.literal("individual") }),
  rule({ kind: z.literal("copay"), centsPerUnit: z.int().min(1) }),
  rule({ kind: z.literal("partner"), type: WordSchema, flag: WordSchema.optional() }),
  rule({ kind: z.literal("channels"), channels: z.array(z.enum(CHANNELS)).min(1) }),
  rule({ kind: z.literal("unitsPerSaleMax"), units: z.int().min(1).max(QUANTITY_MAX) }),
  rule({ kind: z.literal("purchaseMax"), cents: z.int().min(1).max(PURCHASE_CENTS_MAX) }),
  rule({ kind: z.literal("declaredValue") }),
  rule({ kind: z.literal("sameVisit"), seconds: z.int().min(1).max(86_400) }),
  rule({ kind: z.literal("age"), fromYears: YearsSchema, toYears: YearsSchema }),
  rule({ kind: z.literal("outsideSuspension") }),
  rule({
    kind: z.literal("reimbursed"),
    by: z.enum(["debit", "tariff", "convention", "nothing"]),
    tariffCentsPerUnit: z.int().min(1).optional(),
  }),
  rule({ kind: z.literal("heldForPapers") }),
]);
export type AvantageRuleData = z.infer<typeof AvantageRuleSchema>;

const AvantageSchema = z.strictObject({
  code: AvantageCodeSchema,
  label: z.string().min(1),
  unit: z.enum(UNITS),
  rules: z.array(AvantageRuleSchema),
});
export type AvantageData = z.infer<typeof AvantageSchema>;

const FormationSchema = z.strictObject({
  code: WordSchema,
  label: z.string().min(1),
  ...Provenance,
  versements: z
    .array(
      z.strictObject({
        no: z.int().min(1).max(2),
        level: WordSchema,
        amountCents: z.int().min(1),
      }),
    )
    .min(1)
    .max(2),
});

const CentsSchema = z.int().min(1);
const GenerationSchema = z.strictObject({
  code: z.string().min(1),
  nfc: z.enum(["sdm", "identifier"]),
  qr: z.enum(["signed", "number"]).default("signed"),
  ceilings: z.strictObject({ tapCents: CentsSchema, dayCents: CentsSchema }).nullable().optional(),
  ...Provenance,
});
export type GenerationData = z.infer<typeof GenerationSchema>;

/** Whose account reimbursements leave; an IBAN without spaces (ISO 13616), a BIC (ISO 9362). */
const PayerSchema = z.strictObject({
  name: z.string().min(1).max(70),
  iban: z
    .string()
    .refine(isSepaIban, { error: "must be an IBAN of a SEPA country, without spaces" }),
  bic: z
    .string()
    .refine(isUpperBic, { error: "must be a BIC in upper case" })
    .nullable()
    .default(null),
  ...Provenance,
});

function isSepaIban(text: string): boolean {
  return isValidIBAN(text) && isSEPACountry(text.slice(0, 2));
}

/** The library takes lower case too, and the payment file's schema does not. */
function isUpperBic(text: string): boolean {
  return text === text.toUpperCase() && isValidBIC(text);
}

const HOLD_MINUTES_MAX = 7 * 24 * 60;

export const ProgrammeDataSchema = z.strictObject({
  vocabulary: z.strictObject({
    status: WordsSchema,
    level: WordsSchema,
    track: WordsSchema,
    flags: WordsSchema,
    commitment: WordsSchema,
    proofs: WordsSchema,
    partnerTypes: WordsSchema,
    partnerFlags: WordsSchema,
  }),
  assumptions: z.array(z.strictObject({ about: z.string().min(1), ...Provenance })).default([]),
  campaigns: z
    .array(z.strictObject({ code: z.string().min(1), rules: z.array(CampaignRuleSchema).min(1) }))
    .min(1),
  avantages: z.array(AvantageSchema).min(1),
  formations: z.array(FormationSchema).default([]),
  generations: z.array(GenerationSchema),
  settings: z.strictObject({
    pinTriesMax: z.int().min(1).max(10).default(3),
    nfcRequiresPinDefined: z.boolean().default(true),
    accountUrl: z.url(),
    velocity: z
      .strictObject({
        salesMax: z.int().min(1).max(100),
        withinSeconds: z.int().min(1).max(86_400),
      })
      .nullable()
      .default(null),
    holdMinutes: z.int().min(1).max(HOLD_MINUTES_MAX).default(30),
    settlement: z
      .strictObject({
        lastWeekday: z.int().min(1).max(7).default(7),
        holdAll: z.boolean().default(false),
        payer: PayerSchema.nullable().default(null),
      })
      .prefault({}),
  }),
});

/** The programme as it is written. */
export type ProgrammeData = z.input<typeof ProgrammeDataSchema>;
/** The programme as it is checked, defaults filled in. */
export type CheckedProgrammeData = z.output<typeof ProgrammeDataSchema>;
