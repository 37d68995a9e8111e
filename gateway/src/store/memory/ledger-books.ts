// The books of reimbursement in memory, as verification reads them: lists that the driver of settlement tells.

import type { Payment, SettlementLine } from "../../core/settlement/model.js";
import type { LedgerBooks, LedgerLine, PaymentLine, SaleBooks } from "../ledger-books.js";
import type { AttemptRow, Awaitable, OperationRow, ReversalRow } from "../rows.js";
import type { SettlementDriver } from "../settlement/driver.js";
import { keyOf } from "./tables.js";

/** Of a ledger, what may be owed for; in the order of its making. */
interface MovedRows {
  readonly attempts: readonly AttemptRow[];
  readonly operations: readonly OperationRow[];
  readonly reversals: readonly ReversalRow[];
}

/** Books that tell what is owed for one sale at a time. */
export interface ListedBooks extends LedgerBooks {
  ofSale(sale: Pick<AttemptRow, "terminalId" | "id">): Awaitable<SaleBooks>;
}

/** Books in which nothing is written. */
export const NO_BOOKS: ListedBooks = {
  ofSale: () => ({ lines: [], lookedAt: { decision: false, operations: 0, reversal: false } }),
  strayLines: () => [],
  settlements: () => [],
  file: () => null,
  payments: () => [],
  paymentLines: () => [],
  strayPayments: () => [],
  strayPaymentLines: () => [],
};

/** The books beside a ledger's rows, as they stand when they are first read. */
export function booksOf(settlement: SettlementDriver, rows: MovedRows): ListedBooks {
  let read: Promise<readonly SettlementLine[]> | null = null;
  const allLines = async () => {
    read ??= Promise.resolve(settlement.lines({ afterNo: 0, max: Number.POSITIVE_INFINITY }));
    return read;
  };
  const sales = new Set(
    rows.attempts
      .filter(({ kind }) => kind === "authorization")
      .map(({ terminalId, id }) => keyOf(terminalId, id)),
  );

  return {
    ...NO_BOOKS,
    async ofSale({ terminalId, id }) {
      const lines = (await allLines()).filter(
        (line) => line.terminalId === terminalId && line.saleId === id,
      );
      const to = await settlement.accruedTo();
      const isOwn = (row: { readonly terminalId: string; readonly id: string }) =>
        row.terminalId === terminalId && row.id === id;
      const operations = rows.operations.slice(0, to.operations);
      return {
        // A line names its payment, and a payment its lines by nothing else.
        lines: lines.map((line): LedgerLine => ({ ...line, isRemembered: line.payment !== null })),
        lookedAt: {
          decision: rows.attempts.slice(0, to.attempts).some(isOwn),
          operations: operations.filter((it) => it.terminalId === terminalId && it.attemptId === id)
            .length,
          reversal: rows.reversals.slice(0, to.reversals).some(isOwn),
        },
      };
    },
    async *strayLines() {
      for (const line of await allLines()) {
        if (!sales.has(keyOf(line.terminalId, line.saleId))) yield line;
      }
    },
    settlements: () => settlement.settlements(),
    file: (lastDay) => settlement.file(lastDay),
    payments: (lastDay) => settlement.payments(lastDay),
    paymentLines: (payment) => (payment.state === "REJECTED" ? null : linesOf(payment)),
  };

  async function* linesOf({
    settlement: lastDay,
    partnerId,
  }: Payment): AsyncGenerator<PaymentLine> {
    for (const line of await allLines()) {
      const isIn = line.payment?.settlement === lastDay && line.payment.partnerId === partnerId;
      if (isIn) yield { no: line.no, line };
    }
  }
}
