// What the ledger holds of one sale at the end: taken, given back, held, or nothing.

import { accountOf, type DayBook, type RowOf, type SaleFile } from "./day-book.js";
import type { Units } from "./facts.js";

/** The decision that approved it; null where none did. An inquiry's is no approval of a sale. */
export function approvalOf(sale: SaleFile): RowOf<"attempts"> | null {
  return sale.attempts.find(({ approved, kind }) => approved && kind === "sale") ?? null;
}

/** What it took, by its answer or its capture: before anything was given back. */
export function takenBy(sale: SaleFile): Units {
  const approval = approvalOf(sale);
  if (approval === null) return 0;
  return approval.holds ? (sale.captures[0]?.units ?? 0) : approval.units;
}

/** What its refunds gave back. */
export function refundedOf(sale: SaleFile): Units {
  return sumOf(sale.refunds);
}

/** What it has of its account now, by the entries. */
export function netOf(sale: SaleFile): Units {
  return sumOf(sale.entries);
}

/** A hold is over from this instant on. */
export function holdEndMs({ world }: Pick<DayBook, "world">, approval: RowOf<"attempts">): number {
  return approval.decidedAtMs + world.holdMs;
}

/** Whether it still holds something at the end of the day, by the approval and what became of it. */
export function holdsNow(book: DayBook, sale: SaleFile): boolean {
  const approval = approvalOf(sale);
  if (!approval?.holds || sale.captures.length > 0 || sale.reversals.length > 0) return false;
  // A clock that was ahead has ended it for its account: from then on it is over for good.
  const byAccount = book.latestMs.get(accountOf(book, sale) ?? "") ?? 0;
  const nowMs = Math.max(book.ledger.atMs, byAccount, book.world.gatewayLatestMs ?? 0);
  return holdEndMs(book, approval) > nowMs;
}

/** What stands of it, in words; null where nothing does. */
export function standingOf(book: DayBook, sale: SaleFile): string | null {
  const net = netOf(sale);
  if (net !== 0) return `${net} stand in the ledger's entries`;
  const open = sale.holds.find(({ expiresAtMs }) => expiresAtMs > book.ledger.atMs);
  if (open) return `a hold of ${open.units} stands in the ledger`;
  return holdsNow(book, sale) ? "a hold stands by its approval" : null;
}

/** The sum of units. */
export function sumOf(rows: readonly { readonly units: Units }[]): Units {
  return rows.reduce((sum, { units }) => sum + units, 0);
}
