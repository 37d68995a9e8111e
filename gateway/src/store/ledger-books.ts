// What verification reads of the books of reimbursement; nothing is written while it does.

import type { Payment, PaymentKey, Settlement, SettlementLine } from "../core/settlement/model.js";
import type { Awaitable, Rows } from "./rows.js";

export interface LedgerLine extends SettlementLine {
  /** The payment that it is in is stored as made of it; false where it is in none. */
  readonly isRemembered: boolean;
}

/** The lines of one sale and of what was given back of it, and how far accrual came with it. */
export interface SaleBooks {
  /** In the order of accrual. */
  readonly lines: readonly LedgerLine[];
  readonly lookedAt: {
    readonly decision: boolean;
    /** How many of its captures and refunds, the earliest first. */
    readonly operations: number;
    readonly reversal: boolean;
  };
}

/** A line that a payment was made of; null where it is not there. */
export interface PaymentLine {
  readonly no: number;
  readonly line: Pick<
    SettlementLine,
    "partnerId" | "atMs" | "amountCents" | "state" | "payment"
  > | null;
}

export interface LedgerBooks {
  /** Lines of no authorization. */
  strayLines(): Rows<SettlementLine>;
  /** In the order of their days. */
  settlements(): Awaitable<readonly Settlement[]>;
  /** Null where it is not filed. */
  file(lastDay: string): Awaitable<Uint8Array | null>;
  /** Of one settlement, in the order of their numbers. */
  payments(lastDay: string): Awaitable<readonly Payment[]>;
  /** What a payment was made of. Null where a driver tells that only of what did not come back, and this one did. */
  paymentLines(payment: Payment): Rows<PaymentLine> | null;
  /** Payments of no settlement. */
  strayPayments(): Rows<PaymentKey>;
  /** What no payment was made of. */
  strayPaymentLines(): Rows<PaymentKey & { readonly no: number }>;
}
