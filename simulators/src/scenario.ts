// Scripts what happens at a reader ("tap card A, at 200 ms remove it"), so that a test of a till says when.

import type { VirtualCard } from "./card/virtual-card.js";

/** One thing that happens, so many milliseconds after the scenario begins. */
export type ScenarioStep =
  | { readonly atMs: number; readonly do: "tap"; readonly card: VirtualCard }
  | { readonly atMs: number; readonly do: "remove" }
  | { readonly atMs: number; readonly do: "scan"; readonly text: string }
  | { readonly atMs: number; readonly do: "unplug" }
  | { readonly atMs: number; readonly do: "plug" };

/** What a scenario is played on. The simulated reader is one; parts that a scenario has no step for may do nothing. */
export interface ScenarioStage {
  tap(card: VirtualCard): void | Promise<void>;
  remove(): void | Promise<void>;
  scan(text: string): void | Promise<void>;
  unplug(): void | Promise<void>;
  plug(): void | Promise<void>;
}

/** Waits so many milliseconds. A test gives its own, so that a scenario of seconds takes none. */
export type Wait = (ms: number) => Promise<void>;

const realWait: Wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Plays a scenario to its end: the steps in order of their time, those of one time in the order written.
 *
 * @throws RangeError when a step's time is below zero or no number.
 */
export async function playScenario(options: {
  stage: ScenarioStage;
  steps: readonly ScenarioStep[];
  /** Default: the real clock. */
  wait?: Wait;
}): Promise<void> {
  const { stage, steps, wait = realWait } = options;
  for (const { atMs } of steps) {
    if (!(atMs >= 0)) throw new RangeError(`scenario: the caller must pass a time, not ${atMs}`);
  }
  let nowMs = 0;
  for (const step of [...steps].sort((a, b) => a.atMs - b.atMs)) {
    if (step.atMs > nowMs) await wait(step.atMs - nowMs);
    nowMs = step.atMs;
    await play(stage, step);
  }
}

async function play(stage: ScenarioStage, step: ScenarioStep): Promise<void> {
  switch (step.do) {
    case "tap":
      return stage.tap(step.card);
    case "scan":
      return stage.scan(step.text);
    default:
      return stage[step.do]();
  }
}
