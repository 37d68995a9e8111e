// The books of reimbursement in memory.

import type { AccruedTo, SettlementDriver } from "../settlement/driver.js";
import { memoryLines } from "./settlement-lines.js";
import { memoryMovements } from "./settlement-movements.js";
import { memoryPayments } from "./settlement-payments.js";
import { createSettlementTables } from "./settlement-tables.js";
import { createTable, type Tables } from "./tables.js";

const NOTHING_ACCRUED: AccruedTo = { attempts: 0, operations: 0, reversals: 0 };
const ONLY = "only";

/** Makes empty books beside tables whose undo log they share. */
export function memorySettlement(tables: Tables): SettlementDriver {
  const accrued = createTable<AccruedTo>(tables.undo);
  const own = createSettlementTables(tables);
  return {
    accruedTo: () => accrued.get(ONLY) ?? NOTHING_ACCRUED,
    setAccruedTo: (to) => accrued.put(ONLY, to),
    movements: memoryMovements(tables),
    ...memoryLines(own),
    ...memoryPayments(own),
  };
}
