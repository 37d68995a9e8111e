// Which papers hold what is owed to a partner: the sale was never declined for them, the reimbursement waits (T-36).

import { isKindFor } from "../place.js";
import type { Programme } from "../programme.js";
import type {
  EquipmentType,
  HoldReason,
  JustificatifKind,
  PartnerPapers,
  SettlementLine,
} from "./model.js";

/** What of a line decides whether it is held. */
export type Holdable = Pick<SettlementLine, "schoolYear" | "heldForPapers" | "ofPaidSale">;

/** Each type by any one of its papers. */
const PROOFS: Readonly<Record<EquipmentType, readonly JustificatifKind[]>> = {
  MATERIEL: ["PHOTO_STICKER"],
  OUTILLAGE: ["PHOTO_STICKER"],
  VETEMENTS: ["FACTURE_FLOCAGE", "PHOTO_FLOCAGE"],
};

/** Whose papers are asked for. */
export interface PaperRules {
  /**
   * « Les remboursements des transactions réalisées par le commerce »: all lines of whoever owes papers, and not those
   * of the held avantages alone.
   */
  readonly holdAll: boolean;
  /** Whether a partner of these types and flags takes an avantage whose reimbursement waits for papers. */
  readonly owesPapers: (partner: Pick<PartnerPapers, "types" | "flags">) => boolean;
}

/** The rules as a programme has them. */
export function paperRulesOf(programme: Programme): PaperRules {
  const held = [...programme.avantages.values()].filter((rule) => rule.reimbursement.heldForPapers);
  return {
    holdAll: programme.settings.settlement.holdAll,
    owesPapers: (partner) => held.some((rule) => isKindFor(rule, partner)),
  };
}

/**
 * Why a line is held now; empty where nothing holds it. What was given back of a paid sale waits for no paper: the shop
 * has the money already, and what is held is held for the shop's papers, not from the Région.
 */
export function holdsOf(
  line: Holdable,
  papers: PartnerPapers,
  rules: PaperRules,
): readonly HoldReason[] {
  const isAsked = line.heldForPapers || (rules.holdAll && rules.owesPapers(papers));
  const missing = isAsked && !line.ofPaidSale ? missingPapers(papers, line.schoolYear) : null;
  return [
    ...(missing ? [missing] : []),
    ...(papers.bank ? [] : (["BANK_DETAILS_MISSING"] as const)),
  ];
}

/** « A défaut, les remboursements seront également bloqués »: silence holds, a declared "not concerned" does not. */
function missingPapers(papers: PartnerPapers, schoolYear: string): HoldReason | null {
  const declared = papers.declarations.find((it) => it.schoolYear === schoolYear);
  if (!declared) return "DECLARATION_MISSING";
  return unprovenTypes(papers, schoolYear).length > 0 ? "JUSTIFICATIF_MISSING" : null;
}

/** The types declared for a school year of which no paper of that year counts. */
export function unprovenTypes(
  papers: Pick<PartnerPapers, "declarations" | "justificatifs">,
  schoolYear: string,
): readonly EquipmentType[] {
  const kinds = papers.justificatifs
    .filter((it) => it.schoolYear === schoolYear && it.rejectedOn === null)
    .map(({ kind }) => kind);
  const declared = papers.declarations.find((it) => it.schoolYear === schoolYear);
  return (declared?.types ?? []).filter(
    (type) => !PROOFS[type].some((proof) => kinds.includes(proof)),
  );
}
