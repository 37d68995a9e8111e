// A gateway that knows, after a restart, no id of its earlier lives: what is sent again is decided again.

import type { Driver } from "@pass-tpe/gateway/parts";
import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";
import { wrapped } from "./wrapped.js";

/** What is decided again is kept under an id of its own, as a table of a life's ids beside the ledger would. */
function amnesic(): (inner: Driver) => Driver {
  let lives = 0;
  const livesOf = new Map<string, number>();
  return (inner) => {
    lives += 1;
    const life = lives;
    return wrapped(inner, {
      findAttempt: (terminalId, id) =>
        (livesOf.get(`${terminalId} ${id}`) ?? life) < life
          ? null
          : inner.findAttempt(terminalId, id),
      apply(change) {
        const { attempt, reversal, terminalId } = change;
        const key = `${terminalId} ${change.attemptId}`;
        const isAgain = attempt !== null && (livesOf.get(key) ?? life) < life;
        if (attempt !== null && !isAgain) livesOf.set(key, life);
        if (!isAgain) return inner.apply(change);
        const id = `${attempt.id.slice(0, -3)}${String(life).padStart(3, "0")}`;
        return inner.apply({
          ...change,
          attemptId: id,
          attempt: { ...attempt, id },
          reversal: reversal && { ...reversal, id },
        });
      },
    });
  };
}

it(
  "finds a gateway that forgets ids at its restart",
  async () => {
    await expectFound({
      bug: () => ({ wrapGatewayDriver: amnesic() }),
      needs: ({ faults }) =>
        faults.some(({ type }) => type === "gatewayDies" || type === "commitFails"),
      rules: [RULE.begun, RULE.unknownStands, RULE.onceAttempt, RULE.sameAnswer, RULE.crashStands],
    });
  },
  TIMEOUT_MS,
);
