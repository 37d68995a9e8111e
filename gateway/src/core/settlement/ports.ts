// What settlement needs of a store: steps that are durable before they answer, each of them safe to repeat.

import type {
  Charge,
  HoldReason,
  LineState,
  PartnerPapers,
  Payment,
  PaymentKey,
  Settlement,
  SettlementLine,
} from "./model.js";

/** The books of reimbursement, as the edges see them. */
export interface SettlementStore {
  /** Turns what moved since the last time into lines, a bounded number of movements at a time. */
  accrue(): Promise<{ readonly movements: number; readonly more: boolean }>;
  /** Begins the settlement of a period, or finds it begun. */
  beginSettlement(period: {
    readonly lastDay: string;
    readonly cutoffMs: number;
  }): Promise<Settlement>;
  /** The partners with lines from before the cut-off that no payment has yet, in the order of ids. */
  partnersToSettle(lastDay: string): Promise<readonly string[]>;
  /**
   * Settles one partner in one settlement: looks at every line again, holds or releases it, and puts what is released
   * into one payment where the sum is above zero. Repeated, it changes nothing once there is a payment.
   */
  settlePartner(key: PaymentKey): Promise<PartnerOutcome>;
  /**
   * Keeps the payment file and the accounts of a settlement; from then on it gets no payment more. The first ones
   * count: what comes later is not kept. Where there are other payments by now than they were made of, or a return was
   * booked meanwhile, nothing is kept either, and the settlement is still open: make them again.
   */
  fileSettlement(lastDay: string, made: MadeFiles): Promise<Settlement>;
  settlement(lastDay: string): Promise<Settlement | null>;
  settlements(): Promise<readonly Settlement[]>;
  /** In the order of their numbers. */
  payments(lastDay: string): Promise<readonly Payment[]>;
  /** In the order of their settlements: what was made of lines that moved in `[fromMs, toMs)`, returned ones too. */
  paymentsOf(query: PaymentsQuery): Promise<readonly Payment[]>;
  /** What a payment was made of, by avantage in the order of codes; of a returned one as well. */
  charges(key: PaymentKey): Promise<readonly Charge[]>;
  /** Returned payments that no accounts have booked as returned yet, in the order of their settlements and numbers. */
  returnsToBook(): Promise<readonly Payment[]>;
  /** As it was kept; null before, and where there is no such settlement. */
  paymentFile(lastDay: string): Promise<Uint8Array | null>;
  /** As they were kept, CSV; null before, and where there is no such settlement. */
  accounts(lastDay: string): Promise<string | null>;
  /** Where a settlement stands now; null where there is none. */
  sums(lastDay: string): Promise<SettlementSums | null>;
  /** Null where there is no such partner. */
  papers(partnerId: string): Promise<PartnerPapers | null>;
  /** What a partner's open lines that nothing holds now come to; a settlement pays it where it is above zero. */
  balanceCents(partnerId: string): Promise<number>;
  /**
   * Marks payments as paid or returned, all of them at once. A returned one opens its lines again. What one report says
   * of many payments may be given in parts, so that sales come between, and again after it was stopped.
   */
  recordStatus(statuses: readonly PaymentStatus[]): Promise<readonly PaymentStatusOutcome[]>;
  /** Lines in the order of accrual: of one partner, or all of them. */
  lines(query: LinesQuery): AsyncIterable<SettlementLine>;
}

/** What a settlement is filed with. */
export interface MadeFiles {
  /** Empty where there is nothing to pay. */
  readonly file: Uint8Array;
  readonly accounts: string;
  /** How many payments they were made of. */
  readonly payments: number;
  /** The returned payments that the accounts book as returned. */
  readonly returns: readonly PaymentKey[];
}

