// The books of reimbursement.

import { assert } from "../../core/assert.js";
import type { AccruedTo, SettlementDriver } from "../settlement/driver.js";
import { prepareSettlements } from "./settlement-files.js";
import { prepareLines } from "./settlement-lines.js";
import { prepareMovements } from "./settlement-movements.js";
import { preparePayments, prepareReturns } from "./settlement-payments.js";
import type { Sql } from "./sql.js";

/** How far the ledger has become lines. */
export const ACCRUED =
  "SELECT attempts_seq AS attempts, operations_seq AS operations, reversals_seq AS reversals FROM accrued";

/** Prepares the books of a database. */
export function settlementTables(sql: Sql): SettlementDriver {
  const accrued = sql.prepare<AccruedTo>(ACCRUED);
  const setAccrued = sql.prepare(
    "UPDATE accrued SET attempts_seq = @attempts, operations_seq = @operations, reversals_seq = @reversals",
  );
  return {
    async accruedTo() {
      const to = await accrued.get();
      assert(to, "the schema has one row of what was accrued");
      return to;
    },
    async setAccruedTo(to) {
      await setAccrued.run({ ...to });
    },
    movements: prepareMovements(sql),
    ...prepareLines(sql),
    ...prepareSettlements(sql),
    ...preparePayments(sql),
    ...prepareReturns(sql),
  };
}
