// Whether a batch of which nothing was stored is run again by itself, and how soon: its sales keep their ids, and are stored once.

import type { Clock, Random } from "../core/ports.js";
import { ConnectionLostError, OvertakenError, SpoiledError } from "./driver.js";

/** The most times that a batch is run whose gateway is overtaken by another. Then it may come again by itself. */
export const TRIES_MAX = 5;

/** The most times that a batch is run whose connection is lost. */
const TRIES_BY_CONNECTION_MAX = 2;

/** After so long a batch is not run again: who sent it is about to give up, and asks by its id. */
export const RUN_AGAIN_WITHIN_MS = 2_000;

/** About how long the first pause is; each is twice as long as the one before. Nobody knows the other's, so they part. */
const FIRST_PAUSE_MS = 4;

interface RerunOptions {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly random: Random;
  /** Resolves after so many milliseconds. */
  readonly pause?: (pauseMs: number) => Promise<void>;
}

/**
 * For one batch, which is run for the first time now.
 *
 * @returns what is told each failure of the batch; true, after a pause, where it is to be run again.
 */
export function createReruns(options: RerunOptions): (failure: unknown) => Promise<boolean> {
  const { clock, random, pause = timeout } = options;
  const startedMs = clock.monotonicMs();
  let tries = 0;
  return async (failure) => {
    tries += 1;
    if (tries >= triesMax(failure)) return false;
    if (clock.monotonicMs() - startedMs > RUN_AGAIN_WITHIN_MS) return false;
    const [byte = 0] = random.bytes(1);
    await pause(((FIRST_PAUSE_MS * 2 ** tries) / 2) * (0.5 + byte / 256));
    return true;
  };
}

function triesMax(failure: unknown): number {
  if (failure instanceof OvertakenError || failure instanceof SpoiledError) return TRIES_MAX;
  return failure instanceof ConnectionLostError ? TRIES_BY_CONNECTION_MAX : 0;
}

const timeout = (pauseMs: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, pauseMs);
  });
