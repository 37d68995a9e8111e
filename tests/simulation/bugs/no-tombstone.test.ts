// A gateway that keeps no tombstone for a reversal whose original has not come yet.

import type { Driver } from "@pass-tpe/gateway/parts";
import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";
import { wrapped } from "./wrapped.js";

const withoutTombstones = (inner: Driver): Driver =>
  wrapped(inner, {
    apply: (change) => (change.attempt?.kind === "tombstone" ? undefined : inner.apply(change)),
  });

it(
  "finds a gateway without tombstones",
  async () => {
    await expectFound({
      bug: () => ({ wrapGatewayDriver: withoutTombstones }),
      rules: [RULE.unknownClosed, RULE.unknownStands, RULE.tombstone, RULE.crashClosed],
    });
  },
  TIMEOUT_MS,
);
