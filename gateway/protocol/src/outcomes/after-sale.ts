// What refuses a reversal that a cashier asked for, in order of precedence.
import type { OutcomeSpec } from "./types.js";

/** Specs of this section; `codes.ts` puts the sections in order. */
export const REVERSAL_OUTCOMES = [
  {
    // An automatic reversal of an unknown sale is REVERSED instead.
    code: "ORIGINAL_NOT_FOUND",
    kind: "decline",
    givenBy: "gateway",
    iso39: "25",
    retry: "NO",
    actor: "cashier",
    lines: ["TRANSACTION INTROUVABLE", "VERIFIER LE TICKET"],
    lines20: ["VENTE INTROUVABLE", "VERIFIER LE TICKET"],
    message: "La transaction à annuler n'a pas été trouvée.",
  },
  {
    // After the settlement cut-off a refund is the way.
    code: "REVERSAL_TOO_LATE",
    kind: "decline",
    givenBy: "gateway",
    iso39: "21",
    retry: "NO",
    actor: "cashier",
    lines: ["ANNULATION TROP TARDIVE", "RECREDITER LA CARTE"],
    lines20: ["ANNULATION TARDIVE", "RECREDITER LA CARTE"],
    message: "Cette transaction ne peut plus être annulée. Le partenaire peut recréditer ta carte.",
  },
] as const satisfies readonly OutcomeSpec[];
