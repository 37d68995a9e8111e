// A gateway that takes a failed commit for a commit, and answers as if all were well.

import type { Driver } from "@pass-tpe/gateway/parts";
import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";
import { wrapped } from "./wrapped.js";

const trusting = (inner: Driver): Driver =>
  wrapped(inner, {
    async sync() {
      try {
        await inner.sync();
      } catch {
        // Here is the bug.
      }
    },
  });

it(
  "finds a gateway that answers a doubtful commit as done",
  async () => {
    await expectFound({
      bug: () => ({ wrapGatewayDriver: trusting }),
      needs: ({ faults }) => faults.some(({ type }) => type === "commitFails"),
      rules: [RULE.approvalKept, RULE.answerKept, RULE.wordKept, RULE.cardCounter, RULE.cardTries],
    });
  },
  TIMEOUT_MS,
);
