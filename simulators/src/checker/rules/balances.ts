// Holds each grant to its entries and its amount, at every step of the ledger, and holds to their sales.

import type { DayBook, RowOf, SaleFile } from "../day-book.js";
import type { LedgerFacts, Violation } from "../facts.js";
import { ofNoSale, ofSale } from "../found.js";
import { RULE } from "../rule-words.js";
import { approvalOf, holdEndMs, holdsNow } from "../what-stands.js";

type Grant = LedgerFacts["grants"][number];

/** An account has one grant of an avantage, and its codes have no blanks. */
export function potOf({ account, avantage }: { account: string; avantage: string }): string {
  return `${avantage} ${account}`;
}

/** No entry takes a grant above its amount or below nothing, in the order in which they were made. */
export function* balancesHold({ world, ledger }: DayBook): Iterable<Violation> {
  const amounts = new Map(
    world.accounts.flatMap(({ account, grants }) =>
      Object.entries(grants).map(
        ([avantage, amount]) => [potOf({ account, avantage }), amount] as const,
      ),
    ),
  );
  const spent = new Map<string, number>();
  for (const entry of ledger.entries) {
    const pot = potOf(entry);
    const now = (spent.get(pot) ?? 0) + entry.units;
    spent.set(pot, now);
    const amount = amounts.get(pot) ?? 0;
    if (now > amount) yield entryFound(RULE.overAmount, entry, `${now} of ${amount} are spent`);
    if (now < 0) yield entryFound(RULE.belowZero, entry, `${now} of ${amount} are spent`);
  }
  for (const grant of ledger.grants) yield* grantHolds(grant, { amounts, spent });
}

function entryFound(
  rule: typeof RULE.overAmount | typeof RULE.belowZero,
  { sale, account, avantage, units }: RowOf<"entries">,
  found: string,
): Violation {
  const words = `after the entry of ${units}, ${found} of ${avantage} of ${account}`;
  return ofSale(rule, { ref: sale }, words, { account, avantage });
}

function* grantHolds(
  grant: Grant,
  { amounts, spent }: { amounts: ReadonlyMap<string, number>; spent: ReadonlyMap<string, number> },
): Iterable<Violation> {
  const { account, avantage } = grant;
  const [amount, sum] = [amounts.get(potOf(grant)) ?? 0, spent.get(potOf(grant)) ?? 0];
  const named = `${avantage} of ${account}`;
  if (grant.amount !== amount) {
    const found = `${named} is ${grant.amount}, and was loaded with ${amount}`;
    yield ofNoSale(RULE.grantAmount, found, { account, avantage });
  }
  if (grant.spent !== sum) {
    const found = `${named} has ${grant.spent} spent, and its entries come to ${sum}`;
    yield ofNoSale(RULE.spentIsEntries, found, { account, avantage });
  }
}

/** A hold is there as long as its sale waits for its capture, with what the sale's answer says, and then no more. */
export function* holdsAreKept(book: DayBook, sale: SaleFile): Iterable<Violation> {
  const { holds, captures, reversals } = sale;
  const approval = approvalOf(sale);
  if (holds.length === 0) {
    if (holdsNow(book, sale)) yield ofSale(RULE.holdKept, sale, "waits, and its hold is gone");
    return;
  }
  if (!approval?.holds || captures.length > 0 || reversals.length > 0 || holds.length > 1) {
    yield ofSale(RULE.holdKept, sale, `waits for nothing, and has ${holds.length} hold(s)`);
    return;
  }
  const endMs = holdEndMs(book, approval);
  for (const { units, expiresAtMs } of holds) {
    if (units === approval.units && expiresAtMs === endMs) continue;
    const is = `its hold is ${units} until ${expiresAtMs}`;
    yield ofSale(RULE.holdKept, sale, `${is}, and should be ${approval.units} until ${endMs}`);
  }
}
