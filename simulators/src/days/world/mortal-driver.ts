// A store's driver that lives in virtual time, fails as disks do, and dies with its process in the middle of anything.

import { type Driver, TransactionLostError } from "@pass-tpe/gateway/parts";
import type { Life } from "./life.js";

/** How one commit goes. */
export type Commit =
  | {
      readonly kind: "done";
      readonly afterMs: number;
      /** Called when it is on disk, before anybody hears of it. */
      readonly onKept?: () => void;
    }
  /** The disk is full: nothing of it is written, and the disk says so. */
  | { readonly kind: "full"; readonly afterMs: number }
  /** The disk failed, and nobody is told whether it has kept the commit. */
  | { readonly kind: "doubt"; readonly afterMs: number; readonly isKept: boolean };

/** What a plan decides of the gateway's disk. */
export interface GatewayDisk {
  commit(): Commit;
  /** Whether a commit that was under way when the process died has reached the disk. */
  isKeptAtDeath(): boolean;
}

/**
 * A life's own view of a durable driver. When the life ends what was not committed is rolled back, but for a commit under
 * way, of which the disk decides.
 */
export function mortalDriver(
  inner: Driver,
  { life, disk }: { life: Life; disk: GatewayDisk },
): Driver {
  let state: "idle" | "open" | "committing" = "idle";

  async function begin(): Promise<void> {
    await alive(() => inner.begin());
    state = "open";
  }

  async function sync(): Promise<void> {
    const commit = disk.commit();
    state = "committing";
    await life.pause(commit.afterMs);
    state = "idle";
    if (commit.kind === "done") {
      await inner.sync();
      commit.onKept?.();
      return life.isOver ? life.never : undefined;
    }
    if (commit.kind === "doubt" && commit.isKept) await inner.sync();
    else await inner.rollback();
    if (commit.kind === "doubt") throw new Error("simulated: the disk failed in a commit");
    throw new TransactionLostError("simulated: the disk is full");
  }

  async function rollback(): Promise<void> {
    state = "idle";
    await alive(() => inner.rollback());
  }

  life.atEnd(() => {
    const isKept = state === "committing" && disk.isKeptAtDeath();
    if (isKept) void inner.sync();
    else if (state !== "idle") void inner.rollback();
    state = "idle";
  });

  const alive = async <T>(work: () => T): Promise<Awaited<T>> => {
    if (life.isOver) return life.never;
    return await work();
  };

  return new Proxy(inner, {
    get(target, name: keyof Driver) {
      switch (name) {
        case "begin":
          return begin;
        case "sync":
          return sync;
        case "rollback":
          return rollback;
        // The file stays: it is the next life's.
        case "close":
          return () => undefined;
        default: {
          const member = target[name];
          if (typeof member !== "function") return member;
          return (...given: never[]) =>
            life.isOver ? life.never : (member as (...given: never[]) => unknown)(...given);
        }
      }
    },
  });
}
