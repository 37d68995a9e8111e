// A memo reads once what nobody changes, and never shows what was changed or taken back.

import { describe, expect, it } from "vitest";
import { createMemory, REMEMBERED_MAX } from "./memo.js";

/** A memo over a table of one's own, and how often the table was read. */
function openMemo() {
  const table = new Map<string, string>();
  const db = { inTransaction: false };
  const reads: string[] = [];
  const memory = createMemory(db);
  const memo = memory.memo<string>((key) => {
    reads.push(key);
    return table.get(key) ?? null;
  });
  const put = (key: string, value: string) => {
    table.set(key, value);
    memo.forget(key);
  };
  return { memory, memo, db, table, put, reads };
}

it("reads what stands there once", () => {
  const { memo, table, reads } = openMemo();
  table.set("a", "1");
  expect([memo.get("a"), memo.get("a")]).toEqual(["1", "1"]);
  expect(reads).toEqual(["a"]);
});

it("does not remember that nothing was there", () => {
  const { memo, table } = openMemo();
  expect(memo.get("a")).toBeNull();
  table.set("a", "1");
  expect(memo.get("a")).toBe("1");
});

it("reads one key anew that was changed, and no other", () => {
  const { memo, table, put, reads } = openMemo();
  table.set("a", "1").set("b", "1");
  memo.get("a");
  memo.get("b");
  put("a", "2");
  expect([memo.get("a"), memo.get("b"), memo.get("a")]).toEqual(["2", "1", "2"]);
  expect(reads).toEqual(["a", "b", "a"]);
});

describe("while the transaction that changed it is open", () => {
  it("shows the change each time, and keeps nothing of it", () => {
    const { memo, db, table, put } = openMemo();
    table.set("a", "1");
    memo.get("a");
    db.inTransaction = true;
    put("a", "2");
    expect(memo.get("a")).toBe("2");
    // To a savepoint: no one tells of that.
    table.set("a", "1");
    expect(memo.get("a")).toBe("1");
  });

  it("keeps what others have read, and once all may have changed, nothing", () => {
    const { memory, memo, db, table, put, reads } = openMemo();
    table.set("b", "1");
    db.inTransaction = true;
    put("a", "2");
    memo.get("b");
    memo.get("b");
    expect(reads).toEqual(["b"]);
    memory.forgetAll();
    memo.get("b");
    memo.get("b");
    expect(reads).toEqual(["b", "b", "b"]);
  });

  it.each(["one key", "everything"])("and after it, remembers again: %s", (what) => {
    const { memory, memo, db, table, put, reads } = openMemo();
    db.inTransaction = true;
    put("a", "2");
    if (what === "everything") memory.forgetAll();
    memo.get("a");
    db.inTransaction = false;
    table.set("a", "1");
    expect([memo.get("a"), memo.get("a")]).toEqual(["1", "1"]);
    expect(reads).toEqual(["a", "a"]);
  });
});

it("remembers in the next transaction, once any memo was asked between the two", () => {
  const { memory, memo, db, put, reads } = openMemo();
  const other = memory.memo<string>(() => "1");
  other.get("x");
  db.inTransaction = true;
  put("a", "2");
  db.inTransaction = false;
  other.get("x");
  db.inTransaction = true;
  memo.get("a");
  memo.get("a");
  expect(reads).toEqual(["a"]);
});

it("keeps so many at most, and lets go of the first", () => {
  const { memo, table, reads } = openMemo();
  const keys = Array.from({ length: REMEMBERED_MAX + 1 }, (_, index) => String(index));
  for (const key of keys) {
    table.set(key, key);
    memo.get(key);
  }
  reads.length = 0;
  expect([memo.get("1"), memo.get(String(REMEMBERED_MAX)), memo.get("0")]).toEqual([
    "1",
    String(REMEMBERED_MAX),
    "0",
  ]);
  expect(reads).toEqual(["0"]);
});

it("takes all for changed where one transaction changes more than it keeps", () => {
  const { memo, db, table, put } = openMemo();
  table.set("other", "1");
  db.inTransaction = true;
  for (let index = 0; index <= REMEMBERED_MAX; index += 1) put(String(index), "2");
  expect(memo.get("other")).toBe("1");
  table.set("other", "2");
  expect(memo.get("other")).toBe("2");
});
