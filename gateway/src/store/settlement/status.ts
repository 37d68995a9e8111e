// What a bank says of payments, written down: each payment once, and never two things by one message.

import { heard, type Standing } from "../../core/settlement/life.js";
import type { PaymentKey } from "../../core/settlement/model.js";
import type { PaymentStatus, PaymentStatusOutcome } from "../../core/settlement/ports.js";
import type { SettlementDriver } from "./driver.js";

type Outcome = PaymentStatusOutcome["outcome"];

/**
 * Builds the step that marks the payments of one message, to be run inside a transaction. A message names at most the
 * payments of a settlement, one for each partner; their lines are moved by the database itself.
 */
export function createStatusStep(books: SettlementDriver) {
  /** The states of all payments of each message, as they were before anything of the report was written. */
  async function statesOf(
    statuses: readonly PaymentStatus[],
  ): Promise<ReadonlyMap<string, Standing["ofMessage"]>> {
    const states = new Map<string, Standing["ofMessage"]>();
    for (const settlement of new Set(statuses.map((it) => it.settlement))) {
      const payments = await books.payments(settlement);
      states.set(settlement, new Set(payments.map(({ state }) => state)));
    }
    return states;
  }

  async function outcomeOf(
    status: PaymentStatus,
    message: { readonly saysBoth: boolean; readonly states: Standing["ofMessage"] },
  ): Promise<Outcome> {
    const payment = await books.findPayment(status);
    const settlement = await books.findSettlement(status.settlement);
    if (!payment || settlement?.state !== "filed") return "unknown";
    if (message.saysBoth) return "contradiction";
    const { state } = payment;
    const saidAtMs = await books.saidAt(status);
    const canPutRight = state === "REJECTED" && (await books.canPutRight(status));
    const outcome = heard({ state, saidAtMs, canPutRight, ofMessage: message.states }, status);
    const isLater = saidAtMs === null || status.saidAtMs > saidAtMs;
    if (outcome !== "contradiction" && isLater) await books.noteSaid(status, status.saidAtMs);
    if (outcome !== "applied") return outcome;
    const reason = status.status === "REJECTED" ? status.reason : null;
    await books.closePayment(status, { state: status.status, reason });
    return outcome;
  }

  return async (statuses: readonly PaymentStatus[]): Promise<readonly PaymentStatusOutcome[]> => {
    const contradicted = contradictedOf(statuses);
    const statesBefore = await statesOf(statuses);
    const outcomes: PaymentStatusOutcome[] = [];
    for (const status of statuses) {
      const { settlement, partnerId } = status;
      const saysBoth = contradicted.has(nameOf(status));
      const states = statesBefore.get(settlement) ?? new Set();
      const outcome = await outcomeOf(status, { saysBoth, states });
      outcomes.push({ settlement, partnerId, outcome });
    }
    return outcomes;
  };
}

/** The payments of which one message says both. */
function contradictedOf(statuses: readonly PaymentStatus[]): ReadonlySet<string> {
  const words = new Map<string, PaymentStatus["status"]>();
  const contradicted = new Set<string>();
  for (const status of statuses) {
    const name = nameOf(status);
    if ((words.get(name) ?? status.status) !== status.status) contradicted.add(name);
    words.set(name, status.status);
  }
  return contradicted;
}

const nameOf = ({ settlement, partnerId }: PaymentKey): string => `${settlement} ${partnerId}`;
