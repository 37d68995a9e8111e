// What refuses because of what was already used, in order of precedence.
import type { OutcomeSpec } from "./types.js";

/** Specs of this section; `codes.ts` puts the sections in order. */
export const BALANCE_OUTCOMES = [
  // Single use.
  {
    code: "ALREADY_USED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "65",
    retry: "NO",
    actor: "nobody",
    lines: ["AVANTAGE DEJA UTILISE", "USAGE UNIQUE"],
    lines20: ["DEJA UTILISE", "USAGE UNIQUE"],
    message: "Cet avantage ne peut servir qu'une fois et tu l'as déjà utilisé.",
  },
  // Balance.
  {
    code: "BALANCE_EXHAUSTED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "51",
    retry: "NO",
    actor: "nobody",
    lines: ["AVANTAGE EPUISE", "DISPONIBLE 0,00 EUR"],
    lines20: ["AVANTAGE EPUISE", "DISPONIBLE 0,00 EUR"],
    message: "Ton avantage {avantage} est entièrement utilisé.",
  },
  {
    code: "SEATS_EXHAUSTED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "51",
    retry: "AMEND",
    actor: "cashier",
    lines: ["SOLDE DE PLACES INSUFFISANT", "RESTE {solde}"],
    lines20: ["PLACES INSUFFISANTES", "RESTE {solde}"],
    message: "Il te reste {solde} de cinéma à 1 €.",
    variant: {
      // With no seat left there is no smaller quantity to ask for.
      when: "noneLeft",
      retry: "NO",
      message: "Il ne te reste aucune place de cinéma à 1 €.",
    },
  },
  {
    code: "COUPONS_EXHAUSTED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "51",
    retry: "AMEND",
    actor: "cashier",
    lines: ["PAS ASSEZ DE COUPONS", "RESTE {solde}"],
    lines20: ["PAS ASSEZ DE COUPONS", "RESTE {solde}"],
    message: "Il te reste {solde} sur cet avantage.",
    variant: {
      when: "noneLeft",
      retry: "NO",
      message: "Il ne te reste aucun coupon sur cet avantage.",
    },
  },
  {
    // Only for a request that wants the exact amount.
    code: "INSUFFICIENT_BALANCE",
    kind: "decline",
    givenBy: "gateway",
    iso39: "51",
    retry: "AMEND",
    actor: "cashier",
    lines: ["SOLDE INSUFFISANT", "DISPONIBLE {solde}"],
    lines20: ["SOLDE INSUFFISANT", "DISPO. {solde}"],
    message: "Il te reste {solde} sur cet avantage. Tu peux demander un montant plus petit.",
  },
  // Velocity.
  {
    code: "VELOCITY_LIMIT",
    kind: "decline",
    givenBy: "gateway",
    iso39: "65",
    retry: "LATER",
    actor: "nobody",
    lines: ["TROP D'OPERATIONS", "REESSAYER PLUS TARD"],
    lines20: ["TROP D'OPERATIONS", "REESSAYER PLUS TARD"],
    message: "Trop d'opérations en peu de temps avec cette carte. Réessaie plus tard.",
  },
] as const satisfies readonly OutcomeSpec[];
