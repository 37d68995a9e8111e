// The books of reimbursement on SQLite.

import { assert } from "../../core/assert.js";
import type { AccruedTo, SettlementDriver } from "../settlement/driver.js";
import type { Sqlite } from "./database.js";
import { prepareLines } from "./settlement-lines.js";
import { prepareMovements } from "./settlement-movements.js";
import { preparePayments } from "./settlement-payments.js";

/**
 * Prepares the books of a database.
 *
 * @param guarded tells a bug from a database that fails; every call goes through it.
 */
export function sqliteSettlement(db: Sqlite, guarded: <T>(work: () => T) => T): SettlementDriver {
  const accrued = db.prepare<[], AccruedTo>(
    "SELECT attempts_seq AS attempts, operations_seq AS operations, reversals_seq AS reversals FROM accrued",
  );
  const setAccrued = db.prepare(
    "UPDATE accrued SET attempts_seq = @attempts, operations_seq = @operations, reversals_seq = @reversals",
  );
  const movements = prepareMovements(db);
  const lines = prepareLines(db);
  const payments = preparePayments(db);
  return {
    accruedTo: () =>
      guarded(() => {
        const to = accrued.get();
        assert(to, "the schema has one row of what was accrued");
        return to;
      }),
    setAccruedTo: (to) => void guarded(() => setAccrued.run(to)),
    movements: (query) => guarded(() => movements(query)),
    addLine: (line) => guarded(() => lines.addLine(line)),
    saleLine: (terminalId, saleId) => guarded(() => lines.saleLine(terminalId, saleId)),
    lines: (query) => guarded(() => lines.lines(query)),
    openBundles: (query) => guarded(() => lines.openBundles(query)),
    moveBundle: (query, to) => guarded(() => lines.moveBundle(query, to)),
    partnersWithOpenLines: (query) => guarded(() => lines.partnersWithOpenLines(query)),
    findSettlement: (lastDay) => guarded(() => payments.findSettlement(lastDay)),
    settlements: () => guarded(() => payments.settlements()),
    addSettlement: (settlement) => guarded(() => payments.addSettlement(settlement)),
    keepFiles: (lastDay, files) => guarded(() => payments.keepFiles(lastDay, files)),
    file: (lastDay) => guarded(() => payments.file(lastDay)),
    accounts: (lastDay) => guarded(() => payments.accounts(lastDay)),
    findPayment: (key) => guarded(() => payments.findPayment(key)),
    addPayment: (payment) => guarded(() => payments.addPayment(payment)),
    payments: (settlement) => guarded(() => payments.payments(settlement)),
    paymentsOf: (query) => guarded(() => payments.paymentsOf(query)),
    charges: (key) => guarded(() => payments.charges(key)),
    returnsToBook: () => guarded(() => payments.returnsToBook()),
    bookReturn: (key, bookedIn) => guarded(() => payments.bookReturn(key, bookedIn)),
    paymentSums: (settlement) => guarded(() => payments.paymentSums(settlement)),
    saidAt: (key) => guarded(() => payments.saidAt(key)),
    noteSaid: (key, saidAtMs) => guarded(() => payments.noteSaid(key, saidAtMs)),
    unheardStates: (settlement, saidAtMs) =>
      guarded(() => payments.unheardStates(settlement, saidAtMs)),
    canPutRight: (key) => guarded(() => payments.canPutRight(key)),
    closePayment: (key, as) => guarded(() => payments.closePayment(key, as)),
  };
}
