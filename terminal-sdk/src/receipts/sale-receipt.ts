// Makes the receipt of a result: what was taken, held, given back or refused, for the merchant or the holder.

import type { Amount, CountedUnit, TerminalProfile } from "@pass-tpe/protocol";
import type { CapturedSale, RefundedSale, ReversedSale } from "../after-sale/results.js";
import type { ApprovedSale, Declined } from "../sale/results.js";
import type { Receipt, ReceiptCopy, ReceiptKind } from "./receipt.js";
import { reminderOf } from "./reminders.js";

/** What a receipt can be made of. A result that nobody knows has none: it is reversed, or sent on. */
export type ReceiptSource = ApprovedSale | Declined | CapturedSale | ReversedSale | RefundedSale;

export interface ReceiptOptions {
  readonly result: ReceiptSource;
  /** Of `terminal.profile()`: head and avantages. */
  readonly profile: TerminalProfile;
  readonly copy: ReceiptCopy;
  /** It was printed before; the receipt says so. */
  readonly duplicate?: boolean;
  /** For the holder's copy, where an inquiry told it: last day of use, Paris civil date. */
  readonly usableUntil?: string;
}

const LAST_DIGITS = 4;

type Fields = Partial<Receipt> & { readonly kind: ReceiptKind };

/** The receipt of a result, as data. `receiptLines` makes text of it. */
export function receiptOf(options: ReceiptOptions): Receipt {
  const { result, profile, copy, duplicate = false } = options;
  const fields = fieldsOf(result, profile);
  const { remaining, usableUntil, ...forBoth } = fields;
  return {
    ...headOf(profile),
    copy,
    duplicate,
    ...forBoth,
    ...(copy === "holder" ? holderFields({ remaining, usableUntil }, options.usableUntil) : {}),
  };
}

/** Who and where. */
export function headOf({
  terminalId,
  receiptHeader,
  partner,
  pointOfSale,
}: TerminalProfile): Pick<Receipt, "header" | "terminalId"> {
  const own = [partner.name, pointOfSale.name, pointOfSale.city];
  return { terminalId, header: receiptHeader.length > 0 ? receiptHeader : own };
}

/** The French name of an avantage where the profile knows it. */
export function labelOf({ avantages }: TerminalProfile, avantage: string): string {
  return avantages.find((one) => one.avantage === avantage)?.label ?? avantage;
}

function holderFields(
  own: { remaining: Amount | undefined; usableUntil: string | undefined },
  told: string | undefined,
): Partial<Receipt> {
  const { remaining, usableUntil = told } = own;
  return {
    ...(remaining === undefined ? {} : { remaining }),
    ...(usableUntil === undefined ? {} : { usableUntil }),
  };
}

function fieldsOf(result: ReceiptSource, profile: TerminalProfile): Fields {
  switch (result.outcome) {
    case "approved":
      return approvedFields(result, profile);
    case "captured":
      return { kind: "captured", ...saleFields(result, profile), ...pick(result, ["released"]) };
    case "reversed":
      return {
        kind: "reversed",
        atMs: result.decidedAtMs,
        reference: result.id,
        ...avantageFields(result, profile),
        ...pick(result, ["returned"]),
      };
    case "refunded":
      return {
        kind: "refunded",
        atMs: result.decidedAtMs,
        reference: result.id,
        saleReference: result.of,
        ...avantageFields(result, profile),
        ...pick(result, ["returned", "usableUntil"]),
      };
    case "declined":
      return {
        kind: "declined",
        ...(result.id === undefined ? {} : { reference: result.id }),
        ...(result.decidedAtMs === undefined ? {} : { atMs: result.decidedAtMs }),
      };
  }
}

function approvedFields(result: ApprovedSale, profile: TerminalProfile): Fields {
  const fields = saleFields(result, profile);
  const { hold, moneyMoved, avantage } = result;
  if (hold !== undefined) return { kind: "held", ...fields, holdExpiresAtMs: hold.expiresAtMs };
  if (moneyMoved === "no") {
    const { taken: _, remaining: __, ...recorded } = fields;
    const reminder = reminderOf(avantage);
    const kind = "record";
    return { kind, ...recorded, ...(reminder === undefined ? {} : { reminder }) };
  }
  return { kind: takenKind(fields), ...fields };
}

function takenKind({ taken, collectCents = 0 }: Partial<Receipt>): ReceiptKind {
  if (taken?.unit === "SEAT") return "seats";
  if (taken?.unit === "COUPON") return "coupons";
  return collectCents > 0 ? "partial" : "sale";
}

function saleFields(result: ApprovedSale | CapturedSale, profile: TerminalProfile) {
  const taken = takenOf(result, profile);
  return {
    atMs: result.decidedAtMs,
    reference: result.id,
    ...avantageFields(result, profile),
    ...(taken === null ? {} : { taken }),
    ...pick(result, ["collectCents", "remaining"]),
    ...(result.outcome === "approved" ? pick(result, ["declaredCents"]) : {}),
  };
}

function avantageFields(
  result: Pick<CapturedSale, "avantage" | "receipt">,
  profile: TerminalProfile,
): Partial<Receipt> {
  const { avantage: code, receipt } = result;
  const label = receipt?.avantageLabel ?? (code === undefined ? undefined : labelOf(profile, code));
  return {
    ...(code === undefined || label === undefined ? {} : { avantage: { code, label } }),
    ...(receipt === undefined ? {} : cardFields(receipt)),
  };
}

/** Whatever the gateway gives, no more than four digits are on a receipt (T-60). */
function cardFields({ cardLastFour, channel }: NonNullable<CapturedSale["receipt"]>) {
  return { cardLastFour: cardLastFour.slice(-LAST_DIGITS), channel };
}

/** In the avantage's unit; where nobody tells it, pieces are seats. */
function takenOf(
  { amountCents, quantity, avantage }: ApprovedSale | CapturedSale,
  { avantages }: TerminalProfile,
): Amount | null {
  if (amountCents !== undefined) return { unit: "EUR_CENT", value: amountCents };
  if (quantity === undefined) return null;
  const told = avantages.find((one) => one.avantage === avantage)?.unit;
  const unit: CountedUnit = told === "COUPON" ? "COUPON" : "SEAT";
  return { unit, value: quantity };
}

/** The named fields that are there. */
function pick<T extends object, K extends keyof T>(from: T, names: readonly K[]): Pick<T, K> {
  const entries = names
    .filter((name) => from[name] !== undefined)
    .map((name) => [name, from[name]]);
  return Object.fromEntries(entries) as Pick<T, K>;
}
