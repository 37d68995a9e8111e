// Two hundred partners of every kind that is paid back, and some that are not.

import type { PartnerRecord } from "../../../gateway/src/store/records.js";
import { aConvention } from "../../support/builders.js";
import { partnerRecord } from "../../support/shop.js";
import { ibanOf } from "./payments.js";

export interface MonthPartner {
  readonly id: string;
  readonly record: PartnerRecord;
  readonly avantage: string;
  /** What the Région owes for each unit: 1 where what was debited is owed. */
  readonly centsPerUnit: number;
  readonly iban: string;
  /** Of the school year, for shops of equipment. */
  readonly papers: "complete" | "declared" | "notConcerned" | "none";
}

/** The shop of equipment whose paper is late. */
export const EQUIPMENT_SHOP = "P-004";

const CINEMA_TARIFF_CENTS = 520;
const OWN_TARIFF_CENTS = 475;
const MUSEUM_TARIFF_CENTS = 250;

/** The kinds take turns; every other cinema and museum has a tariff of its own in its convention. */
const AVANTAGES = [
  "SPECTACLE",
  "LIVRES_LOISIR",
  "CINEMA",
  "EQUIPEMENT",
  "LICENCE",
  "MUSEE",
  "APPRENTI_EQUIPEMENT",
];
const PAPERS = ["declared", "complete", "notConcerned", "none"] as const;

/** Partners `P-001` and on. */
export function monthPartners(count: number): readonly MonthPartner[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `P-${String(index + 1).padStart(3, "0")}`;
    const round = Math.floor(index / AVANTAGES.length);
    const avantage = AVANTAGES[index % AVANTAGES.length] ?? "SPECTACLE";
    const tariff = round % 2 === 0 ? null : tariffOf(avantage);
    const convention = aConvention({
      reference: `C-${id}`,
      ...(tariff === null ? {} : { tariffs: { [avantage]: tariff } }),
    });
    return {
      id,
      record: partnerRecord({ id, name: id, conventions: [convention], agrements: [avantage] }),
      avantage,
      centsPerUnit: tariff ?? usualCents(avantage),
      iban: ibanOf(index + 1),
      papers: avantage === "EQUIPEMENT" ? (PAPERS[round % PAPERS.length] ?? "none") : "none",
    };
  });
}

function tariffOf(avantage: string): number | null {
  if (avantage === "CINEMA") return OWN_TARIFF_CENTS;
  return avantage === "MUSEE" ? MUSEUM_TARIFF_CENTS : null;
}

/** A museum without a tariff is statistics, and a CFA has its money already. */
function usualCents(avantage: string): number {
  if (avantage === "CINEMA") return CINEMA_TARIFF_CENTS;
  return avantage === "MUSEE" || avantage === "APPRENTI_EQUIPEMENT" ? 0 : 1;
}