export interface PaymentsQuery {
  readonly partnerId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PartnerOutcome {
  readonly payment: Payment | null;
  readonly heldCents: number;
  readonly releasedCents: number;
}

/** What a bank says of a payment in one of its reports. */
export interface BankWord {
  readonly status: "PAID" | "REJECTED";
  readonly reason: string | null;
  /**
   * `payment`: the report says it of this one. `message`: it says it of the payment file as a whole. `copy`: the bank
   * rejects what it has already, which says nothing of the first copy.
   */
  readonly about: "payment" | "message" | "copy";
  /** When the bank made the report, Unix milliseconds. */
  readonly saidAtMs: number;
}

export interface PaymentStatus extends PaymentKey, BankWord {}

/**
 * `unchanged`: it stands so already, or a later report says otherwise. `unknown`: no bank was asked for such a payment.
 * `contradiction`: what the bank says cannot be, or not be put right any more: `core/settlement/life.ts` says when.
 */
export type PaymentStatusOutcome = PaymentKey & {
  readonly outcome: "applied" | "unchanged" | "unknown" | "contradiction";
};

export interface LinesQuery {
  readonly partnerId?: string;
  readonly settlement?: string;
  readonly states?: readonly LineState[];
  /** Movements made in `[fromMs, toMs)`. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** What the operator can do with reimbursements. Each of it can be repeated without harm. */
export interface Settlements {
  /**
   * Closes the period that ends with a Paris day: every line from before its end is held, carried over, or paid.
   * Earlier ones that were begun and not filed are closed before it. Again, it goes on where it stopped, or finds it
   * done.
   */
  settle(lastDay: string): Promise<SettlementResult>;
  /** The last period whose end is past now, Paris civil date of its last day. */
  lastClosedDay(): string;
  list(): Promise<readonly SettlementReport[]>;
  report(lastDay: string): Promise<SettlementReport | null>;
  /** The payment file as it was made: the same bytes whenever it is asked for. */
  paymentFile(lastDay: string): Promise<Uint8Array | null>;
  /** Reads a bank's payment status report (pain.002) and marks what it says. */
  readStatusReport(xml: string): Promise<StatusReportResult>;
  /** Null where there is no such partner. Days are Paris civil dates, both included. */
  statement(query: {
    readonly partnerId: string;
    readonly firstDay: string;
    readonly lastDay: string;
    readonly format: "csv" | "html";
  }): Promise<string | null>;
  /** The accounts' entries as one settlement was filed with them, CSV: the same whenever asked for; null before. */
  accounts(lastDay: string): Promise<string | null>;
  /** Patterns that were seen in fraud elsewhere: reported, never a decline. Days as for a statement. */
  alerts(days: { readonly firstDay: string; readonly lastDay: string }): Promise<readonly Alert[]>;
}

export type SettlementResult =
  | { readonly type: "settled"; readonly report: SettlementReport }
  | {
      readonly type: "refused";
      /**
       * `NOT_A_CUTOFF`: no period ends there. `NOT_OVER`: it has not ended yet. `PERIOD_CLOSED`: it is too long ago, a
       * later one is settled or nothing had moved by then. `NO_PAYER`: the programme names none.
       */
      readonly code: "NOT_A_CUTOFF" | "NOT_OVER" | "PERIOD_CLOSED" | "NO_PAYER";
      readonly detail: string;
    };

/** What became of a settlement's payments, and of what is in no payment. */
export interface SettlementSums {
  readonly payments: number;
  /** Of all payments that were not returned. */
  readonly paidCents: number;
  /** Of all lines from before the cut-off that are in no payment now. */
  readonly heldCents: number;
  /** Of partners whose lines that are neither paid nor held come to more than zero: for the next settlement. */
  readonly carriedCents: number;
  /** Of partners where they come to less: it is set off against later sales. Above zero. */
  readonly owedBackCents: number;
  /** How many lines each reason holds; a line can have several. */
  readonly holds: Readonly<Record<HoldReason, number>>;
}

export interface SettlementReport extends Settlement, SettlementSums {}

/** What came of one thing that a report says. */
export interface ReportedOutcome {
  readonly settlement: string;
  /** The payment's number in its settlement, as the report names it. */
  readonly no: number;
  /** Null where the settlement has no such payment. */
  readonly partnerId: string | null;
  readonly outcome: PaymentStatusOutcome["outcome"];
}

export type StatusReportResult =
  | { readonly type: "read"; readonly outcomes: readonly ReportedOutcome[] }
  | { readonly type: "refused"; readonly detail: string };

/** One pattern worth a look. */
export interface Alert {
  readonly kind:
    | "FULL_BALANCES"
    | "SPLIT_ABOVE_HALF"
    | "VOLUME_OUT_OF_LINE"
    | "RUSH_BEFORE_EXPIRY"
    | "MANY_PSC1";
  readonly partnerId: string;
  /** Paris civil date. */
  readonly day: string;
  /** In French, for whoever looks: what was seen, with its figures. */
  readonly words: string;
  readonly figures: Readonly<Record<string, number>>;
}
