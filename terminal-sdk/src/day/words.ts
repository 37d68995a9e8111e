// What the merchant is told about a difference between the terminal's day and the gateway's.

import type { Resolution } from "./results.js";

/** In French, one sentence on what it is and one on what to do. */
export const RESOLUTION_WORDS: Readonly<Record<Resolution, string>> = {
  SETTLED: "Opération sans réponse, annulée depuis. Rien à faire.",
  OTHER_DAY: "Comptée un autre jour par le terminal, faute de l'heure du service. Rien à faire.",
  REVERSAL_OWED: "Vente sans réponse : son annulation est renvoyée automatiquement. Rien à faire.",
  CAPTURE_OWED:
    "Confirmation sans réponse : elle est renvoyée automatiquement. Clôturez de nouveau plus tard.",
  REFUND_OWED:
    "Recrédit sans réponse : il est renvoyé automatiquement. Clôturez de nouveau plus tard.",
  REVERSE:
    "Vente acceptée par le service et refusée à la caisse : le terminal l'annule. Rien à faire.",
  ACKNOWLEDGE:
    "Opération faite sur cette vente en dehors du terminal : il en a pris note. Rien à faire.",
  REVERSAL_REFUSED:
    "Vente sans réponse que le service n'a pas voulu annuler : le jeune a été débité. Appelez l'assistance.",
  NOT_AT_GATEWAY:
    "Opération du terminal inconnue du service : elle ne serait pas remboursée. Appelez l'assistance.",
  AMOUNT_DIFFERS: "Le terminal et le service n'ont pas le même montant. Appelez l'assistance.",
  NOT_IN_JOURNAL:
    "Opération inconnue de ce terminal : journal perdu, ou autre appareil sous la même identité. Appelez l'assistance.",
};
