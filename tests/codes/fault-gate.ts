// Stands before a real SQLite driver and, once, does something else first: refuses, waits, or lets time pass.

import type { Driver } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";

export interface FaultGate {
  /** Give it to a gateway. */
  readonly makeDriver: (path: string) => Driver;
  /** Runs before the next transaction begins; what it throws is the disk that refuses. */
  beforeNextBegin(work: () => void | Promise<void>): void;
  /** The gateway's own driver, to read the ledger that it keeps. */
  driver(): Driver;
}

export function faultGate(): FaultGate {
  let opened: Driver | null = null;
  let next: (() => void | Promise<void>) | null = null;
  return {
    makeDriver(path) {
      const sqlite = sqliteDriver(path);
      opened = sqlite;
      return {
        ...sqlite,
        async begin() {
          const work = next;
          next = null;
          await work?.();
          await sqlite.begin();
        },
      };
    },
    beforeNextBegin(work) {
      next = work;
    },
    driver() {
      if (opened === null) throw new Error("no gateway was started on this gate");
      return opened;
    },
  };
}

/** Something to wait for, and the function that ends the wait. */
export function latch(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
