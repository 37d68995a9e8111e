// Remembers what was read of rows that hardly ever change, until it is told that they may have changed.

import type { Sqlite } from "./database.js";

/** The most values that one memo keeps. What was kept longest goes first, and is read again. */
export const REMEMBERED_MAX = 10_000;

export interface Memo<Value> {
  /** What stands under a key now, uncommitted changes included; null where there is nothing. */
  get(key: string): Value | null;
  /** What stands under this key may be another from now on. */
  forget(key: string): void;
}

export interface Memory {
  /** Builds a memo over a read, which gives null where there is nothing. Absence is not remembered. */
  memo<Value>(read: (key: string) => Value | null): Memo<Value>;
  /** Whatever any memo keeps may be another from now on. */
  forgetAll(): void;
}

interface Part {
  forgetAll(): void;
  settle(): void;
}

/**
 * Builds the memory of a database. Only what is committed is ever kept: what a transaction has changed is read anew until
 * that transaction is over, so that a rollback, of all of it or to a savepoint, leaves nothing behind.
 */
export function createMemory(db: Pick<Sqlite, "inTransaction">): Memory {
  const parts: Part[] = [];
  /** Something was changed, and perhaps by a transaction that is still open. */
  let isUnsettled = false;

  /** Outside a transaction whatever was changed is committed, or was taken back. */
  function settle(): void {
    if (!isUnsettled || db.inTransaction) return;
    isUnsettled = false;
    for (const part of parts) part.settle();
  }

  return {
    memo<Value>(read: (key: string) => Value | null): Memo<Value> {
      const { memo, part } = createMemo(read);
      parts.push(part);
      return {
        get(key) {
          settle();
          return memo.get(key);
        },
        forget(key) {
          isUnsettled = true;
          memo.forget(key);
        },
      };
    },
    forgetAll() {
      isUnsettled = true;
      for (const part of parts) part.forgetAll();
    },
  };
}

function createMemo<Value>(read: (key: string) => Value | null) {
  const kept = new Map<string, Value>();
  /** Changed, and not settled. */
  const changed = new Set<string>();
  let isAllChanged = false;

  function forgetAll(): void {
    kept.clear();
    changed.clear();
    isAllChanged = true;
  }

  function keep(key: string, value: Value): void {
    if (kept.size >= REMEMBERED_MAX) {
      for (const oldest of kept.keys()) {
        kept.delete(oldest);
        break;
      }
    }
    kept.set(key, value);
  }

  const memo: Memo<Value> = {
    get(key) {
      const known = kept.get(key);
      if (known !== undefined) return known;
      const found = read(key);
      if (found !== null && !isAllChanged && !changed.has(key)) keep(key, found);
      return found;
    },
    forget(key) {
      kept.delete(key);
      if (changed.size >= REMEMBERED_MAX) forgetAll();
      else changed.add(key);
    },
  };
  const part: Part = {
    forgetAll,
    settle() {
      isAllChanged = false;
      changed.clear();
    },
  };
  return { memo, part };
}
