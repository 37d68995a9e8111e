// Shows that nothing is in the ledger twice, and that a sale's entries are what was decided about it.

import { accountOf, type DayBook, type SaleFile } from "../day-book.js";
import type { Violation } from "../facts.js";
import { ofSale } from "../found.js";
import { RULE } from "../rule-words.js";
import { holdEndMs, refundedOf, sumOf, takenBy } from "../what-stands.js";

/** One decision for each id, one capture, one reversal, and each refund under an id of its own. */
export function* decidedOnce(_book: DayBook, sale: SaleFile): Iterable<Violation> {
  const { attempts, captures, refunds, reversals } = sale;
  if (attempts.length > 1) {
    yield ofSale(RULE.onceAttempt, sale, `is decided ${attempts.length} times`);
  }
  if (captures.length > 1) {
    yield ofSale(RULE.onceOperation, sale, `is captured ${captures.length} times`);
  }
  if (reversals.length > 1) {
    yield ofSale(RULE.onceOperation, sale, `is reversed ${reversals.length} times`);
  }
  const refundIds = new Set(refunds.map(({ id }) => id));
  if (refundIds.size < refunds.length) {
    yield ofSale(RULE.onceOperation, sale, "has one refund twice");
  }
}

/** What was taken and given back stands in the entries: no more, no less, in one entry each. */
export function* enteredOnce(_book: DayBook, sale: SaleFile): Iterable<Violation> {
  const { entries, refunds, reversals, attempts } = sale;
  if (attempts.some(({ kind }) => kind === "inquiry")) {
    if (entries.length > 0) {
      yield ofSale(RULE.inquiryMovesNothing, sale, `has ${entries.length} entries`);
    }
    return;
  }
  const taken = takenBy(sale);
  const taking = entries.filter(({ units }) => units > 0);
  if (sumOf(taking) !== taken || taking.length > 1) {
    const found = `takes ${taken}, and its entries take ${listOf(taking)}`;
    yield ofSale(RULE.onceTaken, sale, found);
  }
  const rest = reversals.length > 0 ? Math.max(0, taken - refundedOf(sale)) : 0;
  const owed = [...refunds.map(({ units }) => units), ...(rest > 0 ? [rest] : [])];
  const returning = entries.filter(({ units }) => units < 0);
  if (listOf(returning) !== listOf(owed.map((units) => ({ units: -units })))) {
    const words = `gives back ${owed.join(" + ") || 0} by its refunds and reversal`;
    yield ofSale(RULE.onceReturned, sale, `${words}, and its entries make ${listOf(returning)}`);
  }
}

/** The units of rows, whatever their order. */
function listOf(rows: readonly { readonly units: number }[]): string {
  const list = rows.map(({ units }) => units).sort((a, b) => a - b);
  return list.join(" ") || "nothing";
}

/** The money comes from the holder who was there, and from the avantage that was asked for. */
export function* onOwnAccount(book: DayBook, sale: SaleFile): Iterable<Violation> {
  const intent = sale.began[0]?.intent;
  if (!intent) return;
  const account = accountOf(book, sale);
  const stray = sale.entries.find(
    (entry) => entry.account !== account || entry.avantage !== intent.avantage,
  );
  if (stray) {
    const found = `${intent.avantage} of ${account} was asked for, and ${stray.avantage} of ${stray.account} was moved`;
    yield ofSale(RULE.ownAccount, sale, found);
  }
}

/** A capture takes what was promised at most, and nothing once the promise is over. */
export function* captureWithinHold(book: DayBook, sale: SaleFile): Iterable<Violation> {
  const { attempts, captures } = sale;
  const approval = attempts.find(({ approved }) => approved);
  for (const { units, atMs } of captures) {
    if (!approval?.holds) {
      yield ofSale(RULE.captureOverHold, sale, `${units} were captured, and nothing was held`);
      continue;
    }
    if (units > approval.units) {
      const found = `${units} were captured of ${approval.units} held`;
      yield ofSale(RULE.captureOverHold, sale, found);
    }
    const endMs = holdEndMs(book, approval);
    if (atMs !== undefined && atMs >= endMs) {
      yield ofSale(RULE.captureOverHold, sale, `captured at ${atMs}, and held until ${endMs}`);
    }
  }
}

/** Refunds together are a part of what was taken, or all of it. */
export function* refundsWithinTaken(_book: DayBook, sale: SaleFile): Iterable<Violation> {
  const [taken, refunded] = [takenBy(sale), refundedOf(sale)];
  if (refunded > taken) {
    yield ofSale(RULE.refundOverTaken, sale, `${refunded} were given back of ${taken}`);
  }
}
