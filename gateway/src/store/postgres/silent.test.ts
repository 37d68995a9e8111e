// A connection whose other end is gone without a word costs a sale a second, and not the sale.

import type { AuthorizationRequest } from "@pass-tpe/protocol";
import { expect, it, onTestFinished, vi } from "vitest";
import { gatewaysPostgres, openTwo } from "../../../../tests/support/postgres/two-gateways.js";
import { codeOf } from "../../../../tests/support/shop.js";
import { describeSystem } from "../../../../tests/support/suites.js";
import { createLimits } from "../../http/limits/limits.js";

/** By the clock that connections go by, they were all used some time ago. */
function passTime(passedMs: number): void {
  const now = performance.now.bind(performance);
  const later = vi.spyOn(performance, "now").mockImplementation(() => now() + passedMs);
  onTestFinished(() => later.mockRestore());
}

describeSystem("postgres")("where a connection has gone silent", () => {
  const postgres = gatewaysPostgres();

  it("a sale that was to begin on it is made on another, once", async () => {
    const { shop, proxy } = await openTwo(postgres, {}, { statementTimeoutMs: 60_000 });
    const met = proxy.meet("holdBefore", /^BEGIN$/);
    expect(codeOf(await shop.authorize())).toBe("APPROVED");
    await met;
    expect((await shop.ledger()).attempts).toHaveLength(1);
  });

  it("sales do not wait for what was to be read on it between two commits", async () => {
    const { shop, proxy } = await openTwo(postgres);
    const request = shop.request();
    expect(codeOf(await shop.authorize(request))).toBe("APPROVED");
    const met = proxy.meet("holdBefore", /^BEGIN ISOLATION/);
    const told = shop.store.status(shop.terminal().id, request.id);
    told.catch(() => {});
    await met;
    expect(codeOf(await shop.authorize())).toBe("APPROVED");
    await expect(told).rejects.toThrow("nothing of this was stored");
  });

  it("a terminal is known by another one's answer", async () => {
    const { shop, proxy } = await openTwo(postgres);
    const { certificateFingerprint, id } = shop.terminal().record();
    const met = proxy.meet("holdBefore", /^SELECT certificate_fingerprint AS print/);
    expect(await shop.store.terminalByCertificate(certificateFingerprint)).toMatchObject({ id });
    await met;
  });

  it("a batch asks on another what is counted of its sales, and has its answers whatever becomes of a note", async () => {
    const { shop, one, proxy } = await openTwo(
      postgres,
      { cards: 2 },
      { statementTimeoutMs: 60_000 },
    );
    const alarms = { onEnumeration: () => {}, onPinLocked: () => {} };
    const shared = { shared: one.limits, nowMs: shop.clock.nowMs };
    const { takeRequest: _, ...presentations } = createLimits(
      { cardPerMinute: 1_000 },
      alarms,
      shared,
    );
    const store = shop.openStore(one, presentations);
    const sell = (evidence: AuthorizationRequest["evidence"]) =>
      store.execute({
        type: "authorize",
        terminalId: shop.terminal().id,
        request: shop.request({ evidence }),
        receivedAtMonotonicMs: shop.clock.monotonicMs(),
      });
    const looking = proxy.meet("holdBefore", /^SELECT p\.at/);
    expect(codeOf(await sell(shop.card(0).tap()))).toBe("APPROVED");
    await looking;
    const noting = proxy.meet("holdBefore", /^INSERT INTO limit_notes/);
    const guess = sell(shop.newCard("account-9").tap());
    const honest = sell(shop.card(1).tap());
    await noting;
    expect(codeOf(await guess)).not.toBe("APPROVED");
    expect(codeOf(await honest)).toBe("APPROVED");
  }, 20_000);

  it("it is found out before it is used again, and so are those that stand beside it", async () => {
    const { one, proxy } = await openTwo(postgres);
    const look = () => one.agent("nobody");
    await Promise.all([look(), look(), look()]);
    passTime(2_000);
    const met = proxy.meet("holdBefore", /^SELECT 1$/);
    expect(await look()).toBeNull();
    await met;
    // Whoever else is asked by now was not there before: it is asked nothing.
    const again = proxy.meet("cutBefore", /^SELECT 1$/);
    expect(await Promise.all([look(), look()])).toEqual([null, null]);
    expect(await Promise.race([again, "nobody was asked"])).toBe("nobody was asked");
  });
});
