// Settlements with their files in memory, and the payments that they are made of.

import { assert } from "../../core/assert.js";
import type { Payment, Settlement } from "../../core/settlement/model.js";
import type { SettlementDriver } from "../settlement/driver.js";
import {
  nameOf,
  type SettlementTables,
  type StoredPayment,
  type StoredSettlement,
} from "./settlement-tables.js";

/** Builds the reads and writes of settlements and payments. */
export function memoryPayments({ settlements, payments, putLine, linesOf }: SettlementTables) {
  return {
    findSettlement(lastDay) {
      const found = settlements.get(lastDay);
      return found ? settlementOf(found) : null;
    },
    settlements: () =>
      settlements
        .values()
        .map(settlementOf)
        .sort((a, b) => (a.lastDay < b.lastDay ? -1 : 1)),
    addSettlement(settlement) {
      assert(!settlements.has(settlement.lastDay), "a settlement is begun once");
      settlements.put(settlement.lastDay, { ...settlement, file: null, accounts: null });
    },
    keepFiles(lastDay, { file, accounts }) {
      const settlement = settlements.get(lastDay);
      assert(settlement?.file === null, "a payment file is made once");
      settlements.put(lastDay, { ...settlement, file: Uint8Array.from(file), accounts });
    },
    file: (lastDay) => settlements.get(lastDay)?.file ?? null,
    accounts: (lastDay) => settlements.get(lastDay)?.accounts ?? null,

    findPayment(key) {
      const payment = payments.get(nameOf(key));
      return payment ? paymentOf(payment) : null;
    },
    addPayment(payment) {
      assert(!payments.has(nameOf(payment)), "a partner has one payment in a settlement");
      payments.put(nameOf(payment), { ...payment, returnBookedIn: null, saidAtMs: null });
    },
    payments: (settlement) =>
      payments
        .values()
        .filter((it) => it.settlement === settlement)
        .sort(inOrder)
        .map(paymentOf),
    paymentsOf: ({ partnerId, fromMs, toMs }) =>
      payments
        .values()
        .filter((it) => it.partnerId === partnerId)
        .filter((it) => linesOf(it).some(({ atMs }) => atMs >= fromMs && atMs < toMs))
        .sort(inOrder)
        .map(paymentOf),
    charges(key) {
      const sums = new Map<string, number>();
      for (const { avantage, amountCents } of linesOf(key)) {
        sums.set(avantage, (sums.get(avantage) ?? 0) + amountCents);
      }
      return [...sums]
        .map(([avantage, amountCents]) => ({ avantage, amountCents }))
        .sort((a, b) => (a.avantage < b.avantage ? -1 : 1));
    },
    returnsToBook: () =>
      payments
        .values()
        .filter(({ state, returnBookedIn }) => state === "REJECTED" && returnBookedIn === null)
        .sort(inOrder)
        .map(paymentOf),
    bookReturn(key, bookedIn) {
      const payment = payments.get(nameOf(key));
      assert(payment?.state === "REJECTED", "what is booked as returned was returned");
      assert(payment.returnBookedIn === null, "a return is booked once");
      payments.put(nameOf(key), { ...payment, returnBookedIn: bookedIn });
    },
    paymentSums(settlement) {
      const own = payments.values().filter((it) => it.settlement === settlement);
      const counted = own.filter(({ state }) => state !== "REJECTED");
      const cents = counted.reduce((sum, { amountCents }) => sum + amountCents, 0);
      return { payments: own.length, cents };
    },
    saidAt: (key) => payments.get(nameOf(key))?.saidAtMs ?? null,
    noteSaid(key, saidAtMs) {
      const payment = payments.get(nameOf(key));
      assert(payment, "a payment that was read is there");
      payments.put(nameOf(key), { ...payment, saidAtMs });
    },
    unheardStates(settlement, saidAtMs) {
      const own = payments.values().filter((it) => it.settlement === settlement);
      const others = own.filter((it) => it.saidAtMs !== saidAtMs);
      return [...new Set(others.map(({ state }) => state))].sort();
    },
    canPutRight: (key) =>
      payments.get(nameOf(key))?.returnBookedIn === null &&
      linesOf(key).every(({ payment }) => payment === null),
    closePayment({ settlement, partnerId }, { state, reason }) {
      const key = { settlement, partnerId };
      const payment = payments.get(nameOf(key));
      assert(payment, "a payment that was read is there");
      payments.put(nameOf(key), { ...payment, state, reason });
      for (const line of linesOf(key)) {
        putLine({ ...line, state, holds: [], payment: state === "PAID" ? key : null });
      }
    },
  } satisfies Partial<SettlementDriver>;
}

const paymentOf = ({ returnBookedIn: _, saidAtMs: __, ...payment }: StoredPayment): Payment =>
  payment;

/** By settlement, then by number. */
function inOrder(one: Payment, other: Payment): number {
  if (one.settlement !== other.settlement) return one.settlement < other.settlement ? -1 : 1;
  return one.no - other.no;
}

function settlementOf({ file, accounts: _, ...settlement }: StoredSettlement): Settlement {
  return { ...settlement, state: file === null ? "open" : "filed" };
}
