// What refuses because of the holder's rights to the avantage, in order of precedence.
import type { OutcomeSpec } from "./types.js";

/** Specs of this section; `codes.ts` puts the sections in order. */
export const GRANT_OUTCOMES = [
  // Grant exists: what the campaign gave comes before what the avantage asks.
  {
    // Nothing from the campaign whose window is open for this avantage's family.
    code: "BENEFICIARY_NOT_VALIDATED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "57",
    retry: "ACTION",
    actor: "beneficiary",
    lines: ["DROITS NON VALIDES", "VOIR SON ETABLISSEMENT"],
    lines20: ["DROITS NON VALIDES", "VOIR ETABLISSEMENT"],
    message: "Ton établissement n'a pas encore validé ton Pass'Région pour cette année.",
  },
  {
    code: "AVANTAGE_NOT_GRANTED",
    publicCode: "AVANTAGE_UNAVAILABLE",
    kind: "decline",
    givenBy: "gateway",
    iso39: "57",
    retry: "NO",
    actor: "beneficiary",
    lines: ["AVANTAGE INDISPONIBLE", "VOIR SON COMPTE PASS'REGION"],
    lines20: ["AVANTAGE INDISPO.", "VOIR SON COMPTE"],
    message:
      "Cet avantage n'est pas disponible sur ta carte. Une question ? Regarde ton compte ou contacte l'assistance Pass'Région.",
  },
  {
    code: "AGE_NOT_ELIGIBLE",
    publicCode: "AVANTAGE_UNAVAILABLE",
    kind: "decline",
    givenBy: "gateway",
    iso39: "57",
    retry: "NO",
    actor: "beneficiary",
    lines: ["AVANTAGE INDISPONIBLE", "VOIR SON COMPTE PASS'REGION"],
    lines20: ["AVANTAGE INDISPO.", "VOIR SON COMPTE"],
    message:
      "Cet avantage n'est pas disponible sur ta carte. Une question ? Regarde ton compte ou contacte l'assistance Pass'Région.",
  },
  // Suspension.
  {
    // The reason stands in the holder's own account, never at a till.
    code: "AVANTAGE_SUSPENDED",
    publicCode: "AVANTAGE_UNAVAILABLE",
    kind: "decline",
    givenBy: "gateway",
    iso39: "57",
    retry: "NO",
    actor: "beneficiary",
    lines: ["AVANTAGE INDISPONIBLE", "VOIR SON COMPTE PASS'REGION"],
    lines20: ["AVANTAGE INDISPO.", "VOIR SON COMPTE"],
    message:
      "Cet avantage n'est pas disponible sur ta carte. Une question ? Regarde ton compte ou contacte l'assistance Pass'Région.",
  },
  // Window.
  {
    code: "WINDOW_NOT_OPEN",
    kind: "decline",
    givenBy: "gateway",
    iso39: "57",
    retry: "LATER",
    actor: "nobody",
    lines: ["AVANTAGE PAS ENCORE OUVERT", "A PARTIR DU {date}"],
    lines20: ["AVANTAGE PAS OUVERT", "DES LE {date}"],
    message: "Cet avantage sera utilisable à partir du {date}.",
  },
  {
    // The date is the last day of use.
    code: "WINDOW_CLOSED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "57",
    retry: "NO",
    actor: "nobody",
    lines: ["AVANTAGE TERMINE", "UTILISABLE JUSQU'AU {date}"],
    lines20: ["AVANTAGE TERMINE", "JUSQU'AU {date}"],
    message: "Cet avantage était utilisable jusqu'au {date}.",
  },
  {
    // The permis grant's own 24 months. Not 54, which tills print as an expired card.
    code: "GRANT_EXPIRED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "57",
    retry: "NO",
    actor: "nobody",
    lines: ["AIDE PERIMEE", "UTILISABLE JUSQU'AU {date}"],
    lines20: ["AIDE PERIMEE", "JUSQU'AU {date}"],
    message: "Ton aide au permis était utilisable pendant 24 mois, jusqu'au {date}.",
  },
] as const satisfies readonly OutcomeSpec[];
