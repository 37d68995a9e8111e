// The terminal's time and randomness as ports, so that a simulator can give both.

import { randomBytes } from "node:crypto";

/** Where the terminal takes its time from. The gateway's clock decides; this one measures and waits. */
export interface TerminalClock {
  /** Unix milliseconds, for records and identifiers. May jump. */
  nowMs(): number;
  /** Milliseconds since some fixed instant, for durations. Never goes back. */
  monotonicMs(): number;
  /** Runs a function once after a delay; the returned function calls it off. */
  after(delayMs: number, run: () => void): () => void;
}

/** Gives as many unpredictable bytes as asked for. */
export type RandomSource = (size: number) => Uint8Array;

export const systemClock: TerminalClock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export const systemRandom: RandomSource = (size) => randomBytes(size);

/** Resolves after a delay, or at once when the signal is aborted, before or meanwhile. */
export function pause(options: {
  clock: TerminalClock;
  delayMs: number;
  signal: AbortSignal;
}): Promise<void> {
  const { clock, delayMs, signal } = options;
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = () => {
      callOff();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const callOff = clock.after(delayMs, finish);
    signal.addEventListener("abort", finish, { once: true });
  });
}
