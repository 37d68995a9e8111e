// Of two gateways one seals, until its connection is gone; then the other does. Sales wait for neither.

import { expect, it } from "vitest";
import { collected } from "../../../../tests/support/ledger.js";
import {
  gatewaysPostgres,
  openTwo,
  type TwoGateways,
} from "../../../../tests/support/postgres/two-gateways.js";
import { codeOf } from "../../../../tests/support/shop.js";
import { describeSystem } from "../../../../tests/support/suites.js";

describeSystem("postgres")("of two gateways", () => {
  const postgres = gatewaysPostgres();
  const SELLING = { grants: { SPECTACLE: 1_000_000 } };

  const linksOf = async ({ one }: TwoGateways) => (await collected(one.chain.links())).length;

  it("the first one seals, and the other sees how far it came", async () => {
    const two = await openTwo(postgres, SELLING);
    const [first, second] = two.stores;
    await two.shop.authorize();
    expect(await first.chain.seal()).toMatchObject({ sealed: 2 });
    const link = (await first.chain.seal()).unsigned;
    if (!link) throw new Error("it was not signed yet");
    expect(await second.chain.seal()).toMatchObject({
      sealed: 0,
      unsigned: null,
      elsewhere: { headNo: 0, isBehind: true },
    });
    await first.chain.keepHead({ ...link, atMs: 1, signature: Buffer.alloc(64) });
    expect(await second.chain.seal()).toMatchObject({ elsewhere: { headNo: 2, isBehind: false } });
    await two.shop.authorize();
    expect(await second.chain.seal()).toMatchObject({ elsewhere: { headNo: 2, isBehind: true } });
    expect(await linksOf(two)).toBe(2);
  });

  it.each([
    ["leaves", async ({ stores: [first] }: TwoGateways) => first.chain.leave()],
    ["is cut off", async ({ proxy }: TwoGateways) => proxy.cut()],
  ])("the other one seals when the first one %s", async (_, end) => {
    const two = await openTwo(postgres, SELLING);
    const [first, second] = two.stores;
    await two.shop.authorize();
    await first.chain.seal();
    await two.shop.authorize();
    expect(await second.chain.seal()).toMatchObject({ sealed: 0 });
    await end(two);
    await expect.poll(async () => (await second.chain.seal()).sealed, { timeout: 5_000 }).toBe(2);
    // The first one finds its connection gone, where it was cut off; it asks again, and is told how far the other came.
    await first.chain.seal().catch(() => undefined);
    expect(await first.chain.seal()).toMatchObject({ elsewhere: { isBehind: true } });
    expect(await linksOf(two)).toBe(4);
  });

  it("the one that seals keeps nobody from selling", async () => {
    const two = await openTwo(postgres, SELLING);
    const { shop, proxy } = two;
    const [first, second] = two.stores;
    await shop.authorize();
    const appending = proxy.meet("holdAfter", /^INSERT INTO links/);
    const sealed = first.chain.seal();
    const { release } = await appending;
    const { id: terminalId } = shop.terminal(1);
    const answer = await second.execute({
      type: "authorize",
      terminalId,
      request: shop.request(),
      receivedAtMonotonicMs: 0,
    });
    expect(codeOf(answer)).toBe("APPROVED");
    release();
    expect(await sealed).toMatchObject({ sealed: 2 });
  });

  it("the second to append waits for the first, where both believe that they seal", async () => {
    const two = await openTwo(postgres, SELLING);
    const { one, other, shop, waiting } = two;
    await shop.authorize();
    const link = { no: 1, source: "attempts", rowSeq: 1, hash: Buffer.alloc(32) } as const;
    await one.begin();
    expect(await one.chain.lastLink()).toBeNull();
    await other.begin();
    const seen = Promise.resolve(other.chain.lastLink());
    await waiting();
    await one.chain.append([link]);
    await one.sync();
    expect(await seen).toMatchObject({ no: 1 });
    await other.rollback();
  });
});
