// The proof of the ledger: silent on what the store wrote, and loud on any figure that was changed since.

import { describe, expect, it } from "vitest";
import type { Ledger } from "../../../gateway/src/store/driver.js";
import { verifyLedger } from "../../../gateway/src/store/verify.js";
import { WRONG_PIN } from "../../support/presentations.js";
import { readTestProgramme } from "../../support/programme.js";
import type { Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

/** An approval, a reversal, a decline, an inquiry, a tombstone and seats. */
async function dayOfSales(shop: Shop): Promise<void> {
  await shop.authorize({ purchaseCents: 700 });
  const reversed = shop.request({ purchaseCents: 300 });
  await shop.authorize(reversed);
  await shop.reverse(reversed.id);
  await shop.authorize({ evidence: shop.terminal().scan(shop.card(), WRONG_PIN) });
  await shop.inquire({ evidence: shop.card().tap() });
  await shop.reverse(shop.newId());
  await shop.authorize({ avantage: "CINEMA", quantity: 2 });
}

const first = <T>(items: readonly T[], change: (item: T) => T): readonly T[] =>
  items.map((item, index) => (index === 0 ? change(item) : item));

const PLANTED: readonly (readonly [string, (ledger: Ledger) => Ledger])[] = [
  [
    "a debit made smaller",
    (it) => ({ ...it, entries: first(it.entries, (entry) => ({ ...entry, units: 1 })) }),
  ],
  ["a debit removed", (it) => ({ ...it, entries: it.entries.slice(1) })],
  [
    "a debit made smaller together with its grant's balance",
    (it) => ({
      ...it,
      entries: first(it.entries, (entry) => ({ ...entry, units: 600 })),
      grants: it.grants.map((grant) =>
        grant.unit === "EUR_CENT" ? { ...grant, spent: 600 } : grant,
      ),
    }),
  ],
  [
    "a debit that belongs to no attempt, together with its grant's balance",
    (it) => ({
      ...it,
      entries: [
        ...it.entries,
        ...it.entries.slice(0, 1).map((entry) => ({ ...entry, attemptId: "nobody's", units: 50 })),
      ],
      grants: it.grants.map((grant) =>
        grant.unit === "EUR_CENT" ? { ...grant, spent: 750 } : grant,
      ),
    }),
  ],
  [
    "an amount made smaller in answer, debit and balance together",
    (it) => ({
      ...it,
      attempts: first(it.attempts, (one) => ({
        ...one,
        answer: one.answer?.replace('"amountCents":700', '"amountCents":600') ?? null,
      })),
      entries: first(it.entries, (entry) => ({ ...entry, units: 600 })),
      grants: it.grants.map((grant) =>
        grant.unit === "EUR_CENT" ? { ...grant, spent: 600 } : grant,
      ),
    }),
  ],
  [
    "a debit moved to another grant, both balances adjusted",
    (it) => ({
      ...it,
      entries: first(it.entries, (entry) => ({
        ...entry,
        grantId: "another",
        accountId: "another",
      })),
      grants: [
        ...it.grants.map((grant) => (grant.unit === "EUR_CENT" ? { ...grant, spent: 0 } : grant)),
        ...it.grants
          .filter((grant) => grant.unit === "EUR_CENT")
          .map((grant) => ({ ...grant, id: "another", accountId: "another", spent: 700 })),
      ],
    }),
  ],
  ["a reversal that is no longer there", (it) => ({ ...it, reversals: [] })],
  [
    "a stored input that nobody can read",
    (it) => ({ ...it, attempts: first(it.attempts, (one) => ({ ...one, input: "{" })) }),
  ],
  [
    "a balance given back",
    (it) => ({ ...it, grants: it.grants.map((grant) => ({ ...grant, spent: 0 })) }),
  ],
  [
    "a grant made smaller than what was spent",
    (it) => ({ ...it, grants: it.grants.map((grant) => ({ ...grant, amount: 1 })) }),
  ],
  [
    "a refusal turned into an approval",
    (it) => ({
      ...it,
      attempts: it.attempts.map((one) =>
        one.code === "PIN_INCORRECT" ? { ...one, code: "APPROVED" } : one,
      ),
    }),
  ],
  [
    "an answer with another amount",
    (it) => ({
      ...it,
      attempts: first(it.attempts, (one) => ({
        ...one,
        answer: one.answer?.replace('"amountCents":700', '"amountCents":900') ?? null,
      })),
    }),
  ],
  [
    "facts that were not found",
    (it) => ({
      ...it,
      attempts: first(it.attempts, (one) => ({
        ...one,
        input: one.input?.replace('"genuine":true', '"genuine":false') ?? null,
      })),
    }),
  ],
];

export function describeVerification(makeDriver: MakeDriver): void {
  describe("verification", () => {
    const grants = { SPECTACLE: 3000, CINEMA: 5 };

    it("finds nothing wrong with what the store wrote, and sums it by unit", async () => {
      const shop = await openFor(makeDriver, { grants });
      await dayOfSales(shop);
      expect(await shop.store.verify()).toEqual({
        attempts: 6,
        entries: 4,
        approved: 2,
        reversed: 2,
        debited: { EUR_CENT: 700, SEAT: 2 },
        notRedecided: 0,
        faults: [],
      });
    });

    it.each(PLANTED)("finds %s", async (_what, plant) => {
      const shop = await openFor(makeDriver, { grants });
      await dayOfSales(shop);
      const ledger = await shop.driver.ledger();
      expect(verifyLedger(plant(ledger), readTestProgramme).faults).not.toEqual([]);
    });

    it("counts what it cannot decide again, and still holds it to its answer", async () => {
      const shop = await openFor(makeDriver, { grants });
      await dayOfSales(shop);
      const ledger = { ...(await shop.driver.ledger()), programmes: [] };
      const report = verifyLedger(ledger, readTestProgramme);
      expect(report).toMatchObject({ notRedecided: 5, faults: [] });
      const planted = { ...ledger, entries: first(ledger.entries, (it) => ({ ...it, units: 1 })) };
      expect(verifyLedger(planted, readTestProgramme).faults).not.toEqual([]);
    });
  });
}
