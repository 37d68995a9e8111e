// Reads the programme's data: campaigns, avantages, formations, card generations, settings. Checked, hashed as loaded.

import { createHash } from "node:crypto";
import type { Payer, Programme } from "../core/programme.js";
import { CatalogueError } from "./catalogue-error.js";
import { compileAvantage, compileCampaign, compileGeneration } from "./compile.js";
import { misfitsOf } from "./consistency.js";
import { type CheckedProgrammeData, ProgrammeDataSchema } from "./schema.js";

export type { ProgrammeData } from "./schema.js";

/**
 * Builds the programme from its data.
 *
 * @throws CatalogueError that names every place and reason, when the data is wrong. Nothing is half loaded.
 */
export function loadProgramme(data: unknown): Programme {
  const parsed = ProgrammeDataSchema.safeParse(data);
  if (!parsed.success) {
    throw new CatalogueError(
      parsed.error.issues.map(({ path, message }) => ({
        path: path.filter((key) => typeof key !== "symbol"),
        reason: message,
      })),
    );
  }
  const misfits = misfitsOf(parsed.data);
  if (misfits.length > 0) throw new CatalogueError(misfits);
  return compileProgramme(parsed.data);
}

function compileProgramme(data: CheckedProgrammeData): Programme {
  const json = JSON.stringify(data);
  const { velocity, accountUrl, pinTriesMax, nfcRequiresPinDefined } = data.settings;
  const { holdMinutes, settlement } = data.settings;
  return {
    hash: createHash("sha256").update(json).digest("hex"),
    json,
    vocabulary: data.vocabulary,
    avantages: byCode(data.avantages.map(compileAvantage)),
    campaigns: data.campaigns.map(compileCampaign),
    formations: byCode(
      data.formations.map(({ code, label, versements }) => ({ code, label, versements })),
    ),
    generations: byCode(data.generations.map(compileGeneration)),
    settings: {
      accountUrl,
      pinTriesMax,
      nfcRequiresPinDefined,
      holdMs: holdMinutes * 60_000,
      settlement: { ...settlement, payer: payerOf(settlement.payer) },
      velocity: velocity && {
        salesMax: velocity.salesMax,
        withinMs: velocity.withinSeconds * 1_000,
      },
    },
  };
}

function payerOf(data: CheckedProgrammeData["settings"]["settlement"]["payer"]): Payer | null {
  return data && { name: data.name, iban: data.iban, bic: data.bic };
}

function byCode<T extends { readonly code: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.code, item]));
}
