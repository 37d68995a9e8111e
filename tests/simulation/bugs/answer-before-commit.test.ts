// A gateway that answers before its commit is durable.

import type { Driver } from "@pass-tpe/gateway/parts";
import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";
import { wrapped } from "./wrapped.js";

/** Says at once that a commit is durable; the next transaction waits for it. */
function hasty(inner: Driver): Driver {
  let committing: Promise<void> = Promise.resolve();
  return wrapped(inner, {
    async begin() {
      await committing;
      await inner.begin();
    },
    sync() {
      committing = Promise.resolve(inner.sync()).catch(() => undefined);
    },
  });
}

it(
  "finds a gateway that answers before its commit",
  async () => {
    await expectFound({
      bug: () => ({ wrapGatewayDriver: hasty }),
      rules: [RULE.approvalKept, RULE.answerKept, RULE.wordKept, RULE.lastWord],
    });
  },
  TIMEOUT_MS,
);
