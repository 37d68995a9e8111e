// The line before the store when it is full or closed: reversals get in, copies are not lied to, other work counts.

import { expect, onTestFinished, test } from "vitest";
import type { Answer } from "../../gateway/src/core/ports.js";
import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import { codeOf, openShop, type ShopOptions } from "../support/shop.js";

const GRANTS = { SPECTACLE: 10_000_000 };
/** More than may wait. */
const CROWD = 4_200;

/** A shop whose syncs take so long in virtual time, and can be held up. */
async function rig(options: ShopOptions) {
  const driver = memoryDriver();
  const disk = { ms: 0, held: Promise.resolve(), spend: (_ms: number) => {} };
  const sync = async () => {
    await disk.held;
    disk.spend(disk.ms);
    return driver.sync();
  };
  const shop = await openShop({ ...driver, sync }, { grants: GRANTS, ...options });
  onTestFinished(() => shop.store.close());
  disk.spend = (ms) => shop.clock.advance(ms);
  function hold(): () => void {
    let release = () => {};
    disk.held = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }
  /** What a commit costs is learned from commits. */
  async function learn(ms: number): Promise<void> {
    disk.ms = ms;
    for (let sold = 0; sold < 10; sold += 1) await shop.authorize({ purchaseCents: 1 });
  }
  return { shop, hold, learn };
}

test("a reversal is let in where the line is full of sales", async () => {
  const tills = 66;
  const { shop, hold } = await rig({ terminals: tills });
  const own = shop.terminal(tills - 1);
  const sold = shop.request({ purchaseCents: 1 });
  await shop.authorize(sold, own);
  const release = hold();
  const asked = Array.from({ length: CROWD }, (_, index) =>
    shop.authorize({ purchaseCents: 1 }, shop.terminal(index % (tills - 1))),
  );
  const reversal = shop.reverse(sold.id, { terminal: own });
  release();
  expect(await reversal).toMatchObject({ type: "decision" });
  const types = new Set((await Promise.all(asked)).map(({ type }) => type));
  expect(types).toEqual(new Set(["decision", "overloaded"]));
}, 120_000);

test("a copy of a sale that waits has its answer, where the copy alone would come too late", async () => {
  const { shop, hold, learn } = await rig({ terminals: 3 });
  await learn(1_500);
  const release = hold();
  const first = shop.authorize({ purchaseCents: 1, deadlineMs: 4_000 });
  const sale = shop.request({ purchaseCents: 1, deadlineMs: 4_000 });
  const waits = shop.authorize(sale, shop.terminal(1));
  const hasty = { ...sale, deadlineMs: 600 };
  const again = shop.authorize(hasty, shop.terminal(1));
  const other = shop.authorize({ ...hasty, purchaseCents: 2 }, shop.terminal(1));
  const elsewhere = shop.authorize(hasty, shop.terminal(2));
  release();
  await first;
  expect(await again).toEqual(await waits);
  expect(codeOf(await waits)).toBe("APPROVED");
  expect(await other).toEqual({ type: "conflict" });
  expect(await elsewhere).toMatchObject({ type: "overloaded" });
});

test("a copy of a sale that is being decided has its answer, where the gateway closed meanwhile", async () => {
  let isClosed = false;
  const why = { detail: "closed", retryAfterMs: 1_000 };
  const { shop, hold } = await rig({ store: { closed: () => (isClosed ? why : null) } });
  const release = hold();
  const sale = shop.request({ purchaseCents: 1 });
  const waits = shop.authorize(sale);
  // Its turn has come: it stands in the transaction that is held.
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  isClosed = true;
  const again = shop.authorize(sale);
  const another = await shop.authorize({ purchaseCents: 1 });
  release();
  expect(another).toEqual({ type: "closed", ...why } satisfies Answer);
  expect(await again).toEqual(await waits);
  expect(codeOf(await waits)).toBe("APPROVED");
});

test("work that stands alone before a sale counts as rounds", async () => {
  const { shop, learn } = await rig({});
  await learn(400);
  const loads = Array.from({ length: 30 }, () =>
    shop.store.load({ partners: [], pointsOfSale: [], terminals: [], cards: [], grants: [] }),
  );
  const answer = await shop.authorize({ purchaseCents: 1, deadlineMs: 4_000 });
  await Promise.all(loads);
  expect(answer).toMatchObject({ type: "overloaded" });
});
