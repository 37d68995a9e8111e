// What refuses the card or what it presented, in order of precedence.
import type { OutcomeSpec } from "./types.js";

/** Specs of this section; `codes.ts` puts the sections in order. */
export const CARD_OUTCOMES = [
  // QR signature or card message.
  {
    // Found before the PIN prompt: no PIN try is used.
    code: "QR_INVALID",
    kind: "decline",
    givenBy: "both",
    iso39: "14",
    retry: "NOW",
    actor: "beneficiary",
    lines: ["QR CODE NON RECONNU", "VERIFIER LA CARTE"],
    lines20: ["QR CODE NON RECONNU", "VERIFIER LA CARTE"],
    message: "Ce QR code n'est pas celui d'un Pass'Région.",
  },
  {
    code: "CARD_NOT_GENUINE",
    kind: "decline",
    givenBy: "gateway",
    iso39: "63",
    retry: "OTHER",
    actor: "beneficiary",
    lines: ["CARTE NON AUTHENTIFIEE", "UTILISER LE QR CODE"],
    lines20: ["CARTE NON AUTHENTIF.", "UTILISER LE QR CODE"],
    message: "La carte n'a pas pu être authentifiée. Essaie avec le QR code et ton code secret.",
  },
  {
    // The reference to an earlier presentation is unknown, expired, used or another terminal's.
    code: "PROOF_EXPIRED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "63",
    retry: "NOW",
    actor: "beneficiary",
    lines: ["LECTURE PERIMEE", "REPRESENTER LA CARTE"],
    lines20: ["LECTURE PERIMEE", "REPRESENTER LA CARTE"],
    message: "La lecture de ta carte n'est plus valable. Présente ta carte de nouveau.",
  },
  // Card lookup.
  {
    code: "CARD_UNKNOWN",
    kind: "decline",
    givenBy: "gateway",
    iso39: "14",
    retry: "NO",
    actor: "beneficiary",
    lines: ["CARTE INCONNUE", "VERIFIER LA CARTE"],
    lines20: ["CARTE INCONNUE", "VERIFIER LA CARTE"],
    message: "Cette carte n'est pas reconnue.",
    variant: {
      when: "keyed",
      message:
        "Cette carte n'est pas reconnue. Vérifie le numéro de carte (pas le numéro de dossier).",
    },
  },
  // Card status. 41 and 43 ask a bank kernel to keep the card: tills get the group's code instead.
  {
    code: "CARD_LOST",
    publicCode: "CARD_REFUSED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "41",
    retry: "NO",
    actor: "beneficiary",
    lines: ["CARTE REFUSEE", "RENDRE LA CARTE AU JEUNE"],
    lines20: ["CARTE REFUSEE", "RENDRE AU JEUNE"],
    message: "Cette carte a été déclarée perdue. Contacte l'assistance Pass'Région.",
  },
  {
    code: "CARD_STOLEN",
    publicCode: "CARD_REFUSED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "43",
    retry: "NO",
    actor: "beneficiary",
    lines: ["CARTE REFUSEE", "RENDRE LA CARTE AU JEUNE"],
    lines20: ["CARTE REFUSEE", "RENDRE AU JEUNE"],
    message: "Cette carte a été mise en opposition. Contacte l'assistance Pass'Région.",
  },
  {
    code: "CARD_BLOCKED",
    publicCode: "CARD_REFUSED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "62",
    retry: "ACTION",
    actor: "beneficiary",
    lines: ["CARTE REFUSEE", "CONTACTER L'ASSISTANCE"],
    lines20: ["CARTE REFUSEE", "CONTACTER ASSISTANCE"],
    message: "Ta carte est bloquée. Contacte l'assistance Pass'Région.",
  },
  {
    // Expired or replaced.
    code: "CARD_EXPIRED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "54",
    retry: "NO",
    actor: "beneficiary",
    lines: ["CARTE PERIMEE OU REMPLACEE", "UTILISER LA NOUVELLE CARTE"],
    lines20: ["CARTE PLUS VALABLE", "PRENDRE LA NOUVELLE"],
    message: "Cette carte n'est plus valable. Si tu en as reçu une nouvelle, utilise-la.",
  },
  {
    // Ordered, not issued yet.
    code: "CARD_NOT_ACTIVE",
    kind: "decline",
    givenBy: "gateway",
    iso39: "78",
    retry: "ACTION",
    actor: "beneficiary",
    lines: ["CARTE NON ACTIVE", "VOIR SON COMPTE PASS'REGION"],
    lines20: ["CARTE NON ACTIVE", "VOIR SON COMPTE"],
    message: "Ta carte n'est pas encore active. Regarde l'état de ta demande dans ton compte.",
  },
] as const satisfies readonly OutcomeSpec[];
