// Makes the receipt of a result: what was taken, held, given back or refused, for the merchant or the holder.

import type { Amount, CountedUnit, StatusAnswer, TerminalProfile } from "@pass-tpe/protocol";
import { sourceOfStatus } from "./from-status.js";
import type { Receipt, ReceiptCopy, ReceiptKind } from "./receipt.js";
import { reminderOf } from "./reminders.js";
import type { ApprovedSource, CapturedSource, ReceiptSource } from "./source.js";

export interface ReceiptOptions {
  /** A result, or what `terminal.status(id)` says: for a duplicate, when the result itself is lost. */
  readonly result: ReceiptSource | StatusAnswer;
  /** Of a status: prints this refund instead of the sale. */
  readonly refundId?: string;
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

/**
 * The receipt of a result, as data. `receiptLines` makes text of it.
 *
 * @throws PassTpeError `OPTIONS_INVALID` for a status without what is to be printed.
 */
export function receiptOf(options: ReceiptOptions): Receipt {
  const { profile, copy, duplicate = false } = options;
  const result = sourceOf(options);
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

function sourceOf({ result, refundId }: ReceiptOptions): ReceiptSource {
  return "outcome" in result ? result : sourceOfStatus({ status: result, refundId });
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

function approvedFields(result: ApprovedSource, profile: TerminalProfile): Fields {
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

function saleFields(result: ApprovedSource | CapturedSource, profile: TerminalProfile) {
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
  result: Pick<CapturedSource, "avantage" | "receipt">,
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
function cardFields({ cardLastFour, channel }: NonNullable<CapturedSource["receipt"]>) {
  return { cardLastFour: cardLastFour.slice(-LAST_DIGITS), channel };
}

/** In the avantage's unit; where nobody tells it, pieces are seats. */
function takenOf(
  { amountCents, quantity, avantage }: ApprovedSource | CapturedSource,
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
