// The real catalogue with short-named generations: what the tests sell.

import { readFileSync } from "node:fs";
import { loadProgramme } from "../../gateway/src/catalogue/programme.js";
import {
  type CheckedProgrammeData,
  ProgrammeDataSchema,
} from "../../gateway/src/catalogue/schema.js";
import type { Programme } from "../../gateway/src/core/programme.js";

const CATALOGUE_FILE = new URL("../../fixtures/programme/2022-2023.json", import.meta.url);
const FAMILIES = ["SCOLAIRE", "CULTURE", "SPORT", "SANTE"] as const;
const invented = "For tests.";

/** The checked-in catalogue with its defaults, as a copy that a test may change. */
export function catalogueData(): CheckedProgrammeData {
  return ProgrammeDataSchema.parse(JSON.parse(readFileSync(CATALOGUE_FILE, "utf8")));
}

/** The checked-in catalogue with one campaign in which every family is open between two days. */
export function catalogueBetween(
  campaign: string,
  days: { readonly firstDay: string; readonly lastDay: string },
): object {
  const rules = FAMILIES.map((family) => {
    return { id: `OPEN/${family}`, kind: "window", family, ...days, invented };
  });
  return { ...catalogueData(), campaigns: [{ code: campaign, rules }] };
}

const DATA = {
  ...catalogueData(),
  generations: [
    { code: "2022", nfc: "sdm", invented },
    { code: "2018", nfc: "identifier", qr: "number", invented },
  ],
  settings: { accountUrl: "https://compte.example" },
};

/** The programme of the tests, as the catalogue loads it. */
export const TEST_PROGRAMME: Programme = loadProgramme(DATA);

/** Reads a programme back that a store has kept. */
export const readTestProgramme = (json: string): Programme => loadProgramme(JSON.parse(json));

/** How much a grant of the tests holds, in its avantage's unit, where a test does not say. */
export const USUAL_AMOUNTS: Readonly<Record<string, number>> = {
  MANUELS_CREDIT: 5000,
  EQUIPEMENT: 20_000,
  LICENCE: 3000,
  CINEMA: 5,
  SPECTACLE: 3000,
  LIVRES_LOISIR: 1500,
  PSC1: 6000,
  PERMIS_B: 50_000,
  SANTE_COUPON: 3,
};
