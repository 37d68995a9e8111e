// Where a payment's money is by its bank's own words, kept from outside the books and simpler than they keep it.

import type { Payment, PaymentKey } from "../../../gateway/src/core/settlement/model.js";
import type { HeardWord } from "./settlement-player.js";

/** The books as they were before the bank was heard. */
export interface BooksBefore {
  readonly payments: readonly Payment[];
  /** Whether each line that a payment was made of was in no payment. */
  isOpen(payment: PaymentKey): boolean;
  /** Whether no accounts had booked its return. */
  isUnbooked(payment: PaymentKey): boolean;
}

export const nameOf = ({ settlement, partnerId }: PaymentKey): string =>
  `${settlement} ${partnerId}`;

/** The payments of which a bank said last, of each by itself, that they went out; and none that it took back since. */
export function createMoney() {
  const out = new Set<string>();
  const lastSaid = new Map<string, number>();

  function hear(word: HeardWord, before: BooksBefore): void {
    const name = nameOf(word);
    const isLater = word.saidAtMs > (lastSaid.get(name) ?? Number.NEGATIVE_INFINITY);
    if (!isLater || word.outcome === "unknown" || word.about === "copy") return;
    const state = before.payments.find((it) => nameOf(it) === name)?.state;
    const couldStand = state !== "REJECTED" || (before.isOpen(word) && before.isUnbooked(word));
    const isNamed = word.about === "payment";
    if (word.status === "PAID" && couldStand && (isNamed || state !== "REJECTED")) out.add(name);
    else if (word.status === "REJECTED" && isNamed) out.delete(name);
    else if (word.outcome === "contradiction") return;
    lastSaid.set(name, word.saidAtMs);
  }

  return { out: out as ReadonlySet<string>, hear };
}
