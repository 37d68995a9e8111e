// What the books of reimbursement need of a driver: rows in, rows out, inside the open transaction.

import type {
  Charge,
  HoldReason,
  LineState,
  Movement,
  NewLine,
  Payment,
  PaymentKey,
  Settlement,
  SettlementLine,
} from "../../core/settlement/model.js";
import type { LinesQuery, PaymentsQuery } from "../../core/settlement/ports.js";
import type { Awaitable } from "../rows.js";

/**
 * Where movements come from, in the order of accrual: sales that are final at once, captures and refunds, reversals.
 * What gives back is never from an earlier source than what took.
 */
export const MOVEMENT_SOURCES = ["attempts", "operations", "reversals"] as const;
export type MovementSource = (typeof MOVEMENT_SOURCES)[number];

/** The last row of each source that has become a line, or was looked at and owes nothing; zero before the first. */
export type AccruedTo = Readonly<Record<MovementSource, number>>;

/** A movement as the ledger has it. The unit of a sale is the programme's to say; all else of a return is its sale's. */
export type MovementRow =
  | (Pick<
      Movement,
      "terminalId" | "saleId" | "partnerId" | "avantage" | "units" | "atMs" | "programmeHash"
    > & { readonly kind: "sale" })
  | (Pick<Movement, "terminalId" | "saleId" | "refundId" | "units" | "atMs"> & {
      readonly kind: "reversal" | "refund";
    });

export interface MovementPage {
  readonly rows: readonly MovementRow[];
  /** The last row that was looked at, whether or not it moved anything; as asked where there was none. */
  readonly lastSeq: number;
  /** As many rows were looked at as were asked for: there may be more. */
  readonly full: boolean;
}

/** A partner's open lines that stand alike, together: it has a handful of them, however many its lines are. */
export interface Bundle {
  readonly partnerId: string;
  readonly state: LineState;
  readonly holds: readonly HoldReason[];
  readonly schoolYear: string;
  readonly heldForPapers: boolean;
  /** Given back of sales that are in a payment of another settlement than the one that looks at them. */
  readonly ofPaidSale: boolean;
  readonly amountCents: number;
  readonly lines: number;
}

/** Open lines of movements that were made before an instant, as a settlement looks at them: of one partner, or of all. */
export interface OpenQuery {
  readonly partnerId: string | null;
  /** Null: as they stand between two settlements. */
  readonly settlement: string | null;
  readonly beforeMs: number;
}

export interface SettlementDriver {
  accruedTo(): Awaitable<AccruedTo>;
  setAccruedTo(to: AccruedTo): Awaitable<void>;
  /** The movements among the next rows of a source: at most `max` rows are looked at. */
  movements(query: {
    readonly source: MovementSource;
    readonly afterSeq: number;
    readonly max: number;
  }): Awaitable<MovementPage>;
  /** Stores a line as ACCRUED, under the next number. */
  addLine(line: NewLine): Awaitable<void>;
  /** The line of a sale itself; null where nothing was owed for it. */
  saleLine(terminalId: string, saleId: string): Awaitable<SettlementLine | null>;
  /** The next `max` lines after a number. */
  lines(
    query: LinesQuery & { readonly afterNo: number; readonly max: number },
  ): Awaitable<readonly SettlementLine[]>;
  openBundles(query: OpenQuery): Awaitable<readonly Bundle[]>;
  /**
   * Moves all lines of a bundle, and remembers which lines a payment was made of.
   *
   * @returns how many lines there were.
   */
  moveBundle(
    query: Omit<OpenQuery, "partnerId"> & { readonly bundle: Bundle },
    to: {
      readonly state: LineState;
      readonly holds: readonly HoldReason[];
      /** The settlement whose payment they are in from now on; null: they stay open. */
      readonly settlement: string | null;
    },
  ): Awaitable<number>;
  /** Partners with open lines from before an instant and without a payment in this settlement, in the order of ids. */
  partnersWithOpenLines(query: {
    readonly settlement: string;
    readonly beforeMs: number;
  }): Awaitable<readonly string[]>;
  findSettlement(lastDay: string): Awaitable<Settlement | null>;
  /** In the order of their days. */
  settlements(): Awaitable<readonly Settlement[]>;
  addSettlement(settlement: Omit<Settlement, "state">): Awaitable<void>;
  /** Makes an open settlement a filed one. */
  keepFiles(
    lastDay: string,
    files: { readonly file: Uint8Array; readonly accounts: string },
  ): Awaitable<void>;
  file(lastDay: string): Awaitable<Uint8Array | null>;
  accounts(lastDay: string): Awaitable<string | null>;
  findPayment(key: PaymentKey): Awaitable<Payment | null>;
  addPayment(payment: Payment): Awaitable<void>;
  /** In the order of their numbers. */
  payments(settlement: string): Awaitable<readonly Payment[]>;
  /** In the order of their settlements: those that were made of lines which moved in the time, returned ones too. */
  paymentsOf(query: PaymentsQuery): Awaitable<readonly Payment[]>;
  /** What a payment was made of, by avantage in the order of codes; of a returned one as well. */
  charges(key: PaymentKey): Awaitable<readonly Charge[]>;
  /** Returned payments that no accounts have booked as returned, in the order of settlements and numbers. */
  returnsToBook(): Awaitable<readonly Payment[]>;
  /** Remembers in which settlement's accounts a return is booked. */
  bookReturn(key: PaymentKey, bookedIn: string): Awaitable<void>;
  /** How many payments a settlement has, and the sum of those that were not returned. */
  paymentSums(settlement: string): Awaitable<{ readonly payments: number; readonly cents: number }>;
  /** When the bank made the last report that was heard of a payment, Unix milliseconds; null before the first. */
  saidAt(key: PaymentKey): Awaitable<number | null>;
  noteSaid(key: PaymentKey, saidAtMs: number): Awaitable<void>;
  /** The states of those payments of a settlement of which the last report that was heard is not that of an instant. */
  unheardStates(settlement: string, saidAtMs: number): Awaitable<readonly Payment["state"][]>;
  /** Whether a returned payment could stand after all: each of its lines is in no payment, and no accounts book it. */
  canPutRight(key: PaymentKey): Awaitable<boolean>;
  /** Writes a payment and its lines as paid, open ones too; or as returned, which opens its lines again. */
  closePayment(
    key: PaymentKey,
    as: { readonly state: "PAID" | "REJECTED"; readonly reason: string | null },
  ): Awaitable<void>;
}
