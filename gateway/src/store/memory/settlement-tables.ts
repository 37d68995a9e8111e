// The tables of reimbursement in memory, and what both lines and payments look up in them.

import type {
  Payment,
  PaymentKey,
  Settlement,
  SettlementLine,
} from "../../core/settlement/model.js";
import { createTable, keyOf, type Tables } from "./tables.js";

export type StoredSettlement = Omit<Settlement, "state"> & {
  readonly file: Uint8Array | null;
  readonly accounts: string | null;
};
export type StoredPayment = Payment & {
  readonly returnBookedIn: string | null;
  readonly saidAtMs: number | null;
};
/** What is not stored of a line follows from its sale and its payments. */
export type StoredLine = Omit<SettlementLine, "ofPaidSale" | "returnedFrom">;
type PaymentLine = PaymentKey & { readonly lineNo: number };

export type SettlementTables = ReturnType<typeof createSettlementTables>;

/** Makes empty ones beside tables whose undo log they share. */
export function createSettlementTables({ undo }: Pick<Tables, "undo">) {
  const paymentLines = createTable<PaymentLine>(undo);
  const lines = createTable<StoredLine>(undo);
  return {
    undo,
    settlements: createTable<StoredSettlement>(undo),
    payments: createTable<StoredPayment>(undo),
    paymentLines,
    lines,
    putLine: (line: StoredLine): void => lines.put(String(line.no), line),
    /** What a payment was made of, a returned one too. */
    linesOf(key: PaymentKey): readonly StoredLine[] {
      const own = paymentLines.values().filter((it) => nameOf(it) === nameOf(key));
      return own.flatMap(({ lineNo }) => lines.get(String(lineNo)) ?? []);
    },
  };
}

/** The key of a payment's row. */
export const nameOf = (key: PaymentKey): string => keyOf(key.settlement, key.partnerId);
