// What stands on the receipt of a till's day, in French.

import { parisTime, printedDay } from "../day/paris.js";
import type { DayDifference } from "../day/results.js";
import { printedAmount, printedEuros } from "./amounts.js";
import type { Part } from "./layout.js";
import type { DayReceipt } from "./receipt.js";
import { centred, left, RULE, row } from "./sale-parts.js";

/** Paper has an end; the data has them all. */
const DIFFERENCES_PRINTED_MAX = 20;

const KINDS = { sale: "Vente", reversal: "Annulation", refund: "Recrédit" } as const;

export function dayParts(receipt: DayReceipt): Part[] {
  const { header, day, terminalId, printedAtMs, totals, netCents } = receipt;
  return [
    ...header.map(centred),
    centred("Pass'Région"),
    RULE,
    centred("CLÔTURE DE JOURNÉE"),
    row("Journée", printedDay(day)),
    row("Terminal", terminalId),
    row("Imprimé", parisTime(printedAtMs)),
    ...totals.flatMap(totalParts),
    RULE,
    row("Net à rembourser", printedEuros(netCents)),
    ...waitingParts(receipt),
    RULE,
    ...verdictParts(receipt),
    ...differenceParts(receipt.differences),
  ];
}

function verdictParts({ compared, concordant }: DayReceipt): Part[] {
  if (compared) return [centred(concordant ? "Journée concordante" : "JOURNÉE NON CONCORDANTE")];
  return [
    centred("JOURNÉE NON COMPARÉE"),
    left("Le service ne répond pas. Clôturez de nouveau plus tard."),
  ];
}

type Total = DayReceipt["totals"][number];

function totalParts(total: Total): Part[] {
  const { label, unit, sales, reversals, refunds } = total;
  const isCounted = unit !== "RECORD" && unit !== "UNLIMITED";
  const side = (name: string, { count, value }: Total["sales"]): Part[] => {
    if (count === 0) return [];
    return [
      isCounted
        ? row(`${name} (${count})`, printedAmount({ unit, value }))
        : row(name, String(count)),
    ];
  };
  const minus = ({ count, value }: Total["sales"]) => ({ count, value: value === 0 ? 0 : -value });
  const net = sales.value - reversals.value - refunds.value;
  return [
    RULE,
    left(label),
    ...side(isCounted ? "Ventes" : "Enregistrements", sales),
    ...side("Annulations", minus(reversals)),
    ...side("Recrédits", minus(refunds)),
    ...(isCounted ? [row("Net", printedAmount({ unit, value: net }))] : []),
  ];
}

function waitingParts({ held, owed }: DayReceipt): Part[] {
  const sent = owed.reversals + owed.captures + owed.refunds;
  return [
    ...(held === 0 ? [] : [row("Réservations à confirmer", String(held))]),
    ...(sent === 0 ? [] : [row("Envois en attente", String(sent))]),
  ];
}

function differenceParts(differences: readonly DayDifference[]): Part[] {
  const more = differences.length - DIFFERENCES_PRINTED_MAX;
  return [
    ...differences
      .slice(0, DIFFERENCES_PRINTED_MAX)
      .flatMap((one) => [
        RULE,
        row(KINDS[one.kind], one.refundId ?? one.saleId),
        row("Terminal", one.terminal === null ? "rien" : printedAmount(one.terminal)),
        row("Service", one.gateway === null ? "rien" : printedAmount(one.gateway)),
        left(one.words),
      ]),
    ...(more > 0 ? [RULE, left(`Autres différences, non imprimées : ${more}`)] : []),
  ];
}
