// A gateway that reads a balance before its transaction, and writes what it has worked out from that.

import type { Driver } from "@pass-tpe/gateway/parts";
import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";
import { wrapped } from "./wrapped.js";

type CaseRows = NonNullable<Awaited<ReturnType<Driver["readCase"]>>>;
type Grants = CaseRows["snapshot"]["grants"];

/** Grants are read once and kept; what is taken beyond the amount is cut off where the ledger would refuse it. */
function stale(inner: Driver): Driver {
  const known = new Map<string, Grants>();
  const actual = new Map<string, number>();
  return wrapped(inner, {
    async readCase(query) {
      const rows = await inner.readCase(query);
      const account = rows?.snapshot.account;
      if (!rows || !account) return rows;
      for (const { id, spent } of rows.snapshot.grants) actual.set(id, spent);
      const grants = known.get(account.id) ?? rows.snapshot.grants;
      known.set(account.id, rows.snapshot.grants);
      return { ...rows, snapshot: { ...rows.snapshot, grants } };
    },
    apply(change) {
      const effects = change.effects.map((effect) => {
        if (effect.type !== "post" || effect.units < 0) return effect;
        const spentBefore = actual.get(effect.grantId) ?? effect.spentBefore;
        return { ...effect, spentBefore };
      });
      return inner.apply({ ...change, effects });
    },
  });
}

it(
  "finds a gateway that decides on a balance of before",
  async () => {
    await expectFound({
      bug: () => ({ wrapGatewayDriver: stale }),
      rules: [RULE.unitsByRule, RULE.declinable, RULE.reasonByRule, RULE.overAmount],
    });
  },
  TIMEOUT_MS,
);
