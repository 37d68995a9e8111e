// What every store must do, whatever it keeps its data in.

import { describe } from "vitest";
import { describeCards } from "./store/cards.js";
import { describeFaults } from "./store/faults.js";
import { describeIdempotency } from "./store/idempotency.js";
import { describeLoading } from "./store/loading.js";
import type { MakeDriver } from "./store/open.js";
import { describePins } from "./store/pins.js";
import { describeProofs } from "./store/proofs.js";
import { describeReversals } from "./store/reversals.js";
import { describeVerification } from "./store/verification.js";

/** The contract of a store, on one kind of driver. */
export function describeStore(name: string, makeDriver: MakeDriver): void {
  describe(`the ${name} store`, () => {
    describeLoading(makeDriver);
    describeIdempotency(makeDriver);
    describeReversals(makeDriver);
    describeCards(makeDriver);
    describePins(makeDriver);
    describeProofs(makeDriver);
    describeFaults(makeDriver);
    describeVerification(makeDriver);
  });
}
