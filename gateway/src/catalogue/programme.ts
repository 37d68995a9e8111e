// Reads the programme's data: campaigns, avantages, card generations, settings. Checked by schema, hashed as loaded.

import { createHash } from "node:crypto";
import { AvantageCodeSchema, CHANNELS, UNITS } from "@pass-tpe/protocol";
import { z } from "zod";
import type { Campaign, Programme } from "../core/model.js";
import { windowOfDays } from "./civil-dates.js";

const FamilySchema = z.enum(["SCOLAIRE", "CULTURE", "SPORT", "SANTE"]);
const DaySchema = z.iso.date();

const DaysSchema = z.strictObject({ firstDay: DaySchema.nullable(), lastDay: DaySchema });

const CampaignSchema = z.strictObject({
  code: z.string().min(1),
  windows: z.partialRecord(FamilySchema, DaysSchema),
});

const AvantageSchema = z.strictObject({
  code: AvantageCodeSchema,
  label: z.string().min(1),
  family: FamilySchema.nullable(),
  unit: z.enum(UNITS),
  singleUse: z.boolean().default(false),
  copayCentsPerUnit: z.int().min(0).default(0),
  channels: z
    .array(z.enum(CHANNELS))
    .min(1)
    .default([...CHANNELS]),
});

const ProgrammeDataSchema = z.strictObject({
  campaigns: z.array(CampaignSchema),
  avantages: z.array(AvantageSchema).min(1),
  generations: z.array(
    z.strictObject({ code: z.string().min(1), nfc: z.enum(["sdm", "identifier"]) }),
  ),
  settings: z.strictObject({
    pinTriesMax: z.int().min(1).max(10).default(3),
    nfcRequiresPinDefined: z.boolean().default(true),
    accountUrl: z.url(),
  }),
});
export type ProgrammeData = z.input<typeof ProgrammeDataSchema>;

/**
 * Builds the programme from its data.
 *
 * @throws ZodError or RangeError that names the field, when the data is wrong. Nothing is half loaded.
 */
export function loadProgramme(data: unknown): Programme {
  const parsed = ProgrammeDataSchema.parse(data);
  const json = JSON.stringify(parsed);
  return {
    hash: createHash("sha256").update(json).digest("hex"),
    json,
    avantages: uniqueBy("avantage", parsed.avantages),
    campaigns: parsed.campaigns.map(campaignOf),
    generations: uniqueBy("generation", parsed.generations),
    settings: parsed.settings,
  };
}

function campaignOf(data: z.infer<typeof CampaignSchema>): Campaign {
  const windows = Object.entries(data.windows).map(
    ([family, days]) => [family, windowOfDays(days.firstDay, days.lastDay)] as const,
  );
  return { code: data.code, windows: Object.fromEntries(windows) };
}

function uniqueBy<T extends { readonly code: string }>(
  what: string,
  items: readonly T[],
): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    if (map.has(item.code)) throw new RangeError(`${what} ${item.code} is defined twice`);
    map.set(item.code, item);
  }
  return map;
}
