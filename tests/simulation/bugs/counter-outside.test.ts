// A gateway that notes a card's message counter in a transaction of its own, after the sale.

import type { Driver } from "@pass-tpe/gateway/parts";
import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";
import { wrapped } from "./wrapped.js";

type Change = Parameters<Driver["apply"]>[0];

/** The counters of a transaction are written at the beginning of the next: a crash in between loses them. */
function counterLater(inner: Driver): Driver {
  let late: Change[] = [];
  return wrapped(inner, {
    async begin() {
      await inner.begin();
      for (const change of late.splice(0)) await inner.apply(change);
    },
    apply(change) {
      const isCounter = ({ type }: Change["effects"][number]) => type === "advanceCardCounter";
      const counters = change.effects.filter(isCounter);
      if (counters.length > 0) {
        late = late.filter(({ effects: [first] }) => !isSameCard(first, counters[0]));
        const nothing = { attempt: null, reversal: null, operation: null };
        late.push({ ...change, ...nothing, effects: counters });
      }
      return inner.apply({ ...change, effects: change.effects.filter((it) => !isCounter(it)) });
    },
  });
}

function isSameCard(
  one: Change["effects"][number] | undefined,
  other: Change["effects"][number] | undefined,
): boolean {
  if (one?.type !== "advanceCardCounter" || other?.type !== "advanceCardCounter") return false;
  return one.cardId === other.cardId;
}

it(
  "finds a gateway that notes a card's counter outside the sale's transaction",
  async () => {
    await expectFound({
      bug: () => ({ wrapGatewayDriver: counterLater }),
      rules: [RULE.cardCounter, RULE.declinable],
    });
  },
  TIMEOUT_MS,
);
