// Keeps account of what a run would leave behind, and has it taken away also where the run is killed.

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Remnant, sweep } from "./sweep.js";

/** As it was built, also where this runs from its source. */
const WATCHMAN = fileURLToPath(new URL("../../dist/chaos/watchman.js", import.meta.url));

/** What the watchman is told, one JSON object a line. */
export interface Notice {
  readonly type: "made" | "gone";
  readonly remnant: Remnant;
}

export interface Remains {
  /** Notes a process until it has ended. */
  child<T extends ChildProcess>(child: T): T;
  /** Notes a mounted disk or a folder, until it is said to be gone. */
  made(remnant: Remnant): void;
  /** It was put away in order, or is to stay. */
  gone(remnant: Remnant): void;
  /** Takes everything away that is left, in this call. */
  sweep(): void;
}

/**
 * Opens the account, and starts a watchman: a process that sweeps when this one has ended, in whatever way. A paused
 * gateway could not end by itself, and no process unmounts what it lives on.
 */
export function openRemains(): Remains {
  const left = new Map<string, Remnant>();
  const watchman = spawn(process.execPath, [WATCHMAN], {
    stdio: ["pipe", "ignore", "ignore"],
    // Ctrl-C is for the run.
    detached: true,
  });
  // Without a watchman the run goes on: only where it is killed itself nobody sweeps.
  watchman.on("error", () => undefined).unref();
  watchman.stdin.on("error", () => undefined);
  const tell = (notice: Notice) => void watchman.stdin.write(`${JSON.stringify(notice)}\n`);
  const made = (remnant: Remnant) => {
    left.set(JSON.stringify(remnant), remnant);
    tell({ type: "made", remnant });
  };
  const gone = (remnant: Remnant) => {
    if (left.delete(JSON.stringify(remnant))) tell({ type: "gone", remnant });
  };
  return {
    child(child) {
      const { pid } = child;
      if (pid === undefined) return child;
      made({ kind: "process", pid });
      child.once("exit", () => gone({ kind: "process", pid }));
      return child;
    },
    made,
    gone,
    sweep() {
      sweep(left.values());
      for (const remnant of left.values()) gone(remnant);
    },
  };
}
