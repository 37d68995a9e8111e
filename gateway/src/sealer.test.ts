// When a sealer runs: again and again while the gateway does, never twice at once, a bounded while, once more at the end.

import { describe, expect, it, vi } from "vitest";
import {
  createSealer,
  EXPORT_LIMIT_MS,
  ExportStalledError,
  type SealerOptions,
  STEPS_PER_RUN_MAX,
} from "./sealer.js";
import type { LinkRow } from "./store/chain/driver.js";
import { SEALED_PER_STEP_MAX, type SealedStep } from "./store/chain/seal.js";

const LINK: LinkRow = { no: 7, source: "entries", rowSeq: 3, hash: Buffer.alloc(32) };
const NOTHING: SealedStep = { sealed: 0, unsigned: null };
const FULL: SealedStep = { sealed: SEALED_PER_STEP_MAX, unsigned: LINK };

interface Timer {
  readonly delayMs: number;
  readonly run: () => void;
}

/** A sealer whose timers run when the test says so. */
function sealerWith(seal: () => Promise<SealedStep>, change: Partial<SealerOptions> = {}) {
  const timers = new Set<Timer>();
  const chain = {
    seal: vi.fn(seal),
    keepHead: vi.fn(async () => {}),
    hold: vi.fn(async () => {}),
    leave: vi.fn(),
  };
  const clock = { now: 42, nowMs: () => clock.now };
  const exportHead = vi.fn(async () => {});
  const onError = vi.fn();
  const sealer = createSealer({
    chain,
    sign: () => Buffer.alloc(64, 1),
    clock,
    exportHead,
    onError,
    sealEveryMs: 1_000,
    after(delayMs, run) {
      const timer = { delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    ...change,
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  /** All timers, or those of one delay. */
  const fire = async (delayMs: number | null = null) => {
    for (const timer of timers) {
      if (delayMs !== null && timer.delayMs !== delayMs) continue;
      timers.delete(timer);
      timer.run();
    }
    await settle();
  };
  return { sealer, chain, exportHead, onError, timers, fire, settle, clock };
}

/** Media whose exports end when the test says so. */
function stallingMedium() {
  const ends: (() => void)[] = [];
  const exportHead = vi.fn(() => new Promise<void>((resolve) => ends.push(resolve)));
  return { exportHead, ends };
}

describe("a sealer", () => {
  it("runs after its time, and plans the next run when that one is done", async () => {
    const { chain, timers, fire } = sealerWith(async () => NOTHING);
    expect(chain.seal).not.toHaveBeenCalled();
    await fire();
    await fire();
    expect(chain.seal).toHaveBeenCalledTimes(2);
    expect([...timers].map(({ delayMs }) => delayMs)).toEqual([1_000]);
  });

  it("lets another gateway seal where it could not", async () => {
    const failing = sealerWith(async () => Promise.reject(new Error("gone")));
    await failing.sealer.run();
    expect(failing.chain.leave).toHaveBeenCalledTimes(1);
    const sealing = sealerWith(async () => FULL);
    await sealing.sealer.run();
    expect(sealing.chain.leave).not.toHaveBeenCalled();
  });

  it("watches how far another gateway came that seals, and signs nothing itself", async () => {
    const elsewhere = (headNo: number, isBehind: boolean): SealedStep => ({
      ...NOTHING,
      elsewhere: { headNo, isBehind },
    });
    let step = elsewhere(7, true);
    const { sealer, exportHead, clock } = sealerWith(async () => step);
    const seen = async (next: SealedStep) => {
      step = next;
      clock.now += 1_000;
      await sealer.run();
      return sealer.unexportedMs();
    };
    expect(await seen(elsewhere(7, true))).toBe(0);
    expect(await seen(elsewhere(7, true))).toBe(1_000);
    expect(await seen(elsewhere(7, true))).toBe(2_000);
    expect(await seen(elsewhere(8, true))).toBe(0);
    expect(await seen(elsewhere(8, true))).toBe(1_000);
    expect(await seen(elsewhere(8, false))).toBe(0);
    expect(exportHead).not.toHaveBeenCalled();
  });

  it("signs nothing where all is signed", async () => {
    const { sealer, chain, exportHead } = sealerWith(async () => NOTHING);
    await sealer.run();
    expect(exportHead).not.toHaveBeenCalled();
    expect(chain.keepHead).not.toHaveBeenCalled();
  });

  it("exports the head of the last link, and keeps it after that", async () => {
    const { sealer, chain, exportHead } = sealerWith(async () => ({ sealed: 1, unsigned: LINK }));
    await sealer.run();
    const head = { no: 7, hash: LINK.hash, atMs: 42, signature: Buffer.alloc(64, 1) };
    expect(exportHead).toHaveBeenCalledExactlyOnceWith(head);
    expect(chain.keepHead).toHaveBeenCalledExactlyOnceWith(head);
    expect(exportHead).toHaveBeenCalledBefore(chain.keepHead);
  });

  it("ends a run after so many steps, and signs what it sealed", async () => {
    const { sealer, chain, exportHead } = sealerWith(async () => FULL);
    await sealer.run();
    expect(chain.seal).toHaveBeenCalledTimes(STEPS_PER_RUN_MAX);
    expect(exportHead).toHaveBeenCalledTimes(1);
  });

  it("runs again at once where so many steps did not seal everything", async () => {
    let stepsLeft = STEPS_PER_RUN_MAX;
    const { chain, timers, fire } = sealerWith(async () => {
      stepsLeft -= 1;
      return stepsLeft >= 0 ? FULL : NOTHING;
    });
    await fire();
    await vi.waitFor(() => expect([...timers].map(({ delayMs }) => delayMs)).toEqual([0]));
    await fire();
    expect(chain.seal).toHaveBeenCalledTimes(STEPS_PER_RUN_MAX + 1);
    expect([...timers].map(({ delayMs }) => delayMs)).toEqual([1_000]);
  });

  it("tells what failed, and runs again", async () => {
    const seal = vi.fn(async () => NOTHING).mockRejectedValueOnce(new Error("disk"));
    const { onError, timers, fire } = sealerWith(seal);
    await fire();
    expect(onError).toHaveBeenCalledExactlyOnceWith(new Error("disk"));
    expect(timers.size).toBe(1);
    await fire();
    expect(seal).toHaveBeenCalledTimes(2);
  });

  it("never runs twice at once", async () => {
    let running = 0;
    let most = 0;
    const { sealer } = sealerWith(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return NOTHING;
    });
    await Promise.all([sealer.run(), sealer.run(), sealer.close()]);
    expect(most).toBe(1);
  });

  it("seals once more when it is closed, and never after", async () => {
    const { sealer, chain, timers, fire } = sealerWith(async () => NOTHING);
    await sealer.close();
    expect(chain.seal).toHaveBeenCalledTimes(1);
    expect(timers.size).toBe(0);
    await fire();
    expect(chain.seal).toHaveBeenCalledTimes(1);
  });

  it("plans no run when it is closed during one", async () => {
    let closing: Promise<void> | null = null;
    const { sealer, timers, fire } = sealerWith(async () => {
      closing ??= sealer.close();
      return NOTHING;
    });
    await fire();
    await closing;
    expect(timers.size).toBe(0);
  });
});

describe("a medium that stalls", () => {
  const unsigned = async () => ({ sealed: 1, unsigned: LINK });

  it("is told after a time, and its head is not kept", async () => {
    const { exportHead } = stallingMedium();
    const { sealer, chain, onError, timers, fire, settle } = sealerWith(unsigned, { exportHead });
    const run = sealer.run();
    await settle();
    expect([...timers].map(({ delayMs }) => delayMs)).toContain(EXPORT_LIMIT_MS);
    await fire(EXPORT_LIMIT_MS);
    await run;
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.any(ExportStalledError));
    expect(chain.keepHead).not.toHaveBeenCalled();
  });

  it("is written to by one export at a time, and rows are sealed meanwhile", async () => {
    const { exportHead, ends } = stallingMedium();
    const { sealer, chain, onError, fire, settle } = sealerWith(unsigned, { exportHead });
    const run = sealer.run();
    await settle();
    await fire(EXPORT_LIMIT_MS);
    await run;
    await sealer.run();
    expect(chain.seal).toHaveBeenCalledTimes(2);
    expect(exportHead).toHaveBeenCalledTimes(1);
    expect(onError).toHaveBeenCalledTimes(2);

    ends[0]?.();
    await settle();
    const again = sealer.run();
    await settle();
    ends[1]?.();
    await again;
    expect(chain.keepHead).toHaveBeenCalledTimes(1);
  });

  it("holds up no shutdown", async () => {
    const { exportHead } = stallingMedium();
    const { sealer, onError, fire, settle } = sealerWith(unsigned, { exportHead });
    void sealer.run();
    const closed = sealer.close();
    await settle();
    await fire(EXPORT_LIMIT_MS);
    await closed;
    expect(onError).toHaveBeenCalledTimes(2);
  });

  it("that fails after its time fails unheard: the next run exports again", async () => {
    let fail: (reason: string) => void = () => {};
    const exportHead = vi
      .fn(async () => {})
      .mockImplementationOnce(
        () =>
          new Promise((_, reject) => {
            fail = reject;
          }),
      );
    const { sealer, onError, chain, fire, settle } = sealerWith(unsigned, { exportHead });
    const run = sealer.run();
    await settle();
    await fire(EXPORT_LIMIT_MS);
    await run;
    fail("late");
    await settle();
    await sealer.run();
    expect(chain.keepHead).toHaveBeenCalledTimes(1);
    expect(onError).not.toHaveBeenCalledWith("late");
  });

  it("leaves no timer behind where it does not stall", async () => {
    const { sealer, timers } = sealerWith(unsigned);
    await sealer.run();
    expect([...timers].map(({ delayMs }) => delayMs)).toEqual([1_000]);
  });
});

describe("how long a head waits to be exported", () => {
  it("is nothing while all is exported, and counts from the run that could not export", async () => {
    const exportHead = vi.fn(async () => {}).mockRejectedValueOnce(new Error("unplugged"));
    const { sealer, clock } = sealerWith(async () => ({ sealed: 1, unsigned: LINK }), {
      exportHead,
    });
    clock.now += 60_000;
    expect(sealer.unexportedMs()).toBe(0);
    await sealer.run();
    clock.now += 9_000;
    expect(sealer.unexportedMs()).toBe(9_000);
    await sealer.run();
    expect(sealer.unexportedMs()).toBe(0);
  });

  it("counts from a run that could not seal as well", async () => {
    const seal = vi.fn(async () => NOTHING).mockRejectedValueOnce(new Error("disk"));
    const { sealer, clock } = sealerWith(seal);
    await sealer.run();
    clock.now += 1_000;
    expect(sealer.unexportedMs()).toBe(1_000);
    await sealer.run();
    expect(sealer.unexportedMs()).toBe(0);
  });
});
