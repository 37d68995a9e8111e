// A disk that fills and is freed again, as the gateway sees it.

import { expect, test } from "vitest";
import type { After } from "./core/ports.js";
import { watchDiskSpace } from "./disk-space.js";

const FLOOR_BYTES = 1_000;
const SALE = { type: "authorize" } as const;

function rig() {
  const disk: { free: number | Error } = { free: 10_000 };
  const said: string[] = [];
  const note = (level: string) => () => void said.push(level);
  let due: (() => void) | null = null;
  const after: After = (_delayMs, run) => {
    due = run;
    return () => {
      due = null;
    };
  };
  const space = watchDiskSpace({
    folder: "data",
    floorBytes: FLOOR_BYTES,
    freeBytesOf: async () => {
      if (disk.free instanceof Error) throw disk.free;
      return disk.free;
    },
    after,
    log: { error: note("error"), warn: note("warn") },
  });
  /** The next look, by the timer. */
  async function look(free: number | Error) {
    disk.free = free;
    due?.();
    // The look and what follows it settle in a few turns of promises.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { space, said, look, isWatching: () => due !== null };
}

test("a disk below its floor lets nothing new be decided, and opens by itself once there is room", async () => {
  const { space, said, look } = rig();
  await look(FLOOR_BYTES);
  expect(space.closed(SALE)).toBeNull();
  await look(FLOOR_BYTES - 1);
  expect(space.closed(SALE)?.detail).toContain("Operator: free space");
  expect([space.isLow(), space.freeBytes()]).toEqual([true, FLOOR_BYTES - 1]);
  await look(FLOOR_BYTES + 1);
  expect(space.isLow()).toBe(true);
  await look(2 * FLOOR_BYTES);
  expect(space.closed(SALE)).toBeNull();
  expect(said).toEqual(["error", "warn"]);
});

test("a reversal is let in while the disk is low: it ends a doubt", async () => {
  const { space, look } = rig();
  await look(0);
  expect(space.closed({ type: "reverse" })).toBeNull();
});

test("a disk that does not tell is taken to have room", async () => {
  const { space, said, look } = rig();
  await look(0);
  await look(new Error("ENOSYS"));
  expect(space.closed(SALE)).toBeNull();
  expect(space.freeBytes()).toBeNull();
  expect(said).toEqual(["error", "warn"]);
});

test("nothing is looked at once it is closed", async () => {
  const { space, look, isWatching } = rig();
  await look(5_000);
  space.close();
  expect(isWatching()).toBe(false);
});
