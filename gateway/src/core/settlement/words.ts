// In words, for the shop: why a line is held, for which school year, and what to send to whom.

import type { EquipmentType, HoldReason, PartnerPapers, SettlementLine } from "./model.js";
import { unprovenTypes } from "./papers.js";

const ASKED: Readonly<Record<EquipmentType, string>> = {
  MATERIEL: "une photo du sticker de la Région apposé sur le matériel",
  OUTILLAGE: "une photo du sticker de la Région apposé sur l'outillage",
  VETEMENTS: "une facture mentionnant le flocage des vêtements ou une photo des vêtements floqués",
};

/**
 * One French sentence or more for each reason that holds a line, in the order of its reasons.
 *
 * @param papers as they are now: what came in since the line was last looked at is told as received.
 */
export function wordsOfHolds(
  line: Pick<SettlementLine, "holds" | "schoolYear">,
  papers: PartnerPapers,
): readonly string[] {
  return line.holds.map((reason) => wordsOf(reason, line.schoolYear, papers));
}

function wordsOf(reason: HoldReason, schoolYear: string, papers: PartnerPapers): string {
  switch (reason) {
    case "DECLARATION_MISSING":
      return papers.declarations.some((it) => it.schoolYear === schoolYear)
        ? `Déclaration de l'année scolaire ${schoolYear} reçue : la ligne est revue à la prochaine clôture.`
        : `Déclaration manquante pour l'année scolaire ${schoolYear} : indiquez à la Région le type d'équipement que vous vendez aux jeunes (matériel, outillage, vêtements) avec ses justificatifs, ou informez-la par mail que vous n'êtes pas concerné. Le remboursement suivra en totalité.`;
    case "JUSTIFICATIF_MISSING": {
      const missing = unprovenTypes(papers, schoolYear);
      return missing.length === 0
        ? `Justificatifs de l'année scolaire ${schoolYear} reçus : la ligne est revue à la prochaine clôture.`
        : `Justificatif manquant pour l'année scolaire ${schoolYear} : transmettez à la Région ${missing.map((type) => ASKED[type]).join(", et ")}. Le remboursement suivra en totalité.`;
    }
    case "BANK_DETAILS_MISSING":
      return papers.bank
        ? "Coordonnées bancaires reçues : la ligne est revue à la prochaine clôture."
        : "Coordonnées bancaires manquantes : transmettez à la Région le relevé d'identité bancaire (RIB) du compte à créditer.";
  }
}
