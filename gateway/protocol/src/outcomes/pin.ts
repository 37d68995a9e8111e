// What refuses the code secret, in order of precedence.
import type { OutcomeSpec } from "./types.js";

/** Specs of this section; `codes.ts` puts the sections in order. */
export const PIN_OUTCOMES = [
  {
    code: "PIN_REQUIRED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "70",
    retry: "NOW",
    actor: "beneficiary",
    lines: ["CODE SECRET OBLIGATOIRE", "FAIRE SAISIR LE CODE"],
    lines20: ["CODE SECRET REQUIS", "FAIRE SAISIR LE CODE"],
    message: "Tape ton code secret à 4 chiffres.",
  },
  {
    // Key or format of the PIN block: no try is used.
    code: "PIN_BLOCK_INVALID",
    kind: "decline",
    givenBy: "gateway",
    iso39: "81",
    retry: "ACTION",
    actor: "integrator",
    lines: ["ERREUR CLAVIER CODE", "CONTACTER LE SUPPORT"],
    lines20: ["ERREUR CLAVIER CODE", "CONTACTER LE SUPPORT"],
    message: "Le code n'a pas pu être transmis. Rien n'a été débité.",
  },
  {
    code: "PIN_NOT_SET",
    kind: "decline",
    givenBy: "gateway",
    iso39: "86",
    retry: "ACTION",
    actor: "beneficiary",
    lines: ["CODE SECRET NON DEFINI", "A DEFINIR DANS L'APPLI"],
    lines20: ["CODE NON DEFINI", "DEFINIR DANS L'APPLI"],
    message:
      "Choisis d'abord ton code secret dans l'appli Pass'Région ou sur ton compte en ligne ({adresse}), avec ton numéro de dossier et ton mot de passe.",
  },
  {
    // Before the value is compared, so that a locked card says nothing about it.
    code: "PIN_LOCKED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "75",
    retry: "ACTION",
    actor: "beneficiary",
    lines: ["CODE SECRET BLOQUE", "A CHANGER DANS L'APPLI"],
    lines20: ["CODE SECRET BLOQUE", "CHANGER DANS L'APPLI"],
    message: "Ton code est bloqué après plusieurs erreurs. Choisis-en un nouveau dans ton compte.",
  },
  {
    code: "PIN_INCORRECT",
    kind: "decline",
    givenBy: "gateway",
    iso39: "55",
    retry: "NOW",
    actor: "beneficiary",
    lines: ["CODE SECRET ERRONE", "ENCORE {essais|# ESSAI|# ESSAIS}"],
    lines20: ["CODE SECRET ERRONE", "ENCORE {essais|# ESSAI|# ESSAIS}"],
    message: "Code secret incorrect. Il te reste {essais|# essai|# essais}.",
  },
  {
    code: "PIN_INCORRECT_LAST",
    kind: "decline",
    givenBy: "gateway",
    iso39: "55",
    retry: "NOW",
    actor: "beneficiary",
    lines: ["CODE SECRET ERRONE", "DERNIER ESSAI"],
    lines20: ["CODE SECRET ERRONE", "DERNIER ESSAI"],
    message: "Code secret incorrect. Il ne te reste qu'un essai.",
  },
] as const satisfies readonly OutcomeSpec[];
