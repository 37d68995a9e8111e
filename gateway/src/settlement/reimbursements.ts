// Reimbursements as a gateway has them: the service over the books, with the real makers of files and the alerts.

import type { Clock } from "../core/ports.js";
import type { Programme } from "../core/programme.js";
import type { ObservedSale } from "../core/settlement/observed-sale.js";
import type { SettlementStore, Settlements } from "../core/settlement/ports.js";
import { alertsOf, observedFrom } from "./alerts/alerts.js";
import { daysToInstants } from "./calendar.js";
import { accountsCsv } from "./files/accounts-csv.js";
import { checkPaymentFile } from "./files/field-checks.js";
import { paymentFile } from "./files/payment-file.js";
import { statementCsv } from "./files/statement-csv.js";
import { statementHtml } from "./files/statement-html.js";
import { readStatusReport } from "./files/status-report.js";
import type { SettlementFiles, SettlementsOptions } from "./options.js";
import { createPastPeriods } from "./past-periods.js";
import { createSettlements } from "./service.js";

/** A payment file that breaks a rule of the bank's is never kept. Who must act: the programme's developers. */
export class PaymentFileError extends Error {
  override readonly name = "PaymentFileError";
}

/** Every payment file is held to the field checks before anybody sees it. */
const SETTLEMENT_FILES: SettlementFiles = {
  async paymentFile(input) {
    const file = paymentFile(input);
    const faults = await checkPaymentFile(new TextDecoder().decode(file));
    if (faults.length === 0) return file;
    throw new PaymentFileError(
      `the payment file would be refused by the bank: ${faults.join("; ")}`,
    );
  },
  readStatusReport,
  statementCsv,
  statementHtml,
  accountsCsv,
};

/** Builds what the operator does with reimbursements. */
export function createReimbursements(
  options: Pick<SettlementsOptions, "programme" | "onPartner"> & {
    readonly store: {
      readonly settlement: SettlementStore;
      observedSales(range: {
        readonly fromMs: number;
        readonly toMs: number;
      }): AsyncIterable<ObservedSale>;
    };
    readonly clock: Pick<Clock, "nowMs">;
    readonly dayOf: (instantMs: number) => string;
  },
): Settlements {
  const { store, programme, dayOf, ...rest } = options;
  const { avantages }: Programme = programme;
  const refusePast = createPastPeriods({ ...rest, programme, store: store.settlement });
  const settlements = createSettlements({
    ...rest,
    programme,
    store: store.settlement,
    files: SETTLEMENT_FILES,
    async alerts({ firstDay, lastDay }) {
      const range = daysToInstants({ firstDay: observedFrom(firstDay), lastDay });
      if (range === null) return [];
      return alertsOf({ firstDay, lastDay, avantages, dayOf, sales: store.observedSales(range) });
    },
  });
  return {
    ...settlements,
    settle: async (lastDay) => (await refusePast(lastDay)) ?? settlements.settle(lastDay),
  };
}
