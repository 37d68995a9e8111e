// Lives one random life on one driver, from opening its shop to the last round.

import type fc from "fast-check";
import { expect } from "vitest";
import type { Driver } from "../../../gateway/src/store/driver.js";
import { readLedger } from "../../support/ledger.js";
import { TEST_PROGRAMME } from "../../support/programme.js";
import {
  LIFE_CARDS,
  LIFE_GRANTS,
  LIFE_TERMINALS,
  type randomLife,
} from "../../support/random-life.js";
import { openShop, partnerRecord, type Shop } from "../../support/shop.js";
import { checkGrants, checkNewPayments, type Exchange } from "./checks.js";
import { lifePlayer, playSettlement } from "./player.js";

export type Life = typeof randomLife extends fc.Arbitrary<infer T> ? T : never;

/** What came of a life. */
export interface Lived {
  readonly shop: Shop;
  readonly exchanges: readonly Exchange[];
}

const KINDS = ["decision", "conflict", "notFound", "loaded", "refused"];

/** Two partners, of whom the third till belongs to the second; the first can be paid from the beginning. */
async function openLife(seed: number, driver: Driver): Promise<Shop> {
  const shop = await openShop(driver, {
    seed,
    cards: LIFE_CARDS,
    terminals: LIFE_TERMINALS,
    grants: LIFE_GRANTS,
  });
  const first = partnerRecord();
  const conventions = first.conventions.map((it) => ({ ...it, reference: "C-2" }));
  await shop.store.load({
    partners: [{ ...first, id: "partner-2", conventions }],
    pointsOfSale: [{ id: "pos-2", partnerId: "partner-2", name: "Ailleurs", city: "Lyon" }],
    terminals: [shop.terminal(2).record({ pointOfSaleId: "pos-2" })],
  });
  return shop;
}

/** Lives it: everything in one round arrives at once, and then settlement has its turn. */
export async function live(
  life: Life,
  { seed, driver }: { readonly seed: number; readonly driver: Driver },
): Promise<Lived> {
  const shop = await openLife(seed, driver);
  const player = lifePlayer(shop);
  const paid = player.command({ type: "paper", partner: "partner-1", what: "bank" });
  if (paid) await shop.store.execute(paid);
  const exchanges: Exchange[] = [];
  const known = new Set<string>();
  for (const { waitMs, stepBackMs, steps } of life) {
    shop.clock.advance(waitMs);
    shop.clock.setNow(shop.clock.nowMs() - stepBackMs);
    const commands = steps.map((one) => player.command(one)).filter((it) => it !== null);
    const answers = await Promise.all(commands.map(shop.store.execute));
    for (const one of steps) {
      if (one.type !== "settlement" && one.type !== "bank") continue;
      await playSettlement(shop.store, one, shop.clock.nowMs());
      await checkNewPayments(shop.store.settlement, { known, programme: TEST_PROGRAMME });
    }
    commands.forEach((command, index) => {
      const answer = answers[index];
      if (!answer) return;
      if (answer.type === "bug") throw answer.error;
      expect(KINDS).toContain(answer.type);
      player.learn(command, answer);
      exchanges.push({ command, answer });
    });
    checkGrants(await readLedger(driver), shop.clock.nowMs());
  }
  return { shop, exchanges };
}
