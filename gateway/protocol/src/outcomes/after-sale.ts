// What refuses an operation on an earlier sale (capture, reversal, refund), in order of precedence.
import type { OutcomeSpec } from "./types.js";

/** Specs of this section; `codes.ts` puts the sections in order. */
export const AFTER_SALE_OUTCOMES = [
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
    message: "La transaction n'a pas été trouvée.",
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
  {
    // It was final at once, it was declined, or it only recorded a use.
    code: "NOTHING_TO_CAPTURE",
    kind: "decline",
    givenBy: "gateway",
    iso39: "12",
    retry: "NO",
    actor: "cashier",
    lines: ["RIEN A CONFIRMER", "VERIFIER LE TICKET"],
    lines20: ["RIEN A CONFIRMER", "VERIFIER LE TICKET"],
    message:
      "Cette transaction n'attend pas de confirmation. Rien de plus n'est retiré de ta carte.",
  },
  {
    // With another amount than now: the same capture again gets its first answer.
    code: "ALREADY_CAPTURED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "94",
    retry: "NO",
    actor: "cashier",
    lines: ["VENTE DEJA CONFIRMEE", "VERIFIER LE TICKET"],
    lines20: ["VENTE DEJA CONFIRMEE", "VERIFIER LE TICKET"],
    message: "Cette transaction est déjà confirmée. Rien de plus n'est retiré de ta carte.",
  },
  {
    code: "HOLD_EXPIRED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "21",
    retry: "NEWKEY",
    actor: "cashier",
    lines: ["RESERVATION EXPIREE", "RECOMMENCER LA VENTE"],
    lines20: ["RESERVATION EXPIREE", "RECOMMENCER LA VENTE"],
    message: "La réservation n'a pas été confirmée à temps. Rien n'a été retiré de ta carte.",
  },
  {
    code: "CAPTURE_OVER_HOLD",
    kind: "decline",
    givenBy: "gateway",
    iso39: "13",
    retry: "AMEND",
    actor: "cashier",
    lines: ["PLUS QUE LA RESERVATION", "MAXIMUM {solde}"],
    lines20: ["PLUS QUE RESERVE", "MAX {solde}"],
    message: "Le partenaire peut prendre au plus {solde}, ce qui a été réservé.",
  },
  {
    // It is held and not taken, it was declined, or it only recorded a use.
    code: "NOTHING_TO_REFUND",
    kind: "decline",
    givenBy: "gateway",
    iso39: "12",
    retry: "NO",
    actor: "cashier",
    lines: ["RIEN A RECREDITER", "VERIFIER LE TICKET"],
    lines20: ["RIEN A RECREDITER", "VERIFIER LE TICKET"],
    message: "Cette transaction n'a rien retiré de ta carte.",
  },
  {
    code: "REFUND_OVER_CAPTURED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "13",
    retry: "AMEND",
    actor: "cashier",
    lines: ["PLUS QUE LE MONTANT PRIS", "MAXIMUM {solde}"],
    lines20: ["PLUS QUE PRIS", "MAX {solde}"],
    message: "Le partenaire peut te rendre au plus {solde} de cette transaction.",
    variant: {
      when: "noneLeft",
      retry: "NO",
      lines: ["DEJA RECREDITE", "RIEN DE PLUS A RENDRE"],
      lines20: ["DEJA RECREDITE", "RIEN A RENDRE"],
      message: "Cette transaction t'a déjà été rendue en entier.",
    },
  },
] as const satisfies readonly OutcomeSpec[];
