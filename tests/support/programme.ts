// The campaigns 2021/2022 and 2022/2023 with the avantages that the tests sell.

import { loadProgramme } from "../../gateway/src/catalogue/programme.js";
import type { Programme } from "../../gateway/src/core/model.js";

const SCHOOL_2022 = { firstDay: "2022-06-07", lastDay: "2023-05-31" };
const LEISURE_2022 = { firstDay: "2022-09-01", lastDay: "2023-06-30" };
const LEISURE_2021 = { firstDay: null, lastDay: "2022-06-30" };

const DATA = {
  campaigns: [
    {
      code: "2021/2022",
      windows: {
        SCOLAIRE: { firstDay: null, lastDay: "2022-05-31" },
        CULTURE: LEISURE_2021,
        SPORT: LEISURE_2021,
        SANTE: LEISURE_2021,
      },
    },
    {
      code: "2022/2023",
      windows: {
        SCOLAIRE: SCHOOL_2022,
        CULTURE: LEISURE_2022,
        SPORT: LEISURE_2022,
        SANTE: LEISURE_2022,
      },
    },
  ],
  avantages: [
    { code: "MANUELS_CREDIT", label: "Manuels scolaires", family: "SCOLAIRE", unit: "EUR_CENT" },
    { code: "MANUELS_GRATUITS", label: "Manuels gratuits", family: "SCOLAIRE", unit: "RECORD" },
    { code: "EQUIPEMENT", label: "Équipement", family: "SCOLAIRE", unit: "EUR_CENT" },
    {
      code: "LICENCE",
      label: "Licence sportive",
      family: "SPORT",
      unit: "EUR_CENT",
      singleUse: true,
    },
    { code: "CINEMA", label: "Cinéma", family: "CULTURE", unit: "SEAT", copayCentsPerUnit: 100 },
    { code: "SPECTACLE", label: "Spectacle", family: "CULTURE", unit: "EUR_CENT" },
    { code: "LIVRES_LOISIR", label: "Livres loisir", family: "CULTURE", unit: "EUR_CENT" },
    { code: "MUSEE", label: "Musées", family: "CULTURE", unit: "UNLIMITED" },
    { code: "PSC1", label: "Premiers secours", family: "SANTE", unit: "EUR_CENT", singleUse: true },
    { code: "PERMIS_B", label: "Permis de conduire", family: null, unit: "EUR_CENT" },
  ],
  generations: [
    { code: "2022", nfc: "sdm" },
    { code: "2018", nfc: "identifier" },
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
};
