// Processes that share a folder and a gateway, run step by step in an order that a seed draws: any may be paused or die between two steps.

import type { TerminalClock } from "../clock.js";

/** How long, in virtual milliseconds, time moves on at most between two steps that wait for nothing. */
const IDLE_STEP_MS = 4_000;

/** More steps than any life here needs: beyond them something goes in circles. */
const STEPS_MAX = 40_000;

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** Draws a whole number below a bound, always the same for one seed (mulberry32). */
export function drawing(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One process: what it waits for happens in order of the draw, or never once it is dead. */
export class Lane {
  readonly pending: (() => void)[] = [];
  readonly timers = new Set<Timer>();
  readonly clock: TerminalClock;
  pausedUntilMs = 0;
  isDead = false;
  /** What befalls it, and before which of its steps. */
  mishap: { stepsLeft: number; happen: () => void } | null = null;

  /** @param options.wallAheadMs how wrong its wall clock is. */
  constructor(options: { nowMs: () => number; wallAheadMs: number }) {
    const { nowMs, wallAheadMs } = options;
    this.clock = {
      nowMs: () => 1_700_000_000_000 + wallAheadMs + nowMs(),
      monotonicMs: () => 5_000 + nowMs(),
      after: (delayMs, run) => {
        const timer = { dueMs: nowMs() + delayMs, run };
        this.timers.add(timer);
        return () => this.timers.delete(timer);
      },
    };
  }

  /** One call to the world: it takes effect at one step, and the process hears of it at a later one. */
  step<T>(effect: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.pending.push(() => {
        try {
          const value = effect();
          this.pending.push(() => resolve(value));
        } catch (thrown) {
          this.pending.push(() => reject(thrown));
        }
      });
    });
  }
}

/** Runs lanes until a goal is reached. */
export class Lanes {
  readonly lanes: Lane[] = [];
  readonly #draw: (below: number) => number;
  #nowMs = 0;
  #steps = 0;

  constructor(draw: (below: number) => number) {
    this.#draw = draw;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  add(): Lane {
    const wallAheadMs = this.#draw(7_200_000) - 3_600_000;
    const lane = new Lane({ nowMs: () => this.#nowMs, wallAheadMs });
    this.lanes.push(lane);
    return lane;
  }

  async until(isReached: () => boolean): Promise<void> {
    for (;;) {
      // Everything that follows from the last step by itself.
      for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
      if (isReached()) return;
      this.#steps += 1;
      if (this.#steps > STEPS_MAX) throw new Error("the lanes go in circles");
      this.#step();
    }
  }

  #step(): void {
    const awake = this.lanes.filter((lane) => !lane.isDead && lane.pausedUntilMs <= this.#nowMs);
    const ready = awake.flatMap((lane) => [
      ...lane.pending.map((run) => ({ lane, run, take: () => takeFrom(lane.pending, run) })),
      ...[...lane.timers]
        .filter(({ dueMs }) => dueMs <= this.#nowMs)
        .map((timer) => ({ lane, run: timer.run, take: () => lane.timers.delete(timer) })),
    ]);
    const chosen = ready[this.#draw(Math.max(ready.length, 1))];
    // Now and then time passes although something could happen: that is a slow disk, or a slow process.
    if (chosen === undefined || this.#draw(40) === 0) this.#pass(ready.length > 0);
    else if (!befalls(chosen.lane)) {
      chosen.take();
      chosen.run();
    }
  }

  #pass(isBusy: boolean): void {
    if (isBusy) {
      this.#nowMs += this.#draw(100);
      return;
    }
    const dues = this.lanes
      .filter((lane) => !lane.isDead)
      .flatMap((lane) =>
        lane.pausedUntilMs > this.#nowMs
          ? [lane.pausedUntilMs]
          : [...lane.timers].map(({ dueMs }) => dueMs),
      );
    const nextMs = Math.min(...dues, this.#nowMs + IDLE_STEP_MS);
    this.#nowMs = Math.max(nextMs, this.#nowMs);
  }
}

/** Whether something befalls a process instead of its next step. */
function befalls(lane: Lane): boolean {
  const { mishap } = lane;
  if (mishap === null) return false;
  mishap.stepsLeft -= 1;
  if (mishap.stepsLeft > 0) return false;
  lane.mishap = null;
  mishap.happen();
  return true;
}

function takeFrom(pending: (() => void)[], run: () => void): void {
  pending.splice(pending.indexOf(run), 1);
}
