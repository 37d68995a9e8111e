// Any interleaving of authorize, capture, reverse, refund, expiry, settlement and suspension: no money is made or lost.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { PROPERTY_TIMEOUT_MS, runsOf } from "../properties/support/runs.js";
import { readLedger } from "../support/ledger.js";
import { TEST_PROGRAMME } from "../support/programme.js";
import { LIFE_CARDS, LIFE_GRANTS, LIFE_TERMINALS, randomLife } from "../support/random-life.js";
import { openShop, partnerRecord, type Shop } from "../support/shop.js";
import { tempFiles } from "../support/temp-folder.js";
import { checkBooks, checkGrants, checkWhatTillsSaw, type Exchange } from "./life/checks.js";
import { bare, lifePlayer, paymentsOf, playSettlement } from "./life/player.js";

const newFile = tempFiles();

/** The third till belongs to another partner. */
const secondPartner = (shop: Shop) => ({
  partners: [partnerRecord({ id: "partner-2", conventions: [] }), partnerRecord()],
  pointsOfSale: [{ id: "pos-2", partnerId: "partner-2", name: "Ailleurs", city: "Lyon" }],
  terminals: [shop.terminal(2).record({ pointOfSaleId: "pos-2" })],
});

describe("a random life of sales", { timeout: 2 * PROPERTY_TIMEOUT_MS }, () => {
  it("makes and loses no money on either store, which answer and pay alike", async () => {
    const seen = { captures: 0, refunds: 0, reversals: 0, expired: 0, payments: 0, held: 0 };
    const options = runsOf("random lives", 40);
    await fc.assert(
      fc.asyncProperty(randomLife, fc.nat(), async (life, seed) => {
        const of = { seed, cards: LIFE_CARDS, terminals: LIFE_TERMINALS, grants: LIFE_GRANTS };
        const shop = await openShop(memoryDriver(), of);
        const onDisk = sqliteDriver(newFile());
        const other = shop.openStore(onDisk);
        try {
          await other.load(shop.batch);
          const second = secondPartner(shop);
          const convention = { ...(shop.batch.partners?.[0]?.conventions[0] ?? never()) };
          const partners = second.partners.map((it) =>
            it.id === "partner-2"
              ? { ...it, conventions: [{ ...convention, reference: "C-2" }] }
              : it,
          );
          for (const store of [shop.store, other]) await store.load({ ...second, partners });
          const player = lifePlayer(shop);
          // One partner can be paid from the beginning; the other waits for its first bank account.
          const paid = player.command({ type: "paper", partner: "partner-1", what: "bank" });
          for (const store of [shop.store, other]) await store.execute(paid ?? never());
          const exchanges: Exchange[] = [];
          for (const { waitMs, steps } of life) {
            shop.clock.advance(waitMs);
            const commands = steps.map((one) => player.command(one)).filter((it) => it !== null);
            const settling = steps.filter(({ type }) => type === "settlement" || type === "bank");
            const answers = await Promise.all(commands.map(shop.store.execute));
            const others = await Promise.all(commands.map(other.execute));
            expect(others.map(bare)).toEqual(answers.map(bare));
            for (const one of settling) {
              if (one.type !== "settlement" && one.type !== "bank") continue;
              for (const store of [shop.store, other]) {
                await playSettlement(store, one, shop.clock.nowMs());
              }
            }
            commands.forEach((command, index) => {
              const answer = answers[index];
              if (answer) exchanges.push({ command, answer });
            });
            checkGrants(await shop.ledger(), shop.clock.nowMs());
          }
          const ledger = await shop.ledger();
          checkWhatTillsSaw(exchanges, ledger);
          const lines = await checkBooks(shop.store.settlement, ledger, TEST_PROGRAMME);
          const onOther = await readLedger(onDisk);
          expect(await checkBooks(other.settlement, onOther, TEST_PROGRAMME)).toEqual(lines);
          const payments = await paymentsOf(shop.store.settlement);
          expect(await paymentsOf(other.settlement)).toEqual(payments);
          const report = await shop.store.verify();
          expect(report.faults).toEqual([]);
          expect((await other.verify()).faults).toEqual([]);
          expect((await shop.store.replay()).differences).toEqual([]);
          seen.captures += report.captures;
          seen.refunds += report.refunds;
          seen.reversals += report.reversed;
          seen.expired += ledger.attempts.filter(({ state }) => state === "expired").length;
          seen.payments += payments.length;
          seen.held += lines.filter(({ state }) => state === "HELD").length;
        } finally {
          await shop.store.close();
          await other.close();
        }
      }),
      options,
    );
    // Lives in which nothing was ever captured, refunded, paid or held would prove nothing.
    for (const [what, count] of Object.entries(seen)) {
      expect(count, what).toBeGreaterThan(options.numRuns / 10);
    }
  });
});

function never(): never {
  throw new Error("the shop has a partner with a convention");
}
