// What a bank says of payments, written down: each payment once, and never two things by one message.

import { heard, type Standing } from "../../core/settlement/life.js";
import type { PaymentKey } from "../../core/settlement/model.js";
import type { PaymentStatus, PaymentStatusOutcome } from "../../core/settlement/ports.js";
import type { Awaitable } from "../rows.js";
import type { SettlementDriver } from "./driver.js";

type Outcome = PaymentStatusOutcome["outcome"];

/** What is said of payments by name needs no look at the others. */
const NOT_ASKED: Standing["ofMessage"] = new Set();

/**
 * Builds the step that marks payments, to be run inside a transaction. The words of one report can be given to it in
 * parts, and again: those that were heard already do not count against the others.
 */
export function createStatusStep(books: SettlementDriver) {
  async function standingOf(
    status: PaymentStatus,
    ofMessage: Standing["ofMessage"],
  ): Promise<Standing | null> {
    const payment = await books.findPayment(status);
    if (!payment) return null;
    const { state } = payment;
    const saidAtMs = await books.saidAt(status);
    const canPutRight = state === "REJECTED" && (await books.canPutRight(status));
    return { state, saidAtMs, canPutRight, ofMessage };
  }

  async function mark(status: PaymentStatus, standing: Standing): Promise<Outcome> {
    const outcome = heard(standing, status);
    const { saidAtMs } = standing;
    const isLater = saidAtMs === null || status.saidAtMs > saidAtMs;
    // What is said of a copy is no word of the payment: it must not make an earlier one look overtaken.
    const isOfPayment = status.about !== "copy" && outcome !== "contradiction";
    if (isOfPayment && isLater) await books.noteSaid(status, status.saidAtMs);
    if (outcome !== "applied") return outcome;
    const reason = status.status === "REJECTED" ? status.reason : null;
    await books.closePayment(status, { state: status.status, reason });
    return outcome;
  }

  return async (statuses: readonly PaymentStatus[]): Promise<readonly PaymentStatusOutcome[]> => {
    const isFiled = remembered(
      async (it) => (await books.findSettlement(it.settlement))?.state === "filed",
    );
    const statesOf = remembered((it) => books.unheardStates(it.settlement, it.saidAtMs));
    const contradicted = contradictedOf(statuses);

    async function outcomeOf(status: PaymentStatus): Promise<Outcome> {
      if (!(await isFiled(status))) return "unknown";
      const ofMessage = status.about === "message" ? await statesOf(status) : NOT_ASKED;
      const standing = await standingOf(status, new Set(ofMessage));
      if (!standing) return "unknown";
      return contradicted.has(nameOf(status)) ? "contradiction" : mark(status, standing);
    }

    const outcomes: PaymentStatusOutcome[] = [];
    for (const status of statuses) {
      const { settlement, partnerId } = status;
      outcomes.push({ settlement, partnerId, outcome: await outcomeOf(status) });
    }
    return outcomes;
  };
}

/** Asks once of each report of a settlement. */
function remembered<T>(
  ask: (status: PaymentStatus) => Awaitable<T>,
): (status: PaymentStatus) => Promise<T> {
  const answers = new Map<string, { readonly answer: T }>();
  return async (status) => {
    const name = `${status.settlement} ${status.saidAtMs}`;
    const known = answers.get(name) ?? { answer: await ask(status) };
    answers.set(name, known);
    return known.answer;
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
