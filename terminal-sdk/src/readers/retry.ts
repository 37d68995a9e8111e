// When to look again for a device that is not there: soon at first, then every few seconds, until told to stop.

/** Waits between looks for a missing device. The last one repeats for as long as the reader is open. */
const LOOK_AGAIN_MS: readonly number[] = [100, 250, 500, 1_000, 2_000];

/** Schedules looks for a device. */
interface Retry {
  /** Calls `look` after the next wait. A second call before it came replaces it. */
  schedule(look: () => void): void;
  /** The device is there: the next wait is the shortest again. */
  succeeded(): void;
  /** No look comes any more. */
  stop(): void;
}

/** Makes the schedule of one reader. */
export function createRetry(waitsMs: readonly number[] = LOOK_AGAIN_MS): Retry {
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    schedule(look) {
      const waitMs = waitsMs[Math.min(failures, waitsMs.length - 1)] ?? 0;
      failures += 1;
      clearTimeout(timer);
      timer = setTimeout(look, waitMs);
    },
    succeeded() {
      failures = 0;
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
