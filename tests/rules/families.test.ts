// Which family's window each avantage takes: families with the same days today may part in another campaign.

import { expect, test } from "vitest";
import { TEST_PROGRAMME } from "../support/programme.js";

const FAMILIES = {
  SCOLAIRE: ["MANUELS_GRATUITS", "MANUELS_CREDIT", "APPRENTI_EQUIPEMENT", "EQUIPEMENT"],
  CULTURE: ["CINEMA", "SPECTACLE", "LIVRES_LOISIR", "MUSEE"],
  SPORT: ["LICENCE"],
  SANTE: ["SANTE_COUPON", "PSC1"],
};

test.each(Object.entries(FAMILIES))("the family %s has %j", (family, codes) => {
  const own = [...TEST_PROGRAMME.avantages.values()].filter((rule) => rule.family === family);
  expect(own.map(({ code }) => code)).toEqual(codes);
});
