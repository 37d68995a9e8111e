// What a till is told in place of a precise refusal that is not its business.
import type { OutcomeSpec, PublicGroupCode } from "./types.js";

/**
 * One text, one field 39 and one retry class for all precise codes of a group, so that the cashier
 * cannot tell a suspension from an age, nor a card reported stolen from one that is blocked.
 */
export const PUBLIC_GROUPS = [
  {
    code: "AVANTAGE_UNAVAILABLE",
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
    // 62 and not 41 or 43: a bank kernel would keep the card, which also opens the holder's lycée.
    code: "CARD_REFUSED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "62",
    retry: "NO",
    actor: "beneficiary",
    lines: ["CARTE REFUSEE", "RENDRE LA CARTE AU JEUNE"],
    lines20: ["CARTE REFUSEE", "RENDRE AU JEUNE"],
    message: "Ta carte est refusée. Contacte l'assistance Pass'Région.",
  },
] as const satisfies readonly (OutcomeSpec & { readonly code: PublicGroupCode })[];
