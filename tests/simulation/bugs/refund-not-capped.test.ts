// A gateway that forgets earlier refunds of a sale, and pays more back than was taken.

import type { Driver } from "@pass-tpe/gateway/parts";
import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";
import { wrapped } from "./wrapped.js";

/** Gives back what was asked for, however much was given back before; the ledger's entries stay within what was taken. */
const generous = (inner: Driver): Driver =>
  wrapped(inner, {
    readSale: async (terminalId, id) => ({
      ...(await inner.readSale(terminalId, id)),
      returned: 0,
    }),
    async apply(change) {
      if (change.operation?.kind !== "refund") return inner.apply(change);
      const { taken, returned } = await inner.readSale(change.terminalId, change.attemptId);
      const effects = change.effects.map((effect) =>
        effect.type === "post"
          ? { ...effect, units: Math.max(effect.units, returned - taken) }
          : effect,
      );
      return inner.apply({ ...change, effects });
    },
  });

it(
  "finds a gateway that does not cap refunds",
  async () => {
    await expectFound({
      bug: () => ({ wrapGatewayDriver: generous }),
      needs: ({ acts }) => {
        const refunded = acts.flatMap(({ deed }) => (deed.type === "refund" ? [deed.of] : []));
        return new Set(refunded).size < refunded.length;
      },
      rules: [RULE.refundOverTaken, RULE.onceReturned],
    });
  },
  TIMEOUT_MS,
);
