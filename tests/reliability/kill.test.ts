// Kills the gateway in mid-load, again and again: what a terminal saw stands, once, and nothing that was used is new.

import { afterAll, beforeAll, expect, test } from "vitest";
import { printedSeed, seededRandom } from "../support/random.js";
import type { TestGateway } from "../support/running-gateway.js";
import { approvedCents, ledgerFindings } from "./ledger-findings.js";
import { type MortalGateway, mortalGateway } from "./mortal-gateway.js";
import { saleMaker } from "./sales.js";
import { type ScratchGateway, scratchGateway } from "./scratch-gateway.js";
import { type Journalled, runTill } from "./till.js";

const TERMINALS = 8;
const SALES_PER_TERMINAL = 45;
const ATTACKED_CARDS = 12;
const KILLS = 5;
const TIMEOUT_MS = 120_000;

/** After how many answers each kill comes: 20 to 59 after the one before. */
function killSchedule(seed: number): readonly number[] {
  let at = 0;
  return Array.from(seededRandom(seed).bytes(KILLS), (byte) => {
    at += 20 + (byte % 40);
    return at;
  });
}

async function loadShop(test: TestGateway) {
  const terminalIds = Array.from({ length: TERMINALS }, (_, index) => `T-KILL-${index}`);
  const shared = await test.card({ grants: { SPECTACLE: 8_000 } });
  const attacked = await Promise.all(Array.from({ length: ATTACKED_CARDS }, () => test.card()));
  const tills = await Promise.all(
    terminalIds.map(async (terminalId) => ({
      terminalId,
      credentials: await test.terminal(terminalId),
      customers: { own: await test.card({ grants: { SPECTACLE: 1_000_000 } }), shared, attacked },
    })),
  );
  return tills;
}

let shop: ScratchGateway<Awaited<ReturnType<typeof loadShop>>>;
let gateway: MortalGateway;

beforeAll(async () => {
  shop = await scratchGateway(loadShop);
});

afterAll(async () => {
  await gateway?.end().catch(() => undefined);
  shop.remove();
});

test(
  "a gateway killed in mid-load loses no approval that was seen and doubles none, PIN tries and counters included",
  async () => {
    // The seed repeats sales and kills; how the terminals interleave is the machine's.
    const { seed } = printedSeed("kill test", 1);
    const killAt = killSchedule(seed);
    console.info(`kill test: kills after ${killAt.join(", ")} answers`);
    gateway = mortalGateway({ ...shop, killAt });

    const journals = await Promise.all(
      shop.content.map((till, index) => {
        const nextSale = saleMaker({ ...till, gateway: shop.loaded, seed: seed + index });
        return runTill({ ...till, gateway, nextSale, count: SALES_PER_TERMINAL });
      }),
    );
    const { number: lives } = await gateway.current();
    await gateway.end();

    const journal = journals.flat();
    const ledger = await shop.ledger();
    report(journal);
    expect(lives).toBe(KILLS + 1);
    expect(ledgerFindings(ledger, journal)).toEqual([]);
    expect((await shop.verify()).faults).toEqual([]);
    expect(journal.filter((entry) => entry.cutOff !== null)).toHaveLength(KILLS);
    expect(journal.some((entry) => entry.replay)).toBe(true);

    // The same check sees a lost approval, a doubled one, and counters and tries that a restart brought back.
    const spoil = (spoiled: Partial<typeof ledger>) =>
      ledgerFindings({ ...ledger, ...spoiled }, journal);
    const { attempts, entries, cards } = ledger;
    expect(spoil({ attempts: attempts.slice(1) })).not.toEqual([]);
    expect(spoil({ entries: entries.slice(1) })).not.toEqual([]);
    expect(spoil({ entries: [...entries, ...entries.slice(-1)] })).not.toEqual([]);
    expect(spoil({ attempts: [...attempts, ...attempts.slice(-1)] })).not.toEqual([]);
    const forgotten = (change: object) => cards.map((card) => ({ ...card, ...change }));
    expect(spoil({ cards: forgotten({ messageCounter: 0 }) })).not.toEqual([]);
    expect(spoil({ cards: forgotten({ pinFailures: 0 }) })).not.toEqual([]);
  },
  TIMEOUT_MS,
);

function report(journal: readonly Journalled[]): void {
  const approved = journal.filter(({ answer }) => answer.outcome === "approved");
  const doubted = journal.filter(({ unanswered }) => unanswered > 0);
  const replays = journal.filter(({ replay }) => replay);
  console.info(
    `kill test: ${journal.length} answers, ${approved.length} approved for ${approvedCents(journal)} cents, ` +
      `${doubted.length} sales repeated after a kill, ${replays.length} used messages presented again`,
  );
}
