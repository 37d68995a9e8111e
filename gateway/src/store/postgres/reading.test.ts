// What is read between two commits agrees with itself, and holds up no sale.

import { expect, it, onTestFinished, vi } from "vitest";
import { connectTo } from "../../../../tests/support/postgres/connect.js";
import { standbyAt } from "../../../../tests/support/postgres/standby.js";
import { gatewaysPostgres, openTwo } from "../../../../tests/support/postgres/two-gateways.js";
import { codeOf } from "../../../../tests/support/shop.js";
import { describeSystem } from "../../../../tests/support/suites.js";
import { openPostgres } from "./driver.js";

describeSystem("postgres")("what a gateway reads", () => {
  // A commit waits for a standby where the test names one.
  const postgres = gatewaysPostgres({ wal_level: "replica", max_wal_senders: "2" });

  it("holds up no transaction, however many looks wait for the database", async () => {
    const { url } = await postgres.database();
    const driver = await openPostgres({ url, allowsLossOfSalesInTests: true });
    onTestFinished(async () => driver.close());
    const client = await connectTo(url);
    await client.query("BEGIN; LOCK TABLE agents");
    const looks = Array.from({ length: 40 }, () =>
      Promise.resolve(driver.agent("a")).catch(() => "too long" as const),
    );
    await vi.waitFor(async () => {
      const { rows } = await client.query("SELECT 1 FROM pg_locks WHERE NOT granted");
      expect(rows).toHaveLength(5);
    });
    await driver.begin();
    // As each sale does of a gateway with limits.
    await driver.limits?.notedOf([], { alarm: "pin", sinceMs: 0 });
    await driver.sync();
    await client.query("COMMIT");
    await Promise.all(looks);
  });

  it("is of one instant, whatever the other gateway commits meanwhile", async () => {
    const { shop, stores, proxy } = await openTwo(postgres);
    const [first, second] = stores;
    const sale = shop.request();
    expect(codeOf(await shop.authorize(sale))).toBe("APPROVED");
    const looking = proxy.meet("holdAfter", /^SELECT . FROM attempts WHERE/);
    const status = first.status(shop.terminal().id, sale.id);
    const { release } = await looking;
    const { id: terminalId } = shop.terminal();
    await second.execute({
      type: "reverse",
      terminalId,
      id: sale.id,
      reason: "automatic",
      asker: { kind: "terminal", terminalId },
    });
    release();
    const before = await status;
    expect(before).toMatchObject({ state: "approved" });
    expect(before).not.toHaveProperty("reversal");
    expect(await first.status(terminalId, sale.id)).toMatchObject({ state: "reversed" });
  });

  it("stands as it was when its first statement ran, of a young person as of a partner's books", async () => {
    const { one, other, shop } = await openTwo(postgres);
    const query = { id: "account-0", card: null };
    const seen = await one.readTogether?.(async () => {
      const before = await one.readBeneficiary(query);
      await other.load({
        accounts: [{ id: "account-0", holder: "Autre N." }],
        grants: shop.batch.grants?.map((grant) => ({ ...grant, id: "another" })) ?? [],
      });
      return [before, await one.readBeneficiary(query)];
    });
    expect(seen?.[1]).toEqual(seen?.[0]);
    expect((await one.readBeneficiary(query)).account?.holder).toBe("Autre N.");
  });

  it("is told of a sale only once that is where commits are, in one commit for all who asked", async () => {
    const { shop, stores, one, ask, url } = await openTwo(postgres);
    const [first, second] = stores;
    const commits = vi.spyOn(one, "sync");
    const standby = await standbyAt(url);
    const waiting = (butFor: readonly number[] = []) =>
      vi.waitFor(async () => {
        const rows = await ask<{ pid: number }>(
          "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
        );
        const pids = rows.map(({ pid }) => pid).filter((pid) => !butFor.includes(pid));
        expect(pids).toHaveLength(1);
        return pids;
      });
    const { id: terminalId } = shop.terminal();
    const request = shop.request();
    await standby("nobody");
    const sale = second.execute({
      type: "authorize",
      terminalId,
      request,
      receivedAtMonotonicMs: 0,
    });
    const [seller = 0] = await waiting();
    await ask(`SELECT pg_cancel_backend(${seller})`);
    const looking = await waiting([seller]);
    let told = 0;
    const statuses = Array.from({ length: 3 }, async () => {
      const status = await first.status(terminalId, request.id);
      told += 1;
      return status;
    });
    await waiting(looking);
    expect(told).toBe(0);
    await standby("");
    for (const status of await Promise.all(statuses))
      expect(status).toMatchObject({ state: "approved" });
    expect(codeOf(await sale)).toBe("APPROVED");
    expect(commits).toHaveBeenCalledOnce();
  });
});
