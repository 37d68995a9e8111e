// What gateways count together: buckets as one gateway's memory has them, whoever asks and however many at a time.

import fc from "fast-check";
import { expect, it, vi } from "vitest";
import {
  gatewaysPostgres,
  openTwo,
  type TwoGateways,
} from "../../../../tests/support/postgres/two-gateways.js";
import { WRONG_PIN } from "../../../../tests/support/presentations.js";
import { codeOf, type ShopOptions } from "../../../../tests/support/shop.js";
import { describeSystem } from "../../../../tests/support/suites.js";
import type { SharedLimits } from "../../core/shared-limits.js";
import { createBuckets } from "../../http/limits/buckets.js";
import { createLimits, type LimitOptions } from "../../http/limits/limits.js";
import { takeForEach } from "../../http/limits/shared-turns.js";
import { type Driver, OvertakenError } from "../driver.js";
import type { EmbeddedStore } from "../engine.js";

const MINUTE_MS = 60_000;
const SUSPECT_MS = 30_000;

function limitsOf({ limits }: Driver): SharedLimits {
  if (!limits) throw new Error("gateways on PostgreSQL share their limits");
  return limits;
}

describeSystem("postgres")("two gateways", () => {
  const postgres = gatewaysPostgres();

  /** Two gateways with limits, which a test may watch or spoil. */
  async function openLimited(
    options: LimitOptions | null,
    shopOptions: ShopOptions = {},
    change: (driver: Driver) => Driver = (driver) => driver,
  ) {
    const two = await openTwo(postgres, { grants: { SPECTACLE: 1_000_000 }, ...shopOptions });
    const { shop } = two;
    const alarms: string[] = [];
    const alarmed = {
      onEnumeration: (terminalId: string) => alarms.push(`enumeration ${terminalId}`),
      onPinLocked: (terminalId: string) => alarms.push(`pin ${terminalId}`),
    };
    const [a, b] = [two.one, two.other].map((driver) => {
      const on = change(driver);
      const sharedBy = { shared: on.limits, nowMs: shop.clock.nowMs };
      const { takeRequest: _, ...presentations } = createLimits(options, alarmed, sharedBy);
      return shop.openStore(on, presentations);
    });
    if (!a || !b) throw new Error("there are two");
    return { ...two, a, b, alarms };
  }

  const sell = (
    { shop }: Pick<TwoGateways, "shop">,
    at: EmbeddedStore,
    { request = shop.request({ purchaseCents: 100 }), terminal = 0 } = {},
  ) =>
    at.execute({
      type: "authorize",
      terminalId: shop.terminal(terminal).id,
      request,
      receivedAtMonotonicMs: shop.clock.monotonicMs(),
    });

  it("have of a bucket together what one has in its memory", async () => {
    const { one, other, shop } = await openTwo(postgres);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 7 })), {
          minLength: 1,
          maxLength: 12,
        }),
        async (burst, intervalMs, asked) => {
          run += 1;
          const own = createBuckets({ burst, intervalMs, keysMax: 1 });
          let nowMs = shop.clock.nowMs();
          for (const [at, [gapMs, times]] of asked.entries()) {
            nowMs += gapMs;
            const keys = Array.from({ length: times }, () => `run ${run}`);
            const shared = limitsOf(at % 2 === 0 ? one : other);
            const bucket = { burst, intervalMs };
            const waitsMs = await takeForEach(shared, keys, { bucket, nowMs });
            expect(waitsMs).toEqual(keys.map((key) => own.take(key, nowMs)));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("give each turn once, and do not stand in each other's way, however many take crosswise", async () => {
    const { one, other, shop } = await openTwo(postgres);
    const bucket = { burst: 7, intervalMs: MINUTE_MS };
    const keys = ["c", "a", "e", "b", "d"];
    const takes = Array.from({ length: 40 }, (_, at) =>
      takeForEach(limitsOf(at % 2 === 0 ? one : other), at % 3 === 0 ? keys : keys.toReversed(), {
        bucket,
        nowMs: shop.clock.nowMs(),
      }),
    );
    const waitsMs = (await Promise.all(takes)).flat();
    expect(waitsMs.filter((waitMs) => waitMs === 0)).toHaveLength(7 * keys.length);
  });

  it("make nobody wait longer than for an empty bucket where a clock went back", async () => {
    const { one, other } = await openTwo(postgres);
    const bucket = { burst: 3, intervalMs: 1_000 };
    await takeForEach(limitsOf(one), ["a"], { bucket, nowMs: 10 * MINUTE_MS });
    const [waitMs] = await takeForEach(limitsOf(other), ["a"], { bucket, nowMs: MINUTE_MS });
    expect(waitMs).toBe(1_000);
  });

  it("limit one card together", async () => {
    const two = await openLimited({ cardPerMinute: 3 });
    const { a, b, shop } = two;
    const codes: string[] = [];
    for (const at of [a, b, a, b, a]) codes.push(codeOf(await sell(two, at)));
    expect(codes).toEqual(["APPROVED", "APPROVED", "APPROVED", "tooMany", "tooMany"]);
    expect(await sell(two, b)).toEqual({ type: "tooMany", retryAfterMs: MINUTE_MS / 3 });
    shop.clock.advance(MINUTE_MS / 3);
    expect(codeOf(await sell(two, b))).toBe("APPROVED");
    expect(codeOf(await sell(two, a))).toBe("tooMany");
    expect((await shop.store.verify()).faults).toEqual([]);
  });

  it("limit one card that is shown to both at the same time, many times in a batch", async () => {
    const two = await openLimited({ cardPerMinute: 5 }, { terminals: 12 });
    const sales = Array.from({ length: 12 }, (_, terminal) =>
      sell(two, terminal < 6 ? two.a : two.b, { terminal }),
    );
    const codes = (await Promise.all(sales)).map(codeOf);
    expect(codes.filter((code) => code === "tooMany")).toHaveLength(7);
  });

  it("give a stored answer again without a turn, whoever gave it", async () => {
    const two = await openLimited({ cardPerMinute: 1 });
    const request = two.shop.request();
    expect(codeOf(await sell(two, two.a, { request }))).toBe("APPROVED");
    for (const at of [two.b, two.a, two.b]) {
      expect(await sell(two, at, { request })).toMatchObject({ code: "APPROVED", replayed: true });
    }
    two.shop.clock.advance(MINUTE_MS);
    expect(codeOf(await sell(two, two.b))).toBe("APPROVED");
  });

  it("give a sale that is run again one turn", async () => {
    let left = 2;
    const two = await openLimited({ cardPerMinute: 2 }, {}, (driver) => ({
      ...driver,
      async apply(change) {
        if (left === 0) return driver.apply(change);
        left -= 1;
        throw new OvertakenError("the other was faster");
      },
    }));
    expect(codeOf(await sell(two, two.a))).toBe("APPROVED");
    expect(left).toBe(0);
    expect(codeOf(await sell(two, two.b))).toBe("APPROVED");
    expect(codeOf(await sell(two, two.a))).toBe("tooMany");
  });

  /** Shows cards that nobody knows, at one gateway and at the other in turn. */
  async function guess(two: Awaited<ReturnType<typeof openLimited>>, times: number) {
    const codes: string[] = [];
    for (let time = 0; time < times; time += 1) {
      const request = two.shop.request({ evidence: two.shop.newCard("nobody").tap() });
      codes.push(codeOf(await sell(two, time % 2 === 0 ? two.a : two.b, { request })));
    }
    return codes;
  }

  it("suspect a terminal for what it tries at both, and tell of it once", async () => {
    const two = await openLimited({});
    const { a, b, shop, alarms } = two;
    expect(new Set(await guess(two, 10))).toEqual(new Set(["CARD_UNKNOWN"]));
    expect(alarms).toEqual([`enumeration ${shop.terminal().id}`]);
    // Slowed to one presentation each 30 s, at whichever of them.
    expect(codeOf(await sell(two, a))).toBe("APPROVED");
    expect(await sell(two, b)).toEqual({ type: "tooMany", retryAfterMs: SUSPECT_MS });
    expect(codeOf(await sell(two, a))).toBe("tooMany");
    expect(codeOf(await sell(two, b, { terminal: 1 }))).toBe("APPROVED");
    shop.clock.advance(SUSPECT_MS);
    expect(await guess(two, 2)).toEqual(["CARD_UNKNOWN", "tooMany"]);
    expect(alarms).toHaveLength(1);
    shop.clock.advance(10 * MINUTE_MS);
    for (const at of [a, b, a]) expect(codeOf(await sell(two, at))).toBe("APPROVED");
  });

  it("do not use up the turns of a card that a suspect terminal names while it is slowed", async () => {
    const two = await openLimited({ cardPerMinute: 2 });
    await guess(two, 10);
    expect(codeOf(await sell(two, two.a))).toBe("APPROVED");
    for (const at of [two.b, two.a, two.b]) expect(codeOf(await sell(two, at))).toBe("tooMany");
    expect(codeOf(await sell(two, two.a, { terminal: 1 }))).toBe("APPROVED");
    expect(codeOf(await sell(two, two.b, { terminal: 1 }))).toBe("tooMany");
  });

  it("tell once of codes that are locked at both", async () => {
    const two = await openLimited({ cardPerMinute: 0 }, { cards: 8 });
    for (let card = 0; card < 8; card += 1) {
      for (let time = 0; time < 3; time += 1) {
        const evidence = two.shop.terminal().scan(two.shop.card(card), WRONG_PIN);
        await sell(two, card % 2 ? two.a : two.b, { request: two.shop.request({ evidence }) });
      }
      expect(two.alarms).toEqual(card < 4 ? [] : [`pin ${two.shop.terminal().id}`]);
    }
  });

  it("count one dead card once, however often it is shown", async () => {
    const two = await openLimited({ cardPerMinute: 0 });
    const dead = two.shop.newCard("nobody");
    for (let time = 0; time < 12; time += 1) {
      const request = two.shop.request({ evidence: dead.tap() });
      expect(codeOf(await sell(two, time % 2 ? two.a : two.b, { request }))).toBe("CARD_UNKNOWN");
    }
    expect(two.alarms).toEqual([]);
  });

  it("ask nothing of the database without limits, and of no bucket where one is off", async () => {
    const asked: string[] = [];
    const watched = (driver: Driver): Driver => {
      const { takeTurns, notedOf, note } = limitsOf(driver);
      const watch =
        <Args extends unknown[], Result>(name: string, call: (...args: Args) => Result) =>
        (...args: Args) => {
          asked.push(name);
          return call(...args);
        };
      return {
        ...driver,
        limits: {
          takeTurns: watch("takeTurns", takeTurns),
          notedOf: watch("notedOf", notedOf),
          note: watch("note", note),
        },
      };
    };
    const none = await openLimited(null, {}, watched);
    await sell(none, none.a);
    expect(asked).toEqual([]);
    const off = await openLimited({ cardPerMinute: 0 }, {}, watched);
    await sell(off, off.a);
    expect(asked).toEqual(["notedOf"]);
  });

  it("forget what counts no more", async () => {
    const two = await openLimited({});
    await guess(two, 3);
    two.shop.clock.advance(60 * MINUTE_MS);
    await guess(two, 2);
    await vi.waitFor(async () => {
      const [rows] = await two.ask(
        "SELECT (SELECT count(*) FROM limit_buckets) AS buckets, (SELECT count(*) FROM limit_notes) AS notes",
      );
      expect(rows).toEqual({ buckets: "2", notes: "2" });
    });
  });
});
