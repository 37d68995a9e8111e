// What goes wrong stays where it went wrong: one sale, one commit, or the whole process, never a balance.

import { describe, expect, it, vi } from "vitest";
import { BugError } from "../../../gateway/src/core/assert.js";
import {
  type Change,
  ConnectionLostError,
  type Driver,
  OvertakenError,
  TransactionLostError,
} from "../../../gateway/src/store/driver.js";
import {
  BATCH_MAX,
  QUEUE_MAX,
  RUN_AGAIN_WITHIN_MS,
  StoreStoppedError,
  TRIES_MAX,
} from "../../../gateway/src/store/engine.js";
import { LedgerDamagedError } from "../../../gateway/src/store/failures.js";
import { WAITING_PER_TERMINAL_MAX } from "../../../gateway/src/store/turnstile.js";
import { codeOf, type Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

/** A change whose last effect finds something else than it expects. */
function spoiled(change: Change): Change {
  const stale = {
    type: "post",
    grantId: "account-0/SPECTACLE",
    units: 1,
    spentBefore: 123_456,
  } as const;
  return { ...change, effects: [...change.effects, stale] };
}

/** The cheapest command; each from a terminal of its own, so that none meets its own limit. */
const manualReversal = (shop: Shop, terminal?: string) => {
  const id = shop.newId();
  const terminalId = terminal ?? id;
  const asker = { kind: "terminal", terminalId } as const;
  return shop.store.execute({ type: "reverse", terminalId, id, reason: "manual", asker });
};

/** Fails one step of a driver as long as the test says so. */
function failing(makeDriver: MakeDriver) {
  const state: { step: keyof Driver | null; error: Error } = {
    step: null,
    error: new Error("disk"),
  };
  const wrap = (driver: Driver): Driver => {
    const guard = (step: keyof Driver) => {
      if (state.step === step) throw state.error;
    };
    // As on a full disk: what was applied before goes with the transaction.
    const lose = () => driver.rollback();
    return {
      ...driver,
      begin: () => {
        guard("begin");
        return driver.begin();
      },
      sync: async () => {
        if (state.error instanceof TransactionLostError && state.step === "sync") await lose();
        guard("sync");
        await driver.sync();
      },
      rollback: () => {
        guard("rollback");
        return driver.rollback();
      },
      async apply(change) {
        await driver.apply(change);
        if (state.step === "apply") await lose();
        guard("apply");
      },
    };
  };
  const onDoubt = vi.fn();
  const open = () => openFor(makeDriver, { wrap, store: { onDoubt } });
  return { state, open, onDoubt };
}

export function describeFaults(makeDriver: MakeDriver): void {
  describe("a bug in one sale", () => {
    it.each(["while it verifies", "while it writes"])("%s loses that sale alone", async (where) => {
      let poisoned: string | null = null;
      const shop = await openFor(makeDriver, {
        cards: 3,
        wrapVerifier: (verifier) => ({
          ...verifier,
          verify(input) {
            const isPoisoned =
              where === "while it verifies" && input.snapshot.card?.id === poisoned;
            if (isPoisoned) throw new BugError("poisoned");
            return verifier.verify(input);
          },
        }),
        wrap: (driver) => ({
          ...driver,
          apply: (change) =>
            driver.apply(
              where === "while it writes" && change.accountId === "account-1" && poisoned
                ? spoiled(change)
                : change,
            ),
        }),
      });
      poisoned = "card-1";
      const requests = [0, 1, 2].map((index) => shop.request({ evidence: shop.card(index).tap() }));
      const answers = await Promise.all(requests.map((request) => shop.authorize(request)));
      expect(answers.map(codeOf)).toEqual(["APPROVED", "bug", "APPROVED"]);
      const { attempts, entries, cards } = await shop.ledger();
      expect([attempts.length, entries.length]).toEqual([2, 2]);
      expect(cards.map((card) => card.messageCounter)).toEqual([1, 0, 1]);
      poisoned = null;
      const [, again] = requests;
      expect(codeOf(await shop.authorize(again))).toBe("APPROVED");
      expect((await shop.store.verify()).faults).toEqual([]);
    });
  });

  describe("a lost transaction", () => {
    it.each(["apply", "begin", "sync"] as const)(
      "in %s stores nothing of its batch, and the same ids pass later",
      async (step) => {
        const { state, open, onDoubt } = failing(makeDriver);
        const shop = await open();
        const requests = Array.from({ length: 3 }, () => shop.request());
        state.step = step;
        state.error = step === "begin" ? new Error("busy") : new TransactionLostError("full");
        const sell = () => Promise.all(requests.map((request) => shop.authorize(request)));
        expect((await sell()).map(codeOf)).toEqual(["unavailable", "unavailable", "unavailable"]);
        expect((await shop.ledger()).attempts).toEqual([]);
        state.step = null;
        expect((await sell()).map(codeOf)).toEqual(["APPROVED", "APPROVED", "APPROVED"]);
        expect(onDoubt).not.toHaveBeenCalled();
      },
    );
  });

  it("a look beside the transaction that fails leaves nothing of its batch behind", async () => {
    let isFailing = false;
    const shop = await openFor(makeDriver, {
      wrap: (driver) => ({
        ...driver,
        apply(change) {
          if (!isFailing) return driver.apply(change);
          throw new TransactionLostError("a look failed, and not this transaction");
        },
      }),
    });
    const failing = shop.request();
    isFailing = true;
    expect(codeOf(await shop.authorize(failing))).toBe("unavailable");
    isFailing = false;
    expect(await shop.store.status(shop.terminal().id, failing.id)).toBeNull();
    expect(codeOf(await shop.authorize())).toBe("APPROVED");
    expect((await shop.ledger()).attempts).toHaveLength(1);
  });

  describe("a batch of which nothing was stored", () => {
    const overtaken = () => new OvertakenError("the other was faster");
    const cutOff = () => new ConnectionLostError("the connection is lost");

    /** Sells three times; so many tries fail, in one step of the driver. */
    async function sellFailing(
      times: number,
      failure: () => Error,
      { step = "apply", forMs = 0 }: { step?: "apply" | "sync"; forMs?: number } = {},
    ) {
      let left = times;
      const admit = vi.fn(() => 0);
      const pauses: number[] = [];
      const fail = () => {
        if (left === 0) return;
        left -= 1;
        shop.clock.advance(forMs);
        throw failure();
      };
      let isReady = false;
      const shop = await openFor(makeDriver, {
        store: { admit, pause: async (pauseMs) => void pauses.push(pauseMs) },
        wrap: (driver) => ({
          ...driver,
          async apply(change) {
            await driver.apply(change);
            if (step === "apply") fail();
          },
          async sync() {
            if (isReady && step === "sync" && left > 0) {
              await driver.rollback();
              fail();
            }
            await driver.sync();
          },
        }),
      });
      isReady = true;
      const requests = Array.from({ length: 3 }, () => shop.request({ deadlineMs: 1_000 }));
      const answers = await Promise.all(requests.map((request) => shop.authorize(request)));
      return { shop, admit, pauses, codes: answers.map(codeOf) };
    }

    it.each([
      ["another gateway was faster", overtaken, TRIES_MAX - 1, "apply"],
      ["its connection was lost", cutOff, 1, "apply"],
      ["its connection was lost, and the commit never was made", cutOff, 1, "sync"],
    ] as const)(
      "because %s is run again, stores each sale once, and gives each one turn",
      async (_, failure, times, step) => {
        const { shop, admit, pauses, codes } = await sellFailing(times, failure, { step });
        expect(codes).toEqual(["APPROVED", "APPROVED", "APPROVED"]);
        const { attempts, entries } = await shop.ledger();
        expect([attempts.length, entries.length]).toEqual([3, 3]);
        expect((await shop.store.verify()).faults).toEqual([]);
        expect(admit).toHaveBeenCalledTimes(3);
        expect(pauses).toHaveLength(times);
      },
    );

    it.each([
      ["another gateway was faster", overtaken, TRIES_MAX],
      ["its connection was lost", cutOff, 2],
    ] as const)(
      "because %s may come again by itself after so many times",
      async (_, failure, times) => {
        const { shop, codes } = await sellFailing(times, failure);
        expect(codes).toEqual(["unavailable", "unavailable", "unavailable"]);
        expect((await shop.ledger()).attempts).toEqual([]);
      },
    );

    it("is decided by the time that it is when it is run again", async () => {
      const { codes } = await sellFailing(1, cutOff, { forMs: 1_000 });
      expect(codes).toEqual(["DEADLINE_PASSED", "DEADLINE_PASSED", "DEADLINE_PASSED"]);
    });

    it("is not run again when nobody waits for it any more", async () => {
      const { codes } = await sellFailing(1, cutOff, { forMs: RUN_AGAIN_WITHIN_MS + 1 });
      expect(codes).toEqual(["unavailable", "unavailable", "unavailable"]);
    });
  });

  describe("a commit in doubt", () => {
    it("stops the store: nobody who waits gets an answer, and nobody after", async () => {
      const { state, open, onDoubt } = failing(makeDriver);
      const shop = await open();
      state.step = "sync";
      const sales = Array.from({ length: BATCH_MAX + 5 }, () => manualReversal(shop));
      const status = shop.store.status("terminal-0", shop.newId());
      const settled = await Promise.allSettled([...sales, status]);
      for (const one of settled.slice(0, -1)) {
        expect(one).toMatchObject({ status: "rejected", reason: expect.any(StoreStoppedError) });
      }
      // It was asked after them, and waited for its turn.
      expect(settled.at(-1)).toMatchObject({ reason: expect.any(StoreStoppedError) });
      expect(onDoubt).toHaveBeenCalledTimes(1);
      await expect(shop.authorize()).rejects.toThrow(StoreStoppedError);
      await expect(shop.store.status("terminal-0", shop.newId())).rejects.toThrow(
        StoreStoppedError,
      );
    });

    it("leaves nobody waiting who came while it was being written", async () => {
      const asked: Promise<unknown>[] = [];
      let fails = false;
      const shop = await openFor(makeDriver, {
        wrap: (driver) => ({
          ...driver,
          sync() {
            if (!fails) return driver.sync();
            asked.push(shop.store.verify(), shop.authorize());
            throw new Error("disk");
          },
        }),
      });
      fails = true;
      await expect(shop.authorize()).rejects.toThrow(StoreStoppedError);
      for (const one of asked) await expect(one).rejects.toThrow(StoreStoppedError);
    });

    it("is also one that could not be taken back", async () => {
      const { state, open, onDoubt } = failing(makeDriver);
      const shop = await open();
      const begin = shop.driver.begin;
      state.step = "rollback";
      Object.assign(shop.driver, {
        begin() {
          throw new Error("busy");
        },
      });
      await expect(shop.authorize()).rejects.toThrow(StoreStoppedError);
      Object.assign(shop.driver, { begin });
      expect(onDoubt).toHaveBeenCalledTimes(1);
    });
  });

  describe("a ledger that fails", () => {
    it.each([
      ["a sale", (shop: Shop) => shop.authorize()],
      ["a look at a terminal", (shop: Shop) => shop.store.terminalByCertificate("none")],
      ["a look at a sale", (shop: Shop) => shop.store.status("terminal-0", shop.newId())],
      ["verification", (shop: Shop) => shop.store.verify()],
    ])("under %s stops the store: it serves nobody any more", async (_what, ask) => {
      let fails = false;
      const fail = <T>(work: () => T): T => {
        if (fails) throw new LedgerDamagedError("malformed");
        return work();
      };
      const onDoubt = vi.fn();
      const shop = await openFor(makeDriver, {
        store: { onDoubt },
        wrap: (driver) => ({
          ...driver,
          readCase: (query) => fail(() => driver.readCase(query)),
          findAttempt: (terminalId, id) => fail(() => driver.findAttempt(terminalId, id)),
          terminalByCertificate: (print) => fail(() => driver.terminalByCertificate(print)),
          ledger: () => fail(() => driver.ledger()),
        }),
      });
      fails = true;
      await expect(ask(shop)).rejects.toThrow(StoreStoppedError);
      expect(onDoubt).toHaveBeenCalledTimes(1);
      expect(onDoubt.mock.calls[0]?.[0]).toBeInstanceOf(LedgerDamagedError);
      fails = false;
      await expect(shop.authorize()).rejects.toThrow("the ledger's file is damaged");
      expect((await shop.ledger()).attempts).toEqual([]);
    });
  });

  describe("a store that is closed for a while", () => {
    const why = { detail: "the clock jumped", retryAfterMs: 5_000 };

    it("decides nothing, not even what waited when it closed, and all of it may come again", async () => {
      let isClosed = false;
      const shop = await openFor(makeDriver, { store: { closed: () => (isClosed ? why : null) } });
      const requests = [shop.request(), shop.request()];
      const [first, second] = requests;
      const waiting = shop.authorize(first);
      isClosed = true;
      expect(await waiting).toEqual({ type: "closed", ...why });
      expect(await shop.authorize(second)).toEqual({ type: "closed", ...why });
      expect((await shop.ledger()).attempts).toEqual([]);
      isClosed = false;
      const again = await Promise.all(requests.map((request) => shop.authorize(request)));
      expect(again.map(codeOf)).toEqual(["APPROVED", "APPROVED"]);
    });
  });

  describe("the queue", () => {
    it("is bounded: one command too many is turned away before anything is done for it", async () => {
      const shop = await openFor(makeDriver);
      const waiting = Array.from({ length: QUEUE_MAX }, () => manualReversal(shop));
      expect(codeOf(await shop.authorize())).toBe("overloaded");
      expect(new Set((await Promise.all(waiting)).map(codeOf))).toEqual(new Set(["notFound"]));
      expect(codeOf(await shop.authorize())).toBe("APPROVED");
    });

    it("is not filled by one terminal: its own limit leaves room for all others", async () => {
      const shop = await openFor(makeDriver);
      const flood = Array.from({ length: WAITING_PER_TERMINAL_MAX + 1 }, () =>
        manualReversal(shop, "flood"),
      );
      expect(codeOf(await shop.authorize())).toBe("APPROVED");
      const codes = (await Promise.all(flood)).map(codeOf);
      expect(codes.filter((code) => code === "overloaded")).toHaveLength(1);
      expect(codeOf(await manualReversal(shop, "flood"))).toBe("notFound");
    });

    it("keeps the order: a status that is asked for after a sale was sent sees that sale", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request();
      const sale = shop.authorize(request);
      const status = await shop.store.status(shop.terminal().id, request.id);
      expect(status).toMatchObject({ state: "approved" });
      expect(codeOf(await sale)).toBe("APPROVED");
    });

    it("lets other events happen between two commits", async () => {
      let turns = 0;
      const schedule = (run: () => void) => {
        turns += 1;
        setImmediate(run);
      };
      const shop = await openFor(makeDriver, { store: { schedule } });
      const before = turns;
      await Promise.all(Array.from({ length: BATCH_MAX * 3 }, () => manualReversal(shop)));
      expect(turns - before).toBe(3);
    });

    it("shares one commit among all that wait, up to a bound", async () => {
      const sizes: number[] = [];
      const shop = await openFor(makeDriver, { store: { onCommit: (size) => sizes.push(size) } });
      await Promise.all(Array.from({ length: BATCH_MAX + 44 }, () => manualReversal(shop)));
      expect(sizes).toEqual([BATCH_MAX, 44]);
    });

    it("is finished before the store closes", async () => {
      const shop = await openFor(makeDriver);
      const codes: string[] = [];
      for (let index = 0; index < 10; index += 1) {
        void shop.authorize({ purchaseCents: 10 }).then((answer) => codes.push(codeOf(answer)));
      }
      await shop.store.close();
      expect(codes).toEqual(Array.from({ length: 10 }, () => "APPROVED"));
    });
  });
}
