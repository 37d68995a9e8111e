// A gateway whose balances forget what is held: another sale takes it, and the hold is gone.

import type { Driver } from "@pass-tpe/gateway/parts";
import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";
import { wrapped } from "./wrapped.js";

type CaseRows = NonNullable<Awaited<ReturnType<Driver["readCase"]>>>;

/** Reads no hold, and ends those that the ledger would otherwise refuse to overdraw. */
function forgetful(inner: Driver): Driver {
  let unseen: CaseRows["snapshot"]["holds"] = [];
  return wrapped(inner, {
    async readCase(query) {
      const rows = await inner.readCase(query);
      if (rows === null) return null;
      unseen = rows.snapshot.holds;
      return { ...rows, snapshot: { ...rows.snapshot, holds: [] } };
    },
    apply(change) {
      const drawn = change.effects.flatMap((effect) =>
        effect.type === "post" || effect.type === "placeHold" ? [effect.grantId] : [],
      );
      const isNew = change.attempt !== null;
      const ended = unseen.filter(({ grantId }) => isNew && drawn.includes(grantId));
      const ends = ended.map((hold) => ({ type: "endHold", ...hold, as: "expired" }) as const);
      return inner.apply({ ...change, effects: [...ends, ...change.effects] });
    },
  });
}

it(
  "finds a gateway that ignores holds",
  async () => {
    await expectFound({
      bug: () => ({ wrapGatewayDriver: forgetful }),
      rules: [RULE.holdKept, RULE.unitsByRule, RULE.declinable],
    });
  },
  TIMEOUT_MS,
);
