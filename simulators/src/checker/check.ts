// Holds a whole day to every rule that it must keep.

import { bookOf } from "./day-book.js";
import type { Fact, LedgerFacts, Violation, World } from "./facts.js";
import { type Check, ofEachSale } from "./found.js";
import {
  asksEnd,
  ledgerHasLastWord,
  notBehindTheTillsBack,
  nothingUnasked,
} from "./rules/after-sale.js";
import { balancesHold, holdsAreKept } from "./rules/balances.js";
import { decisionsAreRight } from "./rules/decisions.js";
import {
  crashesAreSettled,
  declinedMovedNothing,
  toldClearly,
  unknownIsUndone,
} from "./rules/doubts.js";
import { dayTotalsAgree, diedAndStarted } from "./rules/lives.js";
import {
  captureWithinHold,
  decidedOnce,
  enteredOnce,
  onOwnAccount,
  refundsWithinTaken,
} from "./rules/once.js";
import {
  answersAreKept,
  answersNeverDiffer,
  approvalsAreKept,
  begunAtTerminals,
  tombstonesHold,
} from "./rules/seen.js";

const CHECKS: readonly Check[] = [
  ...[
    begunAtTerminals,
    approvalsAreKept,
    answersAreKept,
    answersNeverDiffer,
    tombstonesHold,
    decidedOnce,
    enteredOnce,
    onOwnAccount,
    captureWithinHold,
    refundsWithinTaken,
    toldClearly,
    declinedMovedNothing,
    unknownIsUndone,
    crashesAreSettled,
    asksEnd,
    ledgerHasLastWord,
    nothingUnasked,
    notBehindTheTillsBack,
    holdsAreKept,
  ].map(ofEachSale),
  balancesHold,
  decisionsAreRight,
  diedAndStarted,
  dayTotalsAgree,
];

/**
 * Everything in a day that must not be; none is a day that kept every rule. The rules are those of the programme and of
 * the SDK's promises, written here anew: nothing of gateway or SDK is asked. The facts of one terminal stand in the
 * order in which they happened; across terminals nothing is made of their order.
 *
 * @param facts of the whole day, to the point where everything had come to rest.
 * @param ledger as it is found then, each list in the order of its making.
 */
export function check(
  world: World,
  facts: readonly Fact[],
  ledger: LedgerFacts,
): readonly Violation[] {
  const book = bookOf(world, facts, ledger);
  return CHECKS.flatMap((one) => [...one(book)]);
}
