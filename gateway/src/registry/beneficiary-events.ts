// Events about a young person, as they are sent. What each of them means stands in core/loading/event.ts.

import { z } from "zod";
import {
  AvantageSchema,
  BeneficiarySchema,
  CampaignSchema,
  CardNumberSchema,
  CardSchema,
  CouponCountSchema,
  DaySchema,
  EventIdSchema,
  HolderSchema,
  ReferenceSchema,
  ScopeSchema,
  WordSchema,
  WordsSchema,
} from "./fields.js";

const about = { id: EventIdSchema, beneficiary: BeneficiarySchema };

export const CARD_EVENTS = [
  z.strictObject({
    ...about,
    type: z.literal("card.ordered"),
    holder: HolderSchema,
    etablissement: ReferenceSchema,
    campaign: CampaignSchema,
    charterAcceptedOn: DaySchema.nullable(),
  }),
  z.strictObject({ ...about, type: z.literal("card.made"), card: CardSchema }),
  z.strictObject({ ...about, type: z.literal("card.issued"), card: CardSchema }),
  z.strictObject({
    ...about,
    type: z.literal("card.replaced"),
    replacedCardNumber: CardNumberSchema,
    card: CardSchema,
  }),
  z.strictObject({
    ...about,
    type: z.literal("card.withdrawn"),
    cardNumber: CardNumberSchema,
    status: z.enum(["LOST", "STOLEN", "BLOCKED", "EXPIRED"]),
  }),
  z.strictObject({ ...about, type: z.literal("card.restored"), cardNumber: CardNumberSchema }),
] as const;

export const RIGHTS_EVENTS = [
  z.strictObject({
    ...about,
    type: z.literal("beneficiary.validated"),
    campaign: CampaignSchema,
    etablissement: ReferenceSchema,
    attributes: z.strictObject({
      status: WordSchema,
      level: WordSchema,
      track: WordSchema,
      formation: WordSchema.nullable(),
      flags: WordsSchema,
      birthDay: DaySchema.nullable(),
    }),
  }),
  z.strictObject({
    ...about,
    type: z.literal("beneficiary.moved"),
    etablissement: ReferenceSchema,
  }),
  z.strictObject({
    ...about,
    type: z.literal("commitment.fulfilled"),
    commitment: WordSchema,
    proofs: WordsSchema,
  }),
  z.strictObject({
    ...about,
    type: z.literal("coupons.loaded"),
    campaign: CampaignSchema,
    avantage: AvantageSchema,
    count: CouponCountSchema,
  }),
  z.strictObject({
    ...about,
    type: z.literal("grants.revoked"),
    campaign: CampaignSchema.nullable(),
    avantages: ScopeSchema,
  }),
  z.strictObject({
    ...about,
    type: z.literal("suspension.decided"),
    suspension: ReferenceSchema,
    campaign: CampaignSchema,
    avantages: ScopeSchema,
    decisionRef: ReferenceSchema,
  }),
  z.strictObject({
    ...about,
    type: z.literal("suspension.lifted"),
    suspension: ReferenceSchema,
    decisionRef: ReferenceSchema,
  }),
] as const;
