// What is owed for a movement: the debit, a tariff for each unit, or nothing; and back again for what is given back.

import { assert } from "../assert.js";
import type { Convention } from "../model.js";
import type { Reimbursement } from "../programme.js";
import type { Movement, NewLine, SettlementLine } from "./model.js";

export type SaleMovement = Movement & { readonly kind: "sale" };

/** What was given back of a sale: all else of it is the sale's. */
type ReturnMovement = Pick<Movement, "refundId" | "units" | "atMs"> & {
  readonly kind: "reversal" | "refund";
};

interface SaleToAccrue {
  readonly movement: SaleMovement;
  /** What the programme that decided the sale says of its avantage. */
  readonly reimbursement: Reimbursement;
  /** The partner's, as the sale saw them; not needed where no tariff prices it. */
  readonly conventions: readonly Convention[];
  /** In which the sale was taken. */
  readonly schoolYear: string;
}

/** Whether a convention can name the price of what is reimbursed so. */
export function isByTariff({ by }: Reimbursement): boolean {
  return by === "tariff" || by === "convention";
}

/**
 * The line of a sale; null where nothing is owed for it: the money is there already (T-33), or no convention names a
 * price (T-32), and it only counts for statistics.
 */
export function accrueSale(input: SaleToAccrue): NewLine | null {
  const { movement, reimbursement, schoolYear } = input;
  assert(movement.units > 0, "a sale takes something");
  const amountCents = movement.units * centsPerUnit(input);
  if (amountCents === 0) return null;
  const { programmeHash: _, ...moved } = movement;
  return { ...moved, amountCents, schoolYear, heldForPapers: reimbursement.heldForPapers };
}

/**
 * The line of what was given back: at exactly the price of the sale's own line, whatever a tariff says by now, in its
 * school year and with its duty of papers, so that nothing holds one of the two without the other while both are open.
 *
 * @param sale null where nothing was owed for the sale: nothing is owed back then.
 */
export function accrueReturn(movement: ReturnMovement, sale: NewLine | null): NewLine | null {
  if (sale === null) return null;
  const { units, kind, refundId, atMs } = movement;
  assert(units < 0 && -units <= sale.units, "no more is given back than was taken");
  const { terminalId, saleId, partnerId, avantage, unit, takenAtMs, schoolYear, heldForPapers } =
    sale;
  const amountCents = units * priceOf(sale);
  return {
    ...{ kind, terminalId, saleId, refundId, partnerId, avantage, unit, units },
    ...{ takenAtMs, atMs, amountCents, schoolYear, heldForPapers },
  };
}

/** By what a line's amount was made. */
function priceOf({ amountCents, units }: Pick<SettlementLine, "amountCents" | "units">): number {
  const price = amountCents / units;
  assert(Number.isInteger(price), "a line's amount is a whole number of cents for each unit");
  return price;
}

function centsPerUnit({ movement, reimbursement, conventions }: SaleToAccrue): number {
  const { avantage, unit, takenAtMs } = movement;
  const { by, tariffCentsPerUnit } = reimbursement;
  const tariff = conventionAt(conventions, takenAtMs)?.tariffs?.[avantage];
  switch (by) {
    case "debit":
      assert(unit === "EUR_CENT", "what is reimbursed by its debit is counted in cents");
      return 1;
    case "tariff": {
      const price = tariff ?? tariffCentsPerUnit;
      assert(price !== null, "what is reimbursed by a tariff has one");
      return price;
    }
    case "convention":
      return tariff ?? 0;
    case "nothing":
      return 0;
  }
}

/**
 * The convention under which a sale was made. It may have been terminated since, and a convention that was over may
 * have carried the sale by the campaign's grace (T-05): then it is the last one that had begun.
 */
function conventionAt(conventions: readonly Convention[], atMs: number): Convention | null {
  const isCountersigned = ({ state }: Convention) => state === "IN_FORCE" || state === "TERMINATED";
  const begun = conventions
    .filter((it) => isCountersigned(it) && it.fromMs <= atMs)
    .sort((a, b) => b.fromMs - a.fromMs || (a.reference < b.reference ? -1 : 1));
  const running = begun.filter(({ toMs }) => atMs < toMs);
  return running.find(({ state }) => state === "IN_FORCE") ?? running.at(0) ?? begun.at(0) ?? null;
}
