// Any interleaving of authorize, capture, reverse, refund, expiry, settlement and suspension: no money is made or lost.

import fc from "fast-check";
import { chai, describe, expect, it } from "vitest";
import { BugError } from "../../gateway/src/core/assert.js";
import type { Driver } from "../../gateway/src/store/driver.js";
import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import { PROPERTY_TIMEOUT_MS, runsOf } from "../properties/support/runs.js";
import { NOW_MS } from "../support/builders.js";
import { describeOtherDrivers } from "../support/drivers.js";
import { readLedger } from "../support/ledger.js";
import { TEST_PROGRAMME } from "../support/programme.js";
import { randomLife } from "../support/random-life.js";
import { BUGS } from "./life/bugs.js";
import { checkBooks, checkGrants, checkWhatTillsSaw } from "./life/checks.js";
import { type Life, type Lived, live } from "./life/live.js";
import { paymentsOf } from "./life/player.js";

/** Holds everything that came of a life on one store to what the tills were told. */
async function checkLife({ shop, exchanges }: Lived, driver: Driver) {
  const ledger = await readLedger(driver);
  checkGrants(ledger, shop.clock.nowMs());
  checkWhatTillsSaw(exchanges, ledger);
  const lines = await checkBooks(shop.store.settlement, ledger, TEST_PROGRAMME);
  const report = await shop.store.verify();
  expect(report.faults).toEqual([]);
  expect((await shop.store.replay()).differences).toEqual([]);
  return { ledger, lines, report };
}

/** What each till did, as it is compared with its journal: on half of the life, and on all of it. */
function daysOf({ shop }: Lived) {
  const terminals = shop.batch.terminals ?? [];
  const endMs = shop.clock.nowMs() + 1;
  const days = [
    { fromMs: 0, toMs: endMs },
    { fromMs: Math.floor((NOW_MS + endMs) / 2), toMs: endMs },
  ];
  return Promise.all(
    terminals.flatMap(({ id: terminalId }) =>
      days.map((day) => shop.store.tillDay({ terminalId, ...day })),
    ),
  );
}

describeOtherDrivers(
  (name) => `a random life of sales in memory and on ${name}`,
  (makeDriver) => {
    const timeout = 2 * PROPERTY_TIMEOUT_MS;
    it("makes and loses no money on either, and both answer and pay alike", {
      timeout,
    }, async () => {
      const seen = { captures: 0, refunds: 0, reversals: 0, expired: 0, payments: 0, held: 0 };
      const options = runsOf("random lives", 40);
      await fc.assert(
        fc.asyncProperty(randomLife, fc.nat(), async (life, seed) => {
          const inMemory = memoryDriver();
          const stored = await makeDriver();
          const lived = await live(life, { seed, driver: inMemory });
          const other = await live(life, { seed, driver: stored });
          try {
            const answersOf = ({ exchanges }: Lived) =>
              exchanges.map(({ answer }) =>
                answer.type === "decision" ? { ...answer, timings: null } : answer,
              );
            expect(answersOf(other)).toEqual(answersOf(lived));
            expect(await daysOf(other)).toEqual(await daysOf(lived));
            const { ledger, lines, report } = await checkLife(lived, inMemory);
            expect((await checkLife(other, stored)).lines).toEqual(lines);
            const payments = await paymentsOf(lived.shop.store.settlement);
            expect(await paymentsOf(other.shop.store.settlement)).toEqual(payments);
            seen.captures += report.captures;
            seen.refunds += report.refunds;
            seen.reversals += report.reversed;
            seen.expired += ledger.attempts.filter(({ state }) => state === "expired").length;
            seen.payments += payments.length;
            seen.held += lines.filter(({ state }) => state === "HELD").length;
          } finally {
            await lived.shop.store.close();
            await other.shop.store.close();
          }
        }),
        options,
      );
      // Lives in which nothing was ever captured, refunded, paid or held would prove nothing.
      for (const [what, count] of Object.entries(seen)) {
        expect(count, what).toBeGreaterThan(options.numRuns / 10);
      }
    });
  },
);

describe("a random life of sales", { timeout: 2 * PROPERTY_TIMEOUT_MS }, () => {
  const bugs = BUGS.map((bug) => [bug.what, bug] as const);
  it.each(bugs)("is found wrong where %s", async (_what, { spoil, refusals }) => {
    const property = fc.asyncProperty(randomLife, fc.nat(), async (life: Life, seed) => {
      const driver = spoil(memoryDriver());
      const lived = await live(life, { seed, driver });
      try {
        await checkLife(lived, driver);
      } finally {
        await lived.shop.store.close();
      }
    });
    const { failed, errorInstance } = await fc.check(property, {
      ...runsOf("lives with a bug", 200),
      endOnFailure: true,
    });
    expect(failed).toBe(true);
    // By a check: whatever else is thrown, a TypeError say, shows nothing but that the bug was built badly.
    const isRefused = errorInstance instanceof BugError && refusals.includes(errorInstance.message);
    if (!isRefused) expect(errorInstance).toBeInstanceOf(chai.AssertionError);
  });
});
