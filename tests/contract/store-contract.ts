// What every store must do, whatever it keeps its data in.

import { describeAfterSale } from "./store/after-sale.js";
import { describeAgents } from "./store/agents.js";
import { describeCards } from "./store/cards.js";
import { describeCases } from "./store/cases.js";
import { describeEvents } from "./store/events.js";
import { describeFaults } from "./store/faults.js";
import { describeGaps } from "./store/gaps.js";
import { describeHolders } from "./store/holders.js";
import { describeIdempotency } from "./store/idempotency.js";
import { describeKeyUse } from "./store/key-use.js";
import { describeLoading } from "./store/loading.js";
import type { MakeDriver } from "./store/open.js";
import { describePapers } from "./store/papers.js";
import { describePins } from "./store/pins.js";
import { describeProofs } from "./store/proofs.js";
import { describeReversals } from "./store/reversals.js";
import { describeSenders } from "./store/senders.js";
import { describeSettlement } from "./store/settlement.js";
import { describeStepUps } from "./store/step-ups.js";
import { describeTerminals } from "./store/terminals.js";
import { describeTurns } from "./store/turns.js";
import { describeVerification } from "./store/verification.js";

/** The contract of a store, on one kind of driver. */
export function describeStore(makeDriver: MakeDriver): void {
  describeLoading(makeDriver);
  describeIdempotency(makeDriver);
  describeReversals(makeDriver);
  describeAfterSale(makeDriver);
  describeCards(makeDriver);
  describePins(makeDriver);
  describeGaps(makeDriver);
  describeHolders(makeDriver);
  describeKeyUse(makeDriver);
  describeProofs(makeDriver);
  describeStepUps(makeDriver);
  describeCases(makeDriver);
  describeEvents(makeDriver);
  describePapers(makeDriver);
  describeSettlement(makeDriver);
  describeAgents(makeDriver);
  describeTerminals(makeDriver);
  describeFaults(makeDriver);
  describeTurns(makeDriver);
  describeSenders(makeDriver);
  describeVerification(makeDriver);
}
