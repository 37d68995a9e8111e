// French words and figures of what partners are shown: days, quantities, amounts, states of what is owed.

import type { Unit } from "@pass-tpe/protocol";
import { Temporal } from "temporal-polyfill";
import type { LineState, Payment, SettlementLine } from "../../core/settlement/model.js";
import { decimalOf } from "./decimal.js";

export const STATE_WORDS: Readonly<Record<LineState, string>> = {
  ACCRUED: "À rembourser",
  HELD: "En attente",
  RELEASED: "Débloqué",
  BATCHED: "Virement en cours",
  PAID: "Payé",
  REJECTED: "Virement rejeté, à refaire",
};

const PAYMENT_WORDS: Readonly<Record<Payment["state"], string>> = {
  BATCHED: "En cours",
  PAID: "Payé",
  REJECTED: "Rejeté par la banque",
};

/** What became of a payment, with the bank's reason for a return. */
export function paymentWords({ state, reason }: Pick<Payment, "state" | "reason">): string {
  return reason === null ? PAYMENT_WORDS[state] : `${PAYMENT_WORDS[state]} (${reason})`;
}

export const MOVEMENT_WORDS: Readonly<Record<SettlementLine["kind"], string>> = {
  sale: "Vente",
  reversal: "Annulation",
  refund: "Remboursement au titulaire",
};

/** What a unit is called after its number: one, and more than one. */
const UNIT_WORDS: Readonly<Record<Unit, readonly [one: string, more: string]>> = {
  EUR_CENT: ["euro", "euros"],
  SEAT: ["place", "places"],
  COUPON: ["coupon", "coupons"],
  RECORD: ["usage", "usages"],
  UNLIMITED: ["usage", "usages"],
};

/** The unit's name for so many of them, euros counted in cents; French counts below two as one. */
export function unitWord({ unit, units }: Pick<SettlementLine, "unit" | "units">): string {
  const count = Math.abs(units);
  const [one, more] = UNIT_WORDS[unit];
  return (unit === "EUR_CENT" ? count < 200 : count < 2) ? one : more;
}

/** `2 places`, `12,50 euros`. */
export function quantityWords(line: Pick<SettlementLine, "unit" | "units">): string {
  const figure = line.unit === "EUR_CENT" ? decimalOf(line.units, ",") : String(line.units);
  return `${figure} ${unitWord(line)}`;
}

/** `1 234,56 €`, with spaces that do not break a line. */
export function eurosWords(cents: number): string {
  return `${decimalOf(cents, ",").replace(/\B(?=(\d{3})+,)/g, "\u202f")}\u00a0€`;
}

/** `2022-10-02` as `02/10/2022`. */
export function frenchDay(day: string): string {
  return day.split("-").reverse().join("/");
}

/** The Paris day and time of an instant, for people: `02/10/2022`, `14:05:09`. */
export function parisMoment(instantMs: number): { readonly day: string; readonly time: string } {
  const moment =
    Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO("Europe/Paris");
  return {
    day: frenchDay(moment.toPlainDate().toString()),
    time: moment.toPlainTime().toString({ smallestUnit: "second" }),
  };
}
