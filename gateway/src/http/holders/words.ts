// What young people are told in French when something is refused, and what to do about it.

import type { CardStatus } from "../../core/model.js";
import type { PasswordFault } from "../../core/password-rules.js";
import type { PinFault } from "../../core/pin-rules.js";

export const WRONG_PASSWORD = "Numéro de dossier ou mot de passe incorrect.";
export const WRONG_OPENING_CODE =
  "Numéro de dossier ou code d'ouverture incorrect, ou code expiré. Demande un nouveau code à la Région.";

const PASSWORD_WORDS: Record<PasswordFault, string> = {
  short: "Ce mot de passe est trop court : il faut au moins 12 caractères.",
  long: "Ce mot de passe est trop long : 128 caractères au plus.",
  dossier:
    "Le mot de passe ne doit pas contenir ton numéro de dossier : il est inscrit sur ta carte.",
  repeat: "Ce mot de passe répète toujours le même caractère. Choisis-en un autre.",
  run: "Ce mot de passe est une simple suite de caractères. Choisis-en un autre.",
  common:
    "Ce mot de passe contient ce qu'on essaie en premier (motdepasse, azerty, 12345…). Choisis une phrase à toi.",
};

export function passwordWords(fault: PasswordFault): string {
  return PASSWORD_WORDS[fault];
}

const PIN_WORDS: Record<PinFault, string> = {
  form: "Le code secret est composé de 4 chiffres.",
  repeat: "Ce code secret répète le même chiffre. Choisis-en un autre.",
  run: "Ce code secret est une suite de chiffres. Choisis-en un autre.",
  birthDay: "Ce code secret vient de ta date de naissance. Choisis-en un autre.",
  same: "Ce code secret est celui que tu as déjà. Choisis-en un nouveau.",
};

export function pinWords(fault: PinFault): string {
  return PIN_WORDS[fault];
}

const NOT_ISSUED =
  "Ta carte n'est pas encore active. Tu pourras définir ton code secret dès qu'elle le sera.";

/** Never a motive: a blocked card is told as one that does not work. */
export function noActiveCardWords(status: CardStatus | null): string {
  switch (status) {
    case null:
    case "ORDERED":
      return NOT_ISSUED;
    case "LOST":
    case "STOLEN":
      return "Ta carte est déclarée perdue ou volée. Le code secret se définit sur la carte qui la remplace.";
    case "REPLACED":
      return "Cette carte est remplacée. Le code secret se définit sur la nouvelle carte.";
    case "EXPIRED":
      return "Ta carte est expirée. Le code secret se définit sur une nouvelle carte.";
    default:
      return "Ta carte ne peut pas être utilisée pour le moment. Adresse-toi à la Région.";
  }
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export function waitWords(waitMs: number): string {
  const [count, unit] =
    waitMs <= HOUR_MS
      ? [Math.max(1, Math.ceil(waitMs / MINUTE_MS)), "minute"]
      : [Math.ceil(waitMs / HOUR_MS), "heure"];
  return `Trop d'essais. Réessaie dans ${count} ${unit}${count > 1 ? "s" : ""}.`;
}
