// What is given, after nothing refused.
import type { OutcomeSpec } from "./types.js";

/** Specs of this section; `codes.ts` puts the sections in order. */
export const APPROVAL_OUTCOMES = [
  {
    code: "APPROVED",
    kind: "approval",
    givenBy: "gateway",
    iso39: "00",
    retry: "NONE",
    actor: "nobody",
    lines: ["ACCEPTE", "{montant} EUR"],
    lines20: ["ACCEPTE", "{montant} EUR"],
    message: "C'est bon : ton avantage {avantage} a payé {montant} €. Il te reste {solde}.",
  },
  {
    // The cashier collects the rest.
    code: "APPROVED_PARTIAL",
    kind: "approval",
    givenBy: "gateway",
    iso39: "10",
    retry: "NONE",
    actor: "cashier",
    lines: ["ACCEPTE PARTIEL {montant} EUR", "RESTE A PAYER {reste} EUR"],
    lines20: ["PARTIEL {montant}", "ENCAISSER {reste}"],
    message:
      "Ton avantage {avantage} a payé {montant} € ; il reste {reste} € à payer au partenaire.",
  },
  {
    // The cashier collects the holder's share of each seat.
    code: "APPROVED_SEATS",
    kind: "approval",
    givenBy: "gateway",
    iso39: "00",
    retry: "NONE",
    actor: "cashier",
    lines: ["ACCEPTE {unites|# PLACE|# PLACES}", "ENCAISSER {reste} EUR"],
    lines20: ["ACCEPTE {unites|# PLACE|# PLACES}", "ENCAISSER {reste}"],
    message:
      "C'est bon : {unites|une place|# places} de cinéma. Tu paies 1 € par place. Il te reste {solde}.",
  },
  {
    code: "APPROVED_COUPONS",
    kind: "approval",
    givenBy: "gateway",
    iso39: "00",
    retry: "NONE",
    actor: "nobody",
    lines: ["ACCEPTE {unites|# COUPON|# COUPONS}", "RIEN A ENCAISSER"],
    lines20: ["ACCEPTE {unites|# COUPON|# COUPONS}", "RIEN A ENCAISSER"],
    message: "C'est bon : {unites|un coupon utilisé|# coupons utilisés}. Il te reste {solde}.",
  },
  {
    code: "APPROVED_RECORD",
    kind: "approval",
    givenBy: "gateway",
    iso39: "00",
    retry: "NONE",
    actor: "nobody",
    lines: ["ENREGISTRE", "SANS DEBIT"],
    lines20: ["ENREGISTRE", "SANS DEBIT"],
    message: "Passage enregistré. Rien n'a été retiré de ta carte.",
  },
  {
    // The same card at the same door within a minute: one visit, presented twice.
    code: "APPROVED_SAME_VISIT",
    kind: "approval",
    givenBy: "gateway",
    iso39: "00",
    retry: "NONE",
    actor: "nobody",
    lines: ["DEJA ENREGISTRE", "MEME PASSAGE"],
    lines20: ["DEJA ENREGISTRE", "MEME PASSAGE"],
    message: "Ton passage est déjà enregistré. Rien n'a été retiré de ta carte.",
  },
  {
    // Held, not taken: without a capture the hold ends and the partner is paid nothing.
    code: "APPROVED_HELD",
    kind: "approval",
    givenBy: "gateway",
    iso39: "00",
    retry: "NONE",
    actor: "cashier",
    lines: ["RESERVE {pris}", "A CONFIRMER PAR LE MAGASIN"],
    lines20: ["RESERVE A CONFIRMER", "{pris}"],
    message:
      "Ton avantage {avantage} réserve {pris}. Rien n'est retiré de ta carte tant que le partenaire n'a pas confirmé.",
    variant: {
      when: "leftToPay",
      lines: ["RESERVE {pris}", "RESTE A PAYER {reste} EUR"],
      lines20: ["RESERVE A CONFIRMER", "ENCAISSER {reste}"],
      message:
        "Ton avantage {avantage} réserve {pris} ; il reste {reste} € à payer au partenaire. Rien n'est retiré de ta carte tant qu'il n'a pas confirmé.",
    },
  },
  {
    // The same answer when the same was already captured.
    code: "CAPTURED",
    kind: "approval",
    givenBy: "gateway",
    iso39: "00",
    retry: "NONE",
    actor: "nobody",
    lines: ["VENTE CONFIRMEE", "{pris}"],
    lines20: ["VENTE CONFIRMEE", "{pris}"],
    message: "C'est confirmé : ton avantage {avantage} a payé {pris}. Il te reste {solde}.",
    variant: {
      when: "leftToPay",
      lines: ["CONFIRME {pris}", "RESTE A PAYER {reste} EUR"],
      lines20: ["VENTE CONFIRMEE", "ENCAISSER {reste}"],
    },
  },
  {
    // The same answer to the same refund.
    code: "REFUNDED",
    kind: "approval",
    givenBy: "gateway",
    iso39: "00",
    retry: "NONE",
    actor: "nobody",
    lines: ["CARTE RECREDITEE", "{rendu}"],
    lines20: ["CARTE RECREDITEE", "{rendu}"],
    message: "Ton avantage {avantage} a été recrédité de {rendu}.",
    variant: {
      // What comes back to a window that is over, or to a pot that is closed, is lost for use (T-22), and that is said.
      when: "notUsable",
      message:
        "Ton avantage {avantage} a été recrédité de {rendu}, mais il ne peut plus être utilisé.",
    },
  },
  {
    // The same answer when it was already reversed.
    code: "REVERSED",
    kind: "approval",
    givenBy: "gateway",
    iso39: "00",
    retry: "NONE",
    actor: "nobody",
    lines: ["TRANSACTION ANNULEE", "{rendu}"],
    lines20: ["TRANSACTION ANNULEE", "{rendu}"],
    message: "La transaction est annulée : ton avantage {avantage} a été recrédité de {rendu}.",
    variant: {
      // A record or a tombstone gave nothing back, and nothing is said to be credited.
      when: "nothingReturned",
      lines: ["TRANSACTION ANNULEE", ""],
      lines20: ["TRANSACTION ANNULEE", ""],
      message: "La transaction est annulée.",
    },
  },
  {
    code: "INQUIRY_ANSWERED",
    kind: "approval",
    givenBy: "gateway",
    iso39: "00",
    retry: "NONE",
    actor: "nobody",
    lines: ["CONSULTATION", "AVANTAGES AFFICHES"],
    lines20: ["CONSULTATION", "AVANTAGES AFFICHES"],
    message: "Voici tes avantages utilisables ici. Rien n'a été débité.",
  },
] as const satisfies readonly OutcomeSpec[];
