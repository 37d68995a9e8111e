// A gateway that approves an original which comes after its reversal.

import type { Driver } from "@pass-tpe/gateway/parts";
import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";
import { wrapped } from "./wrapped.js";

type Reversal = NonNullable<Parameters<Driver["apply"]>[0]["reversal"]>;

/** Keeps reversals without an original apart, where no original is looked up. */
function keepsApart(inner: Driver): Driver {
  const apart = new Map<string, Reversal>();
  return wrapped(inner, {
    apply(change) {
      const { attempt, reversal, terminalId, attemptId } = change;
      const key = `${terminalId} ${attemptId}`;
      if (attempt?.kind === "tombstone" && reversal !== null) {
        apart.set(key, reversal);
        return undefined;
      }
      const came = attempt === null ? undefined : apart.get(key);
      apart.delete(key);
      return inner.apply(came === undefined ? change : { ...change, reversal: came });
    },
    ledger() {
      const ledger = inner.ledger();
      return {
        ...ledger,
        async *strayReversals() {
          yield* ledger.strayReversals();
          yield* apart.values();
        },
      };
    },
  });
}

it(
  "finds a gateway that approves a late original",
  async () => {
    await expectFound({ bug: () => ({ wrapDriver: keepsApart }), rules: [RULE.tombstone] });
  },
  TIMEOUT_MS,
);
