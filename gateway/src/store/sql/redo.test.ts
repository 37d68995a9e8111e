// A change is applied as a whole or not at all, and takes nothing of its neighbours with it when it fails.

import { describe, expect, it } from "vitest";
import { TransactionLostError } from "../driver.js";
import { LedgerDamagedError, LedgerFailedError } from "../failures.js";
import { createRedo } from "./redo.js";

const failing = () => {
  throw new Error("a bug");
};

/** Notes that are there once each, and a transaction over them, which takes its time as one elsewhere does. */
function open() {
  let committed: readonly string[] = [];
  let written: string[] | null = null;
  let isStuck = false;
  const transaction = {
    isOpen: () => written !== null,
    async begin() {
      expect(written).toBeNull();
      written = [...committed];
    },
    async commit() {
      committed = written ?? [];
      written = null;
    },
    async rollback() {
      if (isStuck) throw new Error("stuck");
      written = null;
    },
  };
  async function note(text: string): Promise<void> {
    await undefined;
    if (written?.includes(text) !== false) throw new Error(`${text} is there, or nothing is open`);
    written.push(text);
  }
  const stick = () => {
    isStuck = true;
  };
  return { transaction, note, stick, notes: () => committed, redo: createRedo(transaction) };
}

describe("work that fails", () => {
  it("leaves nothing, and what was done before and after it in its transaction stands", async () => {
    const { transaction, note, notes, redo } = open();
    await redo.begin();
    await redo.whole(() => note("before"));
    const halfDone = async () => {
      await note("half");
      await note("before");
    };
    await expect(redo.whole(halfDone)).rejects.toThrow("before is there");
    await expect(redo.whole(failing)).rejects.toThrow("a bug");
    await redo.whole(() => note("later"));
    await transaction.commit();
    expect(notes()).toEqual(["before", "later"]);
  });

  it("leaves nothing where no transaction is open", async () => {
    const { transaction, note, notes, redo } = open();
    await redo.whole(() => note("alone"));
    const halfDone = async () => {
      await note("half");
      failing();
    };
    await expect(redo.whole(halfDone)).rejects.toThrow("a bug");
    expect(transaction.isOpen()).toBe(false);
    expect(notes()).toEqual(["alone"]);
  });

  it("tells an engine that fails as such, and not as a loss, where the rest cannot be made again", async () => {
    const { transaction, note, notes, redo } = open();
    let times = 0;
    await redo.begin();
    await redo.whole(() => {
      times += 1;
      if (times > 1) throw new LedgerDamagedError("malformed");
      return note("once");
    });
    await expect(redo.whole(failing)).rejects.toThrow("malformed");
    expect(transaction.isOpen()).toBe(false);
    expect(notes()).toEqual([]);
  });

  it("loses the transaction where the rest of it cannot be made again", async () => {
    const { transaction, note, notes, redo } = open();
    let times = 0;
    await redo.begin();
    await redo.whole(() => {
      times += 1;
      if (times > 1) throw new Error("only once");
      return note("once");
    });
    await expect(redo.whole(failing)).rejects.toThrow(TransactionLostError);
    expect(transaction.isOpen()).toBe(false);
    expect(notes()).toEqual([]);
  });

  it("makes nothing again where the transaction is lost with it", async () => {
    const { note, redo } = open();
    let times = 0;
    await redo.begin();
    await redo.whole(async () => {
      times += 1;
      await note("once");
    });
    const lost = redo.whole(() => {
      throw new TransactionLostError("gone");
    });
    await expect(lost).rejects.toThrow("gone");
    expect(times).toBe(1);
  });

  it("ends everything where half of it cannot be taken back", async () => {
    const { stick, note, redo } = open();
    const halfDone = async () => {
      await note("half");
      stick();
      failing();
    };
    await expect(redo.whole(halfDone)).rejects.toThrow(LedgerFailedError);
  });
});

it("what an earlier transaction did is not made again in a later one", async () => {
  const { transaction, note, notes, redo } = open();
  await redo.begin();
  await redo.whole(() => note("first"));
  await transaction.commit();
  await redo.begin();
  await redo.whole(() => note("second"));
  await redo.rollback();
  await redo.begin();
  await expect(redo.whole(failing)).rejects.toThrow("a bug");
  await redo.whole(() => note("third"));
  await transaction.commit();
  expect(notes()).toEqual(["first", "third"]);
});
