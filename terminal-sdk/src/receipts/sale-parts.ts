// What stands on the receipt of a sale, from its head to its foot, in French.

import { parisDay, parisTime, printedDay } from "../day/paris.js";
import { printedAmount, printedEuros } from "./amounts.js";
import type { Part } from "./layout.js";
import type { Receipt, ReceiptCopy, ReceiptKind } from "./receipt.js";

export const RULE: Part = { as: "rule" };
export const centred = (text: string): Part => ({ as: "centred", text });
export const left = (text: string): Part => ({ as: "left", text });
export const row = (label: string, value: string): Part => ({ as: "row", label, value });

const COPIES: Readonly<Record<ReceiptCopy, string>> = {
  merchant: "Ticket commerçant",
  holder: "Ticket client",
};

const TITLES: Readonly<Record<ReceiptKind, string>> = {
  sale: "PAIEMENT ACCEPTÉ",
  partial: "PAIEMENT PARTIEL",
  seats: "PLACES ACCEPTÉES",
  coupons: "COUPONS ACCEPTÉS",
  record: "UTILISATION ENREGISTRÉE",
  held: "RÉSERVATION",
  captured: "VENTE CONFIRMÉE",
  reversed: "ANNULATION",
  refunded: "CARTE RECRÉDITÉE",
  declined: "PAIEMENT REFUSÉ",
};

/** Said under the figures. */
const NOTES: Readonly<Partial<Record<ReceiptKind, string>>> = {
  record: "Rien n'est pris sur la carte.",
  held: "Rien n'est pris sur la carte avant la confirmation.",
  declined: "Rien n'est pris sur la carte.",
};

const CHANNELS: ReadonlyMap<string, string> = new Map([
  ["NFC", "sans contact"],
  ["QR", "QR code"],
  ["KEYED", "numéro saisi"],
  ["WEB", "Espace partenaire"],
]);

export function saleParts(receipt: Receipt): Part[] {
  const { kind, copy, duplicate, header } = receipt;
  const note = NOTES[kind];
  return [
    ...header.map(centred),
    centred("Pass'Région"),
    centred(COPIES[copy]),
    ...(duplicate ? [centred("DUPLICATA")] : []),
    RULE,
    centred(TITLES[kind]),
    ...cardParts(receipt),
    ...figureParts(receipt),
    ...(note === undefined ? [] : [left(note)]),
    ...windowParts(receipt),
    ...traceParts(receipt),
    ...(receipt.reminder === undefined ? [] : [RULE, left(receipt.reminder)]),
  ];
}

function cardParts({ avantage, cardLastFour, channel }: Receipt): Part[] {
  const parts: Part[] = [];
  if (avantage !== undefined) parts.push(row("Avantage", avantage.label));
  if (cardLastFour !== undefined) parts.push(row("Carte", `**** ${cardLastFour}`));
  if (channel !== undefined) parts.push(row("Lecture", CHANNELS.get(channel) ?? channel));
  return parts;
}

function figureParts(receipt: Receipt): Part[] {
  const { kind, taken, collectCents = 0, declaredCents, released, returned } = receipt;
  const { holdExpiresAtMs, remaining } = receipt;
  const parts: Part[] = [];
  if (taken !== undefined) {
    parts.push(row(kind === "held" ? "Réservé" : "Pris sur la carte", printedAmount(taken)));
  }
  if (collectCents > 0) parts.push(row("Reste à payer", printedEuros(collectCents)));
  if (declaredCents !== undefined) parts.push(row("Valeur déclarée", printedEuros(declaredCents)));
  if (released !== undefined) parts.push(row("Réservé et libéré", printedAmount(released)));
  if (returned !== undefined) parts.push(row("Rendu sur la carte", printedAmount(returned)));
  if (holdExpiresAtMs !== undefined) {
    parts.push(row("À confirmer avant", parisTime(holdExpiresAtMs)));
  }
  if (remaining !== undefined) parts.push(row("Il reste", printedAmount(remaining)));
  return parts;
}

/** What comes back after its window cannot be used any more, and that is said. */
function windowParts({ usableUntil, returned, atMs }: Receipt): Part[] {
  if (usableUntil === undefined) return [];
  const isOver = returned !== undefined && atMs !== undefined && usableUntil < parisDay(atMs);
  return isOver
    ? [left(`Cet avantage n'était utilisable que jusqu'au ${printedDay(usableUntil)}.`)]
    : [row("Utilisable jusqu'au", printedDay(usableUntil))];
}

function traceParts({ atMs, terminalId, reference, saleReference }: Receipt): Part[] {
  return [
    RULE,
    ...(atMs === undefined ? [] : [row("Date", parisTime(atMs))]),
    row("Terminal", terminalId),
    ...(reference === undefined ? [] : [row("Référence", reference)]),
    ...(saleReference === undefined ? [] : [row("Vente", saleReference)]),
  ];
}
