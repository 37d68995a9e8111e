// What a driver puts off is done between commits, once their answers are out; where it fails, sales go on.

import { describe, expect, it, onTestFinished, vi } from "vitest";
import { codeOf, openShop } from "../../../tests/support/shop.js";
import type { Driver } from "./driver.js";
import { StoreStoppedError } from "./engine.js";
import { LedgerDamagedError, UpkeepFailedError } from "./failures.js";
import { memoryDriver } from "./memory/driver.js";

/** A store whose driver notes what happens to it, and is due for upkeep where `due` says so. */
async function open(run: () => void = () => undefined) {
  const happened: string[] = [];
  const due = { quiet: false, busy: false };
  const driver = memoryDriver();
  const noting: Driver = {
    ...driver,
    begin() {
      happened.push("begin");
      return driver.begin();
    },
    sync() {
      happened.push("sync");
      return driver.sync();
    },
    upkeep: {
      isDue: (isQuiet) => (isQuiet ? due.quiet : due.busy),
      run() {
        happened.push("upkeep");
        due.quiet = false;
        due.busy = false;
        run();
      },
    },
  };
  const told = { onUpkeepFailed: vi.fn(), onDoubt: vi.fn() };
  const shop = await openShop(noting, { store: told });
  onTestFinished(() => shop.store.close());
  happened.length = 0;
  return { ...shop, ...told, happened, due };
}

describe("upkeep", () => {
  it("waits until nobody does, and until the answers are out", async () => {
    const { authorize, happened, due } = await open();
    due.quiet = true;
    const answered = Promise.all([authorize(), authorize()]).then(() => happened.push("answers"));
    await answered;
    await vi.waitUntil(() => happened.includes("upkeep"));
    expect(happened).toEqual(["begin", "sync", "answers", "upkeep"]);
  });

  it("comes before the next commit where it cannot wait", async () => {
    const { authorize, happened, due, store, newId } = await open();
    const first = authorize();
    const status = first.then(() => {
      due.busy = true;
      return Promise.all([authorize(), store.status("terminal-0", newId())]);
    });
    await status;
    expect(happened).toEqual(["begin", "sync", "upkeep", "begin", "sync"]);
  });

  it("that fails is told, and takes nothing from anybody", async () => {
    const failure = new UpkeepFailedError("no room");
    const { authorize, onUpkeepFailed, onDoubt, due } = await open(() => {
      throw failure;
    });
    due.quiet = true;
    expect(codeOf(await authorize())).toBe("APPROVED");
    await vi.waitUntil(() => !due.quiet);
    expect(codeOf(await authorize())).toBe("APPROVED");
    expect(onUpkeepFailed.mock.calls).toEqual([[failure]]);
    expect(onDoubt).not.toHaveBeenCalled();
  });

  it("that meets damage stops the store", async () => {
    const { authorize, onDoubt, due } = await open(() => {
      throw new LedgerDamagedError("malformed");
    });
    due.quiet = true;
    expect(codeOf(await authorize())).toBe("APPROVED");
    await vi.waitUntil(() => !due.quiet);
    await expect(authorize()).rejects.toThrow(StoreStoppedError);
    expect(onDoubt).toHaveBeenCalledTimes(1);
  });
});
