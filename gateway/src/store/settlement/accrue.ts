// Turns what moved in the ledger into lines, each movement once: how far it came is stored with what it made.

import { assert } from "../../core/assert.js";
import { accrueReturn, accrueSale, isByTariff } from "../../core/settlement/accrual.js";
import type { NewLine } from "../../core/settlement/model.js";
import { conventionsOfSale } from "./conventions.js";
import { MOVEMENT_SOURCES, type MovementRow } from "./driver.js";
import type { SettlementOptions } from "./options.js";
import { createProgrammes } from "./programmes.js";

/** The most rows of one source that one step looks at: sales wait meanwhile. */
export const ROWS_PER_STEP_MAX = 500;

type SaleRow = MovementRow & { readonly kind: "sale" };

/** Builds one step of accrual, to be run inside a transaction. */
export function createAccrual(options: SettlementOptions) {
  const { settlement: books } = options.driver;
  const programmeOf = createProgrammes(options);

  /**
   * The sources come one after the other, and a later one only when the earlier ones are at their end: all in one
   * transaction, so that the sale of whatever was given back has its line already.
   */
  return async (): Promise<{ readonly movements: number; readonly more: boolean }> => {
    let to = await books.accruedTo();
    let movements = 0;
    for (const source of MOVEMENT_SOURCES) {
      const page = await books.movements({ source, afterSeq: to[source], max: ROWS_PER_STEP_MAX });
      for (const row of page.rows) {
        const line = await (row.kind === "sale" ? lineOfSale(row) : lineOfReturn(row));
        if (line) await books.addLine(line);
      }
      to = { ...to, [source]: page.lastSeq };
      movements += page.rows.length;
      if (page.full) {
        await books.setAccruedTo(to);
        return { movements, more: true };
      }
    }
    await books.setAccruedTo(to);
    return { movements, more: false };
  };

  async function lineOfSale(row: SaleRow): Promise<NewLine | null> {
    const rule = (await programmeOf(row.programmeHash)).avantages.get(row.avantage);
    assert(rule, "the programme that decided a sale has its avantage");
    return accrueSale({
      movement: { ...row, refundId: null, unit: rule.unit, takenAtMs: row.atMs },
      reimbursement: rule.reimbursement,
      conventions: isByTariff(rule.reimbursement)
        ? await conventionsOfSale(options.driver, row)
        : [],
      schoolYear: options.schoolYearOf(row.atMs),
    });
  }

  async function lineOfReturn(row: Exclude<MovementRow, SaleRow>): Promise<NewLine | null> {
    return accrueReturn(row, await books.saleLine(row.terminalId, row.saleId));
  }
}
