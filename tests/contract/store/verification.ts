// The proofs of the ledger: silent on what the store wrote, and naming the row of any figure that was changed since.

import { describe, expect, it } from "vitest";
import { loadProgramme } from "../../../gateway/src/catalogue/programme.js";
import type { Programme } from "../../../gateway/src/core/programme.js";
import type { AttemptRow, EntryRow } from "../../../gateway/src/store/driver.js";
import { FINDINGS_MAX } from "../../../gateway/src/store/findings.js";
import { type LedgerRows, ledgerOf } from "../../../gateway/src/store/memory/ledger.js";
import { replayLedger } from "../../../gateway/src/store/replay.js";
import { parseStoredInput, storedInput } from "../../../gateway/src/store/stored-input.js";
import { verifyLedger } from "../../../gateway/src/store/verify.js";
import { VERIFY_OPTIONS } from "../../support/ledger.js";
import { WRONG_PIN } from "../../support/presentations.js";
import { catalogueData, readTestProgramme } from "../../support/programme.js";
import type { Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const GRANTS = { SPECTACLE: 3000, CINEMA: 5 };

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

type Plant = (rows: LedgerRows) => LedgerRows;

/** The ledger of rows, without a trail: nothing was told. */
const ledgerWith = (rows: LedgerRows) => ledgerOf({ ...rows, suspensions: [], events: [] });

const first = <T>(items: readonly T[], change: (item: T) => T): readonly T[] =>
  items.map((item, index) => (index === 0 ? change(item) : item));

/** Changes the first attempt, which was approved for 700. */
const inFirstAttempt =
  (change: (attempt: AttemptRow) => Partial<AttemptRow>): Plant =>
  (it) => ({ ...it, attempts: first(it.attempts, (one) => ({ ...one, ...change(one) })) });

const inFirstEntry =
  (change: Partial<EntryRow>): Plant =>
  (it) => ({ ...it, entries: first(it.entries, (entry) => ({ ...entry, ...change })) });

const withSpent =
  (spent: number): Plant =>
  (it) => ({
    ...it,
    grants: it.grants.map((grant) => (grant.unit === "EUR_CENT" ? { ...grant, spent } : grant)),
  });

const both =
  (...plants: readonly Plant[]): Plant =>
  (it) =>
    plants.reduce((rows, plant) => plant(rows), it);

const answeredWith = (cents: number): Plant =>
  inFirstAttempt(({ answer }) => ({
    answer: answer?.replace('"amountCents":700', `"amountCents":${cents}`) ?? null,
  }));

/** A name that stands for the id of the first attempt in the table below. */
const FIRST = "the first attempt";
const SPECTACLE = "grant account-0 account-0/SPECTACLE";

const FOUND_BY_VERIFY: readonly (readonly [string, Plant, string])[] = [
  ["a debit made smaller", inFirstEntry({ units: 1 }), SPECTACLE],
  ["a debit removed", (it) => ({ ...it, entries: it.entries.slice(1) }), SPECTACLE],
  [
    "a debit made smaller together with its grant's balance",
    both(inFirstEntry({ units: 600 }), withSpent(600)),
    FIRST,
  ],
  [
    "a debit that belongs to no attempt, together with its grant's balance",
    both(
      (it) => ({
        ...it,
        entries: [
          ...it.entries,
          ...it.entries.slice(0, 1).map((one) => ({ ...one, attemptId: "nobody's", units: 50 })),
        ],
      }),
      withSpent(750),
    ),
    "nobody's belongs to no attempt",
  ],
  [
    "a debit moved to another account, both balances adjusted",
    both(inFirstEntry({ accountId: "another" }), withSpent(0), (it) => ({
      ...it,
      grants: [
        ...it.grants,
        ...it.grants.slice(-1).map((grant) => ({ ...grant, accountId: "another", spent: 700 })),
      ],
    })),
    FIRST,
  ],
  [
    "a debit on a grant that is not there",
    inFirstEntry({ grantId: "gone" }),
    "grant account-0 gone",
  ],
  ["a reversal that is no longer there", (it) => ({ ...it, reversals: [] }), "has no reversal"],
  ["a balance given back", withSpent(0), SPECTACLE],
  [
    "a grant made smaller than what was spent",
    (it) => ({ ...it, grants: it.grants.map((grant) => ({ ...grant, amount: 1 })) }),
    SPECTACLE,
  ],
  ["an answer with another amount", answeredWith(900), FIRST],
  ["an answer that nobody can read", inFirstAttempt(() => ({ answer: "{" })), FIRST],
  ["an approval turned into a refusal", inFirstAttempt(() => ({ state: "declined" })), FIRST],
];

function withOtherBalances(input: string): string {
  const stored = parseStoredInput(input);
  const { snapshot } = stored;
  const grants = snapshot.grants.map((grant) => ({ ...grant, spent: grant.spent + 1 }));
  return storedInput({ ...stored, snapshot: { ...snapshot, grants } });
}

const FOUND_BY_REPLAY: readonly (readonly [string, Plant])[] = [
  [
    "an amount made smaller in answer, debit and balance together",
    both(answeredWith(600), inFirstEntry({ units: 600 }), withSpent(600)),
  ],
  ["a debit moved to another grant of the account", inFirstEntry({ grantId: "account-0/CINEMA" })],
  ["another code", inFirstAttempt(() => ({ code: "APPROVED_PARTIAL" }))],
  ["another answer", answeredWith(900)],
  ["a stored input that nobody can read", inFirstAttempt(() => ({ input: "{" }))],
  ["no stored input", inFirstAttempt(() => ({ input: null }))],
  [
    "facts that were not found",
    inFirstAttempt(({ input }) => ({
      input: input?.replace('"genuine":true', '"genuine":false') ?? null,
    })),
  ],
  [
    "another balance that it was decided from",
    inFirstAttempt(({ input }) => ({ input: withOtherBalances(input ?? "") })),
  ],
  ["effects of another decision", inFirstAttempt(() => ({ effectsDigest: Buffer.alloc(32) }))],
  ["no digest of its effects", inFirstAttempt(() => ({ effectsDigest: null }))],
];

const LABEL = "Spectacle";
const LATER_LABEL = "Scène";

/** The programme with another name for what was sold. */
function programmeOfLater(): Programme {
  const data = catalogueData();
  const avantages = data.avantages.map((one) =>
    one.code === "SPECTACLE" ? { ...one, label: one.label.replace(LABEL, LATER_LABEL) } : one,
  );
  return loadProgramme({ ...data, avantages });
}

export function describeVerification(makeDriver: MakeDriver): void {
  describe("verification", () => {
    it("finds nothing wrong with what the store wrote, and sums it by unit", async () => {
      const shop = await openFor(makeDriver, { grants: GRANTS });
      await dayOfSales(shop);
      expect(await shop.store.verify()).toEqual({
        attempts: 6,
        entries: 4,
        grants: 2,
        grantsWithoutRule: 2,
        suspensions: 0,
        events: 0,
        programmesUnread: 0,
        approved: 2,
        held: 0,
        captures: 0,
        refunds: 0,
        reversed: 2,
        debited: { EUR_CENT: 700, SEAT: 2 },
        lines: 0,
        payments: 0,
        settlements: 0,
        faults: [],
      });
    });

    it.each(FOUND_BY_VERIFY)("finds %s, and names the row", async (_what, plant, named) => {
      const shop = await openFor(makeDriver, { grants: GRANTS });
      await dayOfSales(shop);
      const rows = await shop.ledger();
      const row = named === FIRST ? `attempt terminal-0 ${rows.attempts[0]?.id}` : named;
      const { faults } = await verifyLedger(ledgerWith(plant(rows)), VERIFY_OPTIONS);
      expect(faults.join("\n")).toContain(row);
    });

    it("lists so many faults and counts the rest", async () => {
      const shop = await openFor(makeDriver);
      await shop.authorize();
      const rows = await shop.ledger();
      const [entry] = rows.entries;
      if (!entry) throw new Error("a sale has an entry");
      const stray = Array.from({ length: FINDINGS_MAX + 5 }, (_, index) => ({
        ...entry,
        attemptId: `stray-${index}`,
        units: 0,
      }));
      const entries = [...rows.entries, ...stray];
      const { faults } = await verifyLedger(ledgerWith({ ...rows, entries }), VERIFY_OPTIONS);
      expect(faults).toHaveLength(FINDINGS_MAX + 1);
      expect(faults.at(-1)).toBe("and 5 more");
    });
  });

  describe("replay", () => {
    it("decides everything that the store wrote again, and comes out the same", async () => {
      const shop = await openFor(makeDriver, { grants: GRANTS });
      await dayOfSales(shop);
      expect(await shop.store.replay()).toEqual({
        attempts: 6,
        decidedAgain: 5,
        operationsAgain: 0,
        tombstones: 1,
        reversalsAgain: 2,
        notDecidedAgain: 0,
        unknown: [],
        differences: [],
        reworded: [],
      });
    });

    it.each(FOUND_BY_REPLAY)("finds %s, and names the row", async (_what, plant) => {
      const shop = await openFor(makeDriver, { grants: GRANTS });
      await dayOfSales(shop);
      const rows = await shop.ledger();
      const { differences } = await replayLedger(ledgerWith(plant(rows)), readTestProgramme);
      expect(differences.join("\n")).toContain(`attempt terminal-0 ${rows.attempts[0]?.id}`);
    });

    it("finds a reversal as it was answered, under whichever kept programme that was", async () => {
      const shop = await openFor(makeDriver, { grants: GRANTS });
      await dayOfSales(shop);
      const later = programmeOfLater();
      const underLater: Plant = (it) => ({
        ...it,
        reversals: first(it.reversals, (row) => ({
          ...row,
          answer: row.answer.replaceAll(LABEL, LATER_LABEL),
        })),
      });
      const withLater: Plant = (it) => ({ ...it, programmes: [...it.programmes, later] });
      const differencesAfter = async (...plants: readonly Plant[]) => {
        const ledger = ledgerWith(both(...plants)(await shop.ledger()));
        const { differences, reworded } = await replayLedger(ledger, readTestProgramme);
        return [...differences, ...reworded];
      };
      expect(await differencesAfter(withLater)).toEqual([]);
      expect(await differencesAfter(withLater, underLater)).toEqual([]);
      expect(await differencesAfter(underLater)).not.toEqual([]);
    });

    it.each<[string, Plant, string]>([
      ["a programme that was not kept", (it) => ({ ...it, programmes: [] }), "programme "],
      [
        "a programme that was changed since",
        (it) => ({
          ...it,
          programmes: it.programmes.map((one) => ({
            ...one,
            json: one.json.replace("compte.example", "other.example"),
          })),
        }),
        "programme ",
      ],
      [
        "rules of another version",
        (it) => ({ ...it, attempts: it.attempts.map((one) => ({ ...one, rulesVersion: 0 })) }),
        "rules version 0 is not known: 5 attempts",
      ],
    ])("counts what was decided under %s, and says under which", async (_what, plant, unknown) => {
      const shop = await openFor(makeDriver, { grants: GRANTS });
      await dayOfSales(shop);
      const ledger = ledgerWith(plant(await shop.ledger()));
      const report = await replayLedger(ledger, readTestProgramme);
      expect(report).toMatchObject({ decidedAgain: 0, notDecidedAgain: 5, differences: [] });
      expect(report.unknown).toEqual([expect.stringContaining(unknown)]);
    });
  });
}
