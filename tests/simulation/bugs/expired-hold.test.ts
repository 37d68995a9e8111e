// A gateway that captures holds whose time is over.

import type { Driver } from "@pass-tpe/gateway/parts";
import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";
import { wrapped } from "./wrapped.js";

const HOUR_MS = 3_600_000;

const longer = <T extends { readonly expiresAtMs: number }>(hold: T): T => ({
  ...hold,
  expiresAtMs: hold.expiresAtMs + HOUR_MS,
});

/** A hold seems to last an hour longer, whoever reads it. */
const patient = (inner: Driver): Driver =>
  wrapped(inner, {
    async readCase(query) {
      const rows = await inner.readCase(query);
      if (rows === null) return null;
      const holds = rows.snapshot.holds.map(longer);
      return { ...rows, snapshot: { ...rows.snapshot, holds } };
    },
    async findAttempt(terminalId, id) {
      const found = await inner.findAttempt(terminalId, id);
      if (!found?.hold) return found;
      return { ...found, hold: longer(found.hold) };
    },
    async readSale(terminalId, id) {
      const rows = await inner.readSale(terminalId, id);
      return { ...rows, holds: rows.holds.map(longer) };
    },
  });

it(
  "finds a gateway that captures an expired hold",
  async () => {
    await expectFound({
      bug: () => ({ wrapGatewayDriver: patient }),
      // Only in a long day, or where a clock is wrong, can a hold be over before its capture.
      needs: ({ healsAtMs, faults }) =>
        healsAtMs > HOUR_MS / 2 || faults.some((it) => it.type === "skew" && it.ms > HOUR_MS / 2),
      rules: [RULE.captureOverHold],
    });
  },
  TIMEOUT_MS,
);
