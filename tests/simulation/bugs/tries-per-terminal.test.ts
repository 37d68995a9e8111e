// A gateway that counts wrong PINs for each terminal, so that a thief goes from till to till.

import type { Driver } from "@pass-tpe/gateway/parts";
import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";
import { wrapped } from "./wrapped.js";

function countsPerTerminal(): (inner: Driver) => Driver {
  const counts = new Map<string, number>();
  return (inner) => {
    let stored = 0;
    return wrapped(inner, {
      async readCase(query) {
        const rows = await inner.readCase(query);
        const card = rows?.snapshot.card;
        if (!rows || !card) return rows;
        stored = card.pinFailures;
        const pinFailures = counts.get(`${query.terminalId} ${card.id}`) ?? 0;
        return { ...rows, snapshot: { ...rows.snapshot, card: { ...card, pinFailures } } };
      },
      apply(change) {
        const effects = change.effects.map((effect) => {
          if (effect.type !== "setPinFailures") return effect;
          counts.set(`${change.terminalId} ${effect.cardId}`, effect.to);
          return { ...effect, from: stored };
        });
        return inner.apply({ ...change, effects });
      },
    });
  };
}

it(
  "finds a gateway that counts PIN tries for each terminal",
  async () => {
    await expectFound({
      bug: () => ({ wrapGatewayDriver: countsPerTerminal() }),
      rules: [RULE.cardTries, RULE.reasonByRule, RULE.declinable],
    });
  },
  TIMEOUT_MS,
);
