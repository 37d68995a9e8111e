// The lines of reimbursement in memory, and open ones in bundles that stand alike.

import { assert } from "../../core/assert.js";
import { OPEN_STATES } from "../../core/settlement/life.js";
import type { PaymentKey, SettlementLine } from "../../core/settlement/model.js";
import type { LinesQuery } from "../../core/settlement/ports.js";
import type { Bundle, OpenQuery, SettlementDriver } from "../settlement/driver.js";
import { nameOf, type SettlementTables, type StoredLine } from "./settlement-tables.js";
import { createTable, keyOf } from "./tables.js";

type LinesOf = Pick<
  SettlementDriver,
  "addLine" | "saleLine" | "lines" | "openBundles" | "moveBundle" | "partnersWithOpenLines"
>;

/** Builds the reads and writes of lines. */
export function memoryLines(tables: SettlementTables): LinesOf {
  const { undo, payments, paymentLines, lines, putLine } = tables;
  const sales = createTable<number>(undo);
  let count = 0;

  const open = ({ partnerId, beforeMs }: Omit<OpenQuery, "settlement">): readonly StoredLine[] =>
    lines
      .values()
      .filter((line) => partnerId === null || line.partnerId === partnerId)
      .filter(({ state, atMs }) => OPEN_STATES.includes(state) && atMs < beforeMs);
  const saleOf = ({ terminalId, saleId }: Pick<StoredLine, "terminalId" | "saleId">) =>
    lines.get(String(sales.get(keyOf(terminalId, saleId)))) ?? null;

  /** Its sale is in a payment of another settlement than this one; of any, where this one is null. */
  function isOfPaidSale(line: StoredLine, settlement: string | null): boolean {
    const paidIn = line.kind === "sale" ? null : (saleOf(line)?.payment?.settlement ?? null);
    return paidIn !== null && paidIn !== settlement;
  }

  /** Lines are paid in the order of settlements: the last payment of a line is that of the last day. */
  function returnedFrom({ no, state, partnerId }: StoredLine): PaymentKey | null {
    if (state !== "REJECTED") return null;
    const own = paymentLines.values().filter(({ lineNo }) => lineNo === no);
    const days = own.map(({ settlement }) => settlement).sort();
    const last = days.at(-1);
    assert(last !== undefined, "what a bank returned was in a payment");
    return { settlement: last, partnerId };
  }

  const told = (line: StoredLine): SettlementLine => ({
    ...line,
    ofPaidSale: isOfPaidSale(line, null),
    returnedFrom: returnedFrom(line),
  });

  return {
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
      putLine({ ...line, no: count, state: "ACCRUED", holds: [], payment: null });
    },

    saleLine(terminalId, saleId) {
      const sale = saleOf({ terminalId, saleId });
      return sale && told(sale);
    },

    lines: ({ afterNo, max, ...query }) =>
      lines
        .values()
        .filter((line) => line.no > afterNo && isAsked(line, query))
        .slice(0, max)
        .map(told),

    openBundles(query) {
      const bundles = new Map<string, Bundle>();
      for (const line of open(query)) {
        const { partnerId, state, holds, schoolYear, heldForPapers } = line;
        const ofPaidSale = isOfPaidSale(line, query.settlement);
        const like = { partnerId, state, holds, schoolYear, heldForPapers, ofPaidSale };
        const key = JSON.stringify(like);
        const { amountCents = 0, lines: before = 0 } = bundles.get(key) ?? {};
        const sum = amountCents + line.amountCents;
        bundles.set(key, { ...like, amountCents: sum, lines: before + 1 });
      }
      return [...bundles.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it);
    },

    moveBundle({ bundle, settlement: looking, beforeMs }, { state, holds, settlement }) {
      const { partnerId, ofPaidSale } = bundle;
      const moved = open({ partnerId, beforeMs }).filter(
        (line) => standsAs(line, bundle) && isOfPaidSale(line, looking) === ofPaidSale,
      );
      const payment = settlement === null ? null : { settlement, partnerId };
      assert(
        payment === null || payments.has(nameOf(payment)),
        "a line is in a payment that there is",
      );
      for (const line of moved) {
        putLine({ ...line, state, holds, payment });
        if (payment === null) continue;
        const lineNo = line.no;
        paymentLines.put(keyOf(nameOf(payment), String(lineNo)), { ...payment, lineNo });
      }
      return moved.length;
    },

    partnersWithOpenLines({ settlement, beforeMs }) {
      const partners = open({ partnerId: null, beforeMs }).map(({ partnerId }) => partnerId);
      const unpaid = partners.filter(
        (partnerId) => !payments.has(nameOf({ settlement, partnerId })),
      );
      return [...new Set(unpaid)].sort();
    },
  };
}

function standsAs(line: StoredLine, bundle: Bundle): boolean {
  return (
    line.state === bundle.state &&
    line.schoolYear === bundle.schoolYear &&
    line.heldForPapers === bundle.heldForPapers &&
    line.holds.join() === bundle.holds.join()
  );
}

function isAsked(line: StoredLine, query: LinesQuery): boolean {
  const { partnerId, settlement, states, fromMs, toMs } = query;
  return (
    (partnerId === undefined || line.partnerId === partnerId) &&
    (settlement === undefined || line.payment?.settlement === settlement) &&
    (states === undefined || states.includes(line.state)) &&
    (fromMs === undefined || line.atMs >= fromMs) &&
    (toMs === undefined || line.atMs < toMs)
  );
}
