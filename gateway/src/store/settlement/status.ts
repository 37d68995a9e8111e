// What a bank says of payments, written down: each payment once, and never two things by one message.

import { heard } from "../../core/settlement/life.js";
import type { PaymentKey } from "../../core/settlement/model.js";
import type { PaymentStatus, PaymentStatusOutcome } from "../../core/settlement/ports.js";
import type { SettlementDriver } from "./driver.js";

/**
 * Builds the step that marks the payments of one message, to be run inside a transaction. A message names at most the
 * payments of a settlement, one for each partner; their lines are moved by the database itself.
 */
export function createStatusStep(books: SettlementDriver) {
  async function outcomeOf(
    status: PaymentStatus,
    isContradicted: boolean,
  ): Promise<PaymentStatusOutcome["outcome"]> {
    const payment = await books.findPayment(status);
    const settlement = await books.findSettlement(status.settlement);
    if (!payment || settlement?.state !== "filed") return "unknown";
    if (isContradicted) return "contradiction";
    const outcome = heard(payment.state, status.status);
    if (outcome !== "applied") return outcome;
    const reason = status.status === "REJECTED" ? status.reason : null;
    await books.closePayment(status, { state: status.status, reason });
    return outcome;
  }

  return async (statuses: readonly PaymentStatus[]): Promise<readonly PaymentStatusOutcome[]> => {
    const said = new Map<string, Set<PaymentStatus["status"]>>();
    for (const status of statuses) {
      const words = said.get(nameOf(status)) ?? new Set();
      said.set(nameOf(status), words.add(status.status));
    }
    const outcomes: PaymentStatusOutcome[] = [];
    for (const status of statuses) {
      const isContradicted = (said.get(nameOf(status))?.size ?? 0) > 1;
      const { settlement, partnerId } = status;
      const outcome = await outcomeOf(status, isContradicted);
      outcomes.push({ settlement, partnerId, outcome });
    }
    return outcomes;
  };
}

const nameOf = ({ settlement, partnerId }: PaymentKey): string => `${settlement} ${partnerId}`;
