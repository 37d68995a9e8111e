// What ends a sale at the terminal itself, before the gateway has answered, in order of precedence.
import type { OutcomeSpec } from "./types.js";

/** Specs of this section; `codes.ts` puts the sections in order. */
export const TERMINAL_OUTCOMES = [
  // At the reader: nothing has been sent.
  {
    code: "READER_UNAVAILABLE",
    kind: "technical",
    givenBy: "terminal",
    iso39: null,
    retry: "ACTION",
    actor: "device",
    lines: ["LECTEUR INDISPONIBLE", "VERIFIER LE LECTEUR"],
    lines20: ["LECTEUR INDISPONIBLE", "VERIFIER LE LECTEUR"],
    message: "Le lecteur du partenaire ne fonctionne pas. Rien n'a été débité.",
  },
  {
    code: "SALE_CANCELLED",
    kind: "decline",
    givenBy: "terminal",
    iso39: "17",
    retry: "NEWKEY",
    actor: "cashier",
    lines: ["VENTE ANNULEE", "RIEN N'EST DEBITE"],
    lines20: ["VENTE ANNULEE", "RIEN N'EST DEBITE"],
    message: "La vente a été annulée. Rien n'a été débité.",
  },
  {
    // Nobody presented a card before the read time-out.
    code: "NO_CARD",
    kind: "decline",
    givenBy: "terminal",
    iso39: null,
    retry: "NOW",
    actor: "beneficiary",
    lines: ["AUCUNE CARTE PRESENTEE", "RECOMMENCER"],
    lines20: ["AUCUNE CARTE", "RECOMMENCER"],
    message: "Ta carte n'a pas été présentée à temps. Rien n'a été débité.",
  },
  {
    // A phone, a bank card or another chip.
    code: "NOT_A_PASS_CARD",
    kind: "decline",
    givenBy: "terminal",
    iso39: "14",
    retry: "NOW",
    actor: "beneficiary",
    lines: ["CE N'EST PAS UN PASS'REGION", "PRESENTER LA CARTE PASS'REGION"],
    lines20: ["PAS UN PASS'REGION", "PRESENTER LE PASS"],
    message: "Ce n'est pas une carte Pass'Région. Présente ta carte Pass'Région.",
  },
  {
    code: "CARD_UNREADABLE",
    kind: "technical",
    givenBy: "terminal",
    iso39: null,
    retry: "NOW",
    actor: "beneficiary",
    lines: ["LECTURE IMPOSSIBLE", "REPRESENTER LA CARTE"],
    lines20: ["LECTURE IMPOSSIBLE", "REPRESENTER LA CARTE"],
    message: "La carte n'a pas pu être lue. Présente-la de nouveau, bien à plat.",
  },
  {
    // The cancel key, or the entry time-out.
    code: "PIN_CANCELLED",
    kind: "decline",
    givenBy: "terminal",
    iso39: "17",
    retry: "NOW",
    actor: "beneficiary",
    lines: ["SAISIE ABANDONNEE", "RECOMMENCER"],
    lines20: ["SAISIE ABANDONNEE", "RECOMMENCER"],
    message: "Ton code n'a pas été saisi. Rien n'a été débité.",
  },
  // On the way to the gateway.
  {
    // Nothing left the terminal, so the same key is safe.
    code: "UNREACHABLE",
    kind: "technical",
    givenBy: "terminal",
    iso39: "91",
    retry: "SAMEKEY",
    actor: "network",
    lines: ["SERVICE INJOIGNABLE", "REESSAYER PLUS TARD"],
    lines20: ["SERVICE INJOIGNABLE", "REESSAYER PLUS TARD"],
    message: "Le service est injoignable. Rien n'a été débité.",
  },
  {
    // The result is unknown: the reversal is journaled before this text is shown.
    code: "TIMEOUT",
    kind: "technical",
    givenBy: "terminal",
    iso39: "68",
    retry: "REVERSE",
    actor: "network",
    lines: ["PAS DE REPONSE A TEMPS", "VERIFICATION EN COURS"],
    lines20: ["PAS DE REPONSE", "VERIF. EN COURS"],
    message: "Pas de réponse. Nous vérifions : si un montant a été pris, il te sera rendu.",
  },
] as const satisfies readonly OutcomeSpec[];
