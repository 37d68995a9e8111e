// Any interleaving of sales, inquiries, reversals, events and repeats: the ledger adds up, and every store says the same.

import {
  type AuthorizationAnswer,
  AuthorizationAnswerSchema,
  type ReversalAnswer,
  ReversalAnswerSchema,
} from "@pass-tpe/protocol";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Answer, LoadCommand } from "../../gateway/src/core/ports.js";
import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import type { LedgerRows } from "../../gateway/src/store/memory/ledger.js";
import { describeOtherDrivers } from "../support/drivers.js";
import { collected, readLedger } from "../support/ledger.js";
import { printedSeed } from "../support/random.js";
import {
  DAY_CARDS,
  DAY_GRANTS,
  DAY_TERMINALS,
  dayPlayer,
  randomDay,
} from "../support/random-day.js";
import { openShop } from "../support/shop.js";

const RUNS = 50;

type DayCommand = ReturnType<ReturnType<typeof dayPlayer>["next"]>;

interface Exchange {
  readonly command: DayCommand;
  readonly answer: Answer;
}

/** An answer without what only a clock knows. */
const bare = (answer: Answer) =>
  answer.type === "decision" ? { ...answer, timings: null } : answer;

/** What two drivers must agree on, in one order; what one of them keeps beside it is its own matter. */
function comparable({ attempts, reversals, entries, grants, cards }: LedgerRows) {
  const byKey = <T>(items: readonly T[], key: (item: T) => string) =>
    [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return {
    // Which account a proof stood for is known only as long as a driver keeps proofs that have run out.
    attempts: attempts.map(({ input: _, accountId: __, fingerprint, ...rest }) => ({
      ...rest,
      fingerprint: fingerprint && Buffer.from(fingerprint).toString("hex"),
    })),
    reversals: byKey(reversals, ({ terminalId, id }) => `${terminalId} ${id}`),
    entries,
    grants: byKey(grants, ({ id }) => id),
    cards: byKey(
      cards.map(({ id, messageCounter, pinFailures, tapped }) => ({
        id,
        messageCounter,
        pinFailures,
        tapped,
      })),
      ({ id }) => id,
    ),
  };
}

const unitsOf = (answer: AuthorizationAnswer) => answer.amountCents ?? answer.quantity ?? 0;
const keyOf = (command: Exclude<DayCommand, LoadCommand>) =>
  `${command.terminalId} ${command.type === "reverse" ? command.id : command.request.id}`;

/** Checks what the terminals saw, one id after the other, and returns what they believe was taken in all. */
function checkWhatTerminalsSaw(exchanges: readonly Exchange[]): number {
  const sales = new Map<string, AuthorizationAnswer>();
  const reversals = new Map<string, ReversalAnswer>();
  for (const { command, answer } of exchanges) {
    expect(["decision", "conflict", "notFound", "loaded", "refused"]).toContain(answer.type);
    if (command.type === "load" || answer.type !== "decision") continue;
    const key = keyOf(command);
    const reversal = reversals.get(key);
    const sale = sales.get(key);
    if (command.type === "reverse") {
      if (reversal) expect(answer.answer).toEqual(reversal);
      reversals.set(key, ReversalAnswerSchema.parse(answer.answer));
    } else if (command.type === "authorize" && reversal) {
      expect(answer).toMatchObject({ code: "ALREADY_REVERSED", answer: { outcome: "declined" } });
    } else if (command.type === "authorize" && "avantage" in answer.answer) {
      if (sale) expect(answer.answer).toEqual(sale);
      sales.set(key, AuthorizationAnswerSchema.parse(answer.answer));
    }
  }
  let taken = 0;
  for (const [key, sale] of sales) {
    const returned = reversals.get(key)?.returned?.value ?? 0;
    const units = sale.outcome === "approved" ? unitsOf(sale) : 0;
    if (reversals.has(key)) expect(returned).toBe(units);
    taken += units - returned;
  }
  return taken;
}

function checkBalances({ grants, entries }: LedgerRows): number {
  for (const grant of grants) {
    const own = entries.filter(({ grantId }) => grantId === grant.id);
    expect(own.reduce((sum, { units }) => sum + units, 0)).toBe(grant.spent);
    expect(grant.spent).toBeGreaterThanOrEqual(0);
    expect(grant.spent).toBeLessThanOrEqual(grant.amount);
  }
  return grants.reduce((sum, { spent }) => sum + spent, 0);
}

describeOtherDrivers(
  (name) => `a random day in memory and on ${name}`,
  (makeDriver) => {
    it("adds up on both, and is answered alike by both", { timeout: 240_000 }, async () => {
      const seen = { debits: 0, returns: 0, events: 0 };
      await fc.assert(
        fc.asyncProperty(randomDay, fc.nat(), async (day, seed) => {
          const options = { seed, cards: DAY_CARDS, terminals: DAY_TERMINALS, grants: DAY_GRANTS };
          const shop = await openShop(memoryDriver(), options);
          const stored = await makeDriver();
          const other = shop.openStore(stored);
          try {
            await other.load(shop.batch);
            const player = dayPlayer(shop);
            const exchanges: Exchange[] = [];
            for (const { waitMs, reload, steps } of day) {
              shop.clock.advance(waitMs);
              if (reload) await Promise.all([shop.store.load(shop.batch), other.load(shop.batch)]);
              const commands = steps.map(player.next);
              const answers = await Promise.all(commands.map(shop.store.execute));
              const others = await Promise.all(commands.map(other.execute));
              expect(others.map(bare)).toEqual(answers.map(bare));
              answers.forEach(player.learn);
              for (const [index, command] of commands.entries()) {
                const answer = answers[index];
                if (answer) exchanges.push({ command, answer });
              }
            }
            const ledger = await shop.ledger();
            expect(checkWhatTerminalsSaw(exchanges)).toBe(checkBalances(ledger));
            expect(comparable(await readLedger(stored))).toEqual(comparable(ledger));
            const report = await shop.store.verify();
            expect(report.faults).toEqual([]);
            expect(await other.verify()).toEqual(report);
            const replayed = await shop.store.replay();
            expect(replayed).toMatchObject({ notDecidedAgain: 0, differences: [] });
            expect(await other.replay()).toEqual(replayed);
            const events = await collected(shop.driver.events({ subject: null }));
            expect(await collected(stored.events({ subject: null }))).toEqual(events);
            for (const { id } of shop.batch.accounts ?? []) {
              expect(await other.beneficiary(id)).toEqual(await shop.store.beneficiary(id));
            }
            seen.debits += ledger.entries.filter(({ units }) => units > 0).length;
            seen.events += events.filter(({ outcome }) => outcome === "applied").length;
            seen.returns += ledger.entries.filter(({ units }) => units < 0).length;
          } finally {
            await shop.store.close();
            await other.close();
          }
        }),
        printedSeed("a random day", RUNS),
      );
      // Days on which nothing was ever sold or given back would prove nothing.
      expect(seen.debits).toBeGreaterThan(RUNS);
      expect(seen.returns).toBeGreaterThan(RUNS / 10);
      expect(seen.events).toBeGreaterThan(RUNS / 10);
    });
  },
);
