// The fields of events as they are sent: each with its bounds, and the two numbers of a card kept apart.

import { AvantageCodeSchema, PURCHASE_CENTS_MAX } from "@pass-tpe/protocol";
import { CARD_NUMBER_DIGITS, isCardNumber } from "@pass-tpe/protocol/standards";
import { z } from "zod";
import { daysForPapers } from "../core/loading/papers.js";

const TEXT_LENGTH_MAX = 120;
const HOLDER_LENGTH_MAX = 60;
/** The most words, avantages or flags that one event may list. */
const LIST_MAX = 50;
const COUPONS_MAX = 1_000;

const DOSSIER_NUMBER = /^[A-Z0-9-]{4,32}$/;
const CARD_NUMBER_SHAPE = new RegExp(`^[0-9]{${CARD_NUMBER_DIGITS}}$`);

/** Lower-case alone, so that ids can be compared as text. */
export const EventIdSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, {
    error: "must be a UUID in lower case",
  });

/** The numéro de dossier of a young person. The card bears another number beside it, and neither stands for the other (T-17). */
export const BeneficiarySchema = z
  .string()
  .regex(DOSSIER_NUMBER, {
    abort: true,
    error: "must be a numéro de dossier: 4 to 32 of A-Z, 0-9 and -",
  })
  .refine((text) => !CARD_NUMBER_SHAPE.test(text), {
    error:
      "is a numéro de carte; give the numéro de dossier, which stands beside it on the back of the card",
  });

/** The numéro de carte (T-17). */
export const CardNumberSchema = z
  .string()
  .refine((text) => CARD_NUMBER_SHAPE.test(text) || !DOSSIER_NUMBER.test(text), {
    abort: true,
    error: `looks like a numéro de dossier; give the numéro de carte, ${CARD_NUMBER_DIGITS} digits`,
  })
  .refine(isCardNumber, {
    error: `must be a numéro de carte: ${CARD_NUMBER_DIGITS} digits, the last of which is the check digit`,
  });

/** A card as its maker knows it. */
export const CardSchema = z.strictObject({
  number: CardNumberSchema,
  uid: z
    .string()
    .regex(/^[0-9A-Fa-f]{14}$/, { error: "must be the chip's 7 bytes in hex" })
    .toLowerCase()
    .nullable(),
  generation: z
    .string()
    .min(1)
    .max(TEXT_LENGTH_MAX)
    .refine((text) => !isCardNumber(text), { error: "is a numéro de carte, not a generation" }),
});

/** First name and initial, as the card's face is compared with; nothing longer is taken (data minimisation). */
export const HolderSchema = z
  .string()
  .max(HOLDER_LENGTH_MAX)
  .regex(/^\p{L}[\p{L}\p{M}'’ -]* \p{Lu}\.$/u, {
    error: "must be a first name and an initial, such as Camille D.",
  });

/** Paris civil date. */
export const DaySchema = z.iso.date();
/** An instant with its offset from UTC. */
export const InstantSchema = z.iso.datetime({ offset: true });
/** What comes back in refusals and stands in the audit trail is never a card's number, which is kept encrypted alone. */
function noCardNumber(schema: z.ZodString) {
  const error = "is a numéro de carte, which stands in a card's own field alone";
  return schema.refine((text) => !isCardNumber(text), { error });
}
/** A partner's, point of sale's, établissement's or decision's own reference. */
export const ReferenceSchema = noCardNumber(
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/:-]{0,63}$/, {
    error: "must be 1 to 64 of A-Z, a-z, 0-9 and . _ / : -",
  }),
);
export const NameSchema = z.string().trim().min(1).max(TEXT_LENGTH_MAX);
/** A word of the programme; which ones there are is data. */
export const WordSchema = noCardNumber(
  z.string().regex(/^[A-Za-z0-9_]{1,60}$/, { error: "must be a word of A-Z, a-z, 0-9 and _" }),
);
export const WordsSchema = z.array(WordSchema).max(LIST_MAX);
/** A campaign's code, for instance `2022/2023`. */
export const CampaignSchema = noCardNumber(
  z.string().regex(/^[A-Za-z0-9/_-]{1,40}$/, {
    error: "must be a campaign's code such as 2022/2023",
  }),
);
export const AvantageSchema = AvantageCodeSchema;
export const ScopeSchema = z.union([
  z.literal("ALL"),
  z.array(AvantageCodeSchema).min(1).max(LIST_MAX),
]);
export const CouponCountSchema = z.int().min(0).max(COUPONS_MAX);
/** A school year, 1 September to 31 August. */
export const SchoolYearSchema = z.string().refine((text) => daysForPapers(text) !== null, {
  error: "must be a school year: two years that follow each other, such as 2022/2023",
});
/** In cents for each unit, by avantage. */
export const TariffsSchema = z.record(
  AvantageCodeSchema,
  z.int({ error: "must be in whole cents" }).min(1).max(PURCHASE_CENTS_MAX),
);
