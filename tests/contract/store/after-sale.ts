// What is done with a sale after its decision: one winner, nothing above what was held or taken, everything once.

import { describeCaptures } from "./captures.js";
import { describeHolds } from "./holds.js";
import type { MakeDriver } from "./open.js";
import { describeOperatorAfterSale } from "./operator-after-sale.js";
import { describeRefundedSales } from "./refunded-sales.js";
import { describeRefunds } from "./refunds.js";
import { describeReversalsByPeriod } from "./reversals-by-period.js";

export function describeAfterSale(makeDriver: MakeDriver): void {
  describeHolds(makeDriver);
  describeCaptures(makeDriver);
  describeRefunds(makeDriver);
  describeRefundedSales(makeDriver);
  describeReversalsByPeriod(makeDriver);
  describeOperatorAfterSale(makeDriver);
}
