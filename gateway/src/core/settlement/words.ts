// In words, for the shop: what holds a line, for which school year, and what to send to whom.

import type { EquipmentType, HoldReason, PartnerPapers, SettlementLine } from "./model.js";
import { unprovenTypes } from "./papers.js";

const ASKED: Readonly<Record<EquipmentType, string>> = {
  MATERIEL: "une photo du sticker de la Région apposé sur le matériel",
  OUTILLAGE: "une photo du sticker de la Région apposé sur l'outillage",
  VETEMENTS: "une facture mentionnant le flocage des vêtements ou une photo des vêtements floqués",
};

/** French sentences for each reason that holds a line of these papers, in the order of its reasons. */
export function wordsOfHolds(
  line: Pick<SettlementLine, "holds" | "schoolYear">,
  papers: PartnerPapers,
): readonly string[] {
  return line.holds.map((reason) => wordsOf(reason, line.schoolYear, papers));
}

function wordsOf(reason: HoldReason, schoolYear: string, papers: PartnerPapers): string {
  switch (reason) {
    case "DECLARATION_MISSING":
      return `Déclaration manquante pour l'année scolaire ${schoolYear} : indiquez à la Région le type d'équipement que vous vendez aux jeunes (matériel, outillage, vêtements) avec ses justificatifs, ou informez-la par mail que vous n'êtes pas concerné. Le remboursement suivra en totalité.`;
    case "JUSTIFICATIF_MISSING": {
      const asked = unprovenTypes(papers, schoolYear).map((type) => ASKED[type]);
      return `Justificatif manquant pour l'année scolaire ${schoolYear} : transmettez à la Région ${asked.join(", et ")}. Le remboursement suivra en totalité.`;
    }
    case "BANK_DETAILS_MISSING":
      return "Coordonnées bancaires manquantes : transmettez à la Région le relevé d'identité bancaire (RIB) du compte à créditer.";
  }
}
