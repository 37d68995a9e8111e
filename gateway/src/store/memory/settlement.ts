// The books of reimbursement in memory.

import { assert } from "../../core/assert.js";
import { OPEN_STATES } from "../../core/settlement/life.js";
import type {
  Payment,
  PaymentKey,
  Settlement,
  SettlementLine,
} from "../../core/settlement/model.js";
import type { LinesQuery } from "../../core/settlement/ports.js";
import type { AccruedTo, Bundle, OpenQuery, SettlementDriver } from "../settlement/driver.js";
import { memoryMovements } from "./settlement-movements.js";
import { createTable, keyOf, type Tables } from "./tables.js";

type StoredSettlement = Omit<Settlement, "state"> & { readonly file: Uint8Array | null };

const NOTHING_ACCRUED: AccruedTo = { attempts: 0, operations: 0, reversals: 0 };
const ONLY = "only";

/** Makes empty books beside tables whose undo log they share. */
export function memorySettlement(tables: Tables): SettlementDriver {
  const { undo } = tables;
  const accrued = createTable<AccruedTo>(undo);
  const settlements = createTable<StoredSettlement>(undo);
  const payments = createTable<Payment>(undo);
  const lines = createTable<SettlementLine>(undo);
  const sales = createTable<number>(undo);
  let count = 0;

  const at = (key: PaymentKey): string => keyOf(key.settlement, key.partnerId);
  const open = ({ partnerId, beforeMs }: OpenQuery): readonly SettlementLine[] =>
    lines
      .values()
      .filter((line) => partnerId === null || line.partnerId === partnerId)
      .filter(({ state, atMs }) => OPEN_STATES.includes(state) && atMs < beforeMs);
  const put = (line: SettlementLine): void => lines.put(String(line.no), line);

  return {
    accruedTo: () => accrued.get(ONLY) ?? NOTHING_ACCRUED,
    setAccruedTo: (to) => accrued.put(ONLY, to),
    movements: memoryMovements(tables),

    addLine(line) {
      count += 1;
      undo.push(() => {
        count -= 1;
      });
      if (line.kind === "sale") {
        const sale = keyOf(line.terminalId, line.saleId);
        assert(!sales.has(sale), "a sale is one line");
        sales.put(sale, count);
      }
      put({ ...line, no: count, state: "ACCRUED", holds: [], payment: null });
    },

    saleLine: (terminalId, saleId) =>
      lines.get(String(sales.get(keyOf(terminalId, saleId)))) ?? null,

    lines: ({ afterNo, max, ...query }) =>
      lines
        .values()
        .filter((line) => line.no > afterNo && isAsked(line, query))
        .slice(0, max),

    openBundles(query) {
      const bundles = new Map<string, Bundle>();
      for (const line of open(query)) {
        const { state, holds, schoolYear, heldForPapers } = line;
        const like = { state, holds, schoolYear, heldForPapers };
        const key = JSON.stringify(like);
        const { amountCents = 0, lines: before = 0 } = bundles.get(key) ?? {};
        const sum = amountCents + line.amountCents;
        bundles.set(key, { ...like, amountCents: sum, lines: before + 1 });
      }
      return [...bundles.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it);
    },

    moveBundle({ bundle, ...query }, { state, holds, settlement }) {
      const moved = open(query).filter((line) => standsAs(line, bundle));
      const payment = settlement === null ? null : { settlement, partnerId: query.partnerId };
      assert(payment === null || payments.has(at(payment)), "a line is in a payment that there is");
      for (const line of moved) put({ ...line, state, holds, payment });
      return moved.length;
    },

    partnersWithOpenLines({ settlement, beforeMs }) {
      const partners = open({ partnerId: null, beforeMs }).map(({ partnerId }) => partnerId);
      const unpaid = partners.filter((partnerId) => !payments.has(at({ settlement, partnerId })));
      return [...new Set(unpaid)].sort();
    },

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
      settlements.put(settlement.lastDay, { ...settlement, file: null });
    },
    keepFile(lastDay, file) {
      const settlement = settlements.get(lastDay);
      assert(settlement?.file === null, "a payment file is made once");
      settlements.put(lastDay, { ...settlement, file: Uint8Array.from(file) });
    },
    file: (lastDay) => settlements.get(lastDay)?.file ?? null,

    findPayment: (key) => payments.get(at(key)) ?? null,
    addPayment(payment) {
      assert(!payments.has(at(payment)), "a partner has one payment in a settlement");
      payments.put(at(payment), payment);
    },
    payments: (settlement) =>
      payments
        .values()
        .filter((it) => it.settlement === settlement)
        .sort((a, b) => a.no - b.no),
    paymentsOf: (partnerId) =>
      payments
        .values()
        .filter((it) => it.partnerId === partnerId)
        .sort((a, b) => (a.settlement < b.settlement ? -1 : 1)),
    paymentSums(settlement) {
      const own = payments.values().filter((it) => it.settlement === settlement);
      const counted = own.filter(({ state }) => state !== "REJECTED");
      const cents = counted.reduce((sum, { amountCents }) => sum + amountCents, 0);
      return { payments: own.length, cents };
    },
    closePayment(key, { state, reason }) {
      const payment = payments.get(at(key));
      assert(payment, "a payment that was read is there");
      payments.put(at(key), { ...payment, state, reason });
      const own = lines.values().filter((line) => line.payment && at(line.payment) === at(key));
      for (const line of own) {
        put({ ...line, state, payment: state === "PAID" ? line.payment : null });
      }
    },
  };
}

function settlementOf({ file, ...settlement }: StoredSettlement): Settlement {
  return { ...settlement, state: file === null ? "open" : "filed" };
}

function standsAs(line: SettlementLine, bundle: Bundle): boolean {
  return (
    line.state === bundle.state &&
    line.schoolYear === bundle.schoolYear &&
    line.heldForPapers === bundle.heldForPapers &&
    line.holds.join() === bundle.holds.join()
  );
}

function isAsked(line: SettlementLine, query: LinesQuery): boolean {
  const { partnerId, settlement, states, fromMs, toMs } = query;
  return (
    (partnerId === undefined || line.partnerId === partnerId) &&
    (settlement === undefined || line.payment?.settlement === settlement) &&
    (states === undefined || states.includes(line.state)) &&
    (fromMs === undefined || line.atMs >= fromMs) &&
    (toMs === undefined || line.atMs < toMs)
  );
}
