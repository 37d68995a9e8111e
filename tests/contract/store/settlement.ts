// The books of reimbursement, on one kind of driver.

import type { MakeDriver } from "./open.js";
import { describeAccrual } from "./settlement-accrual.js";
import { describeSettlementFaults } from "./settlement-faults.js";
import { describePeriods } from "./settlement-periods.js";
import { describeReturns } from "./settlement-returns.js";
import { describeTold } from "./settlement-told.js";

export function describeSettlement(makeDriver: MakeDriver): void {
  describeAccrual(makeDriver);
  describePeriods(makeDriver);
  describeReturns(makeDriver);
  describeTold(makeDriver);
  describeSettlementFaults(makeDriver);
}
