// Holds the wall clock against one that never steps: what would be stamped with a wrong time is not decided.

import type { After, Clock, Closed } from "./core/ports.js";
import type { Logger } from "./http/observe.js";

/** A step of more than this, either way, is a clock that jumped. */
export const CLOCK_TOLERANCE_MS = 5_000;

/** A clock so far ahead of the last decision is not believed at a start: no shop is closed for so long. */
export const CLOCK_AHEAD_MAX_MS = 31 * 24 * 3_600_000;

/** How fast a time service may bring a clock to the right time without a step: chrony's own limit is 0.083. */
const SLEW_MAX = 0.1;

/** Both clocks are read within this, or what passed between the two would be taken for a jump. */
const READING_MAX_MS = 100;
/** Then they are read again, so many times at most: a machine that is so slow all the time is taken as it is. */
const READINGS_MAX = 10;

const LOOK_EVERY_MS = 1_000;
const RETRY_AFTER_MS = 30_000;

/** The clock cannot be right. Who must act: the operator; the message says what to do. */
export class ClockError extends Error {
  override readonly name = "ClockError";
}

/**
 * Holds the clock to the ledger's last decision, at a start.
 *
 * @param instants.lastMs the last instant that the ledger was stamped with; null where nothing is in it.
 * @throws ClockError where the clock is behind it, or too far ahead, and nobody says that it is right.
 */
export function checkClock(
  instants: { readonly nowMs: number; readonly lastMs: number | null },
  options: { readonly isSaidRight: boolean; readonly log: Pick<Logger, "warn"> },
): void {
  const { nowMs, lastMs } = instants;
  if (lastMs === null) return;
  const aheadMs = nowMs - lastMs;
  if (-CLOCK_TOLERANCE_MS <= aheadMs && aheadMs <= CLOCK_AHEAD_MAX_MS) return;
  const { isSaidRight, log } = options;
  if (isSaidRight) {
    log.warn({ nowMs, lastMs }, "the operator says that the clock is right (--clock-is-right)");
    return;
  }
  const [now, last] = [nowMs, lastMs].map((ms) => new Date(ms).toISOString());
  throw new ClockError(
    `the clock says ${now}, and the ledger's last decision was at ${last}. Operator: set the clock, for instance by its time service, and start again; where the clock is right, start once with --clock-is-right`,
  );
}

interface GuardOptions {
  readonly clock: Clock;
  readonly log: Pick<Logger, "fatal" | "warn">;
  readonly after: After;
}

export interface ClockGuard {
  /** Looks at the clock. Why nothing may be stamped with it; null where it is where it should be. */
  closed(): Closed | null;
  /** How far the clock is from where it should be, in milliseconds. */
  offMs(): number;
  close(): void;
}

/**
 * Watches the clock from now on: it is taken to be right at this moment. What a time service corrects slowly is followed;
 * a step is not, and the clock is believed again once it is back where it should be.
 */
export function createClockGuard({ clock, log, after }: GuardOptions): ClockGuard {
  const first = readBoth(clock);
  let lookedAtMs = first.monotonicMs;
  let anchorMs = first.nowMs - lookedAtMs;
  let hasJumped = false;
  let callOff = () => {};

  function look(): number {
    const { monotonicMs, nowMs } = readBoth(clock);
    const offMs = nowMs - monotonicMs - anchorMs;
    const isOff = Math.abs(offMs) > CLOCK_TOLERANCE_MS;
    if (isOff && !hasJumped) {
      log.fatal({ nowMs, offMs }, "the clock jumped: nothing is decided. Operator: set it right");
    } else if (hasJumped && !isOff) {
      log.warn({ nowMs, offMs }, "the clock is right again: sales go on");
    }
    hasJumped = isOff;
    if (!isOff) {
      const followMs = Math.max(monotonicMs - lookedAtMs, 0) * SLEW_MAX;
      anchorMs += Math.min(Math.max(offMs, -followMs), followMs);
    }
    lookedAtMs = monotonicMs;
    return offMs;
  }

  function watch(): void {
    look();
    callOff = after(LOOK_EVERY_MS, watch);
  }

  watch();
  return {
    closed() {
      const offMs = look();
      if (!hasJumped) return null;
      const seconds = Math.round(offMs / 1_000);
      return {
        detail: `The gateway's clock jumped by ${seconds} s, and nothing is decided by a wrong clock. Operator: set it right, and sales go on; if the new time is the right one, restart the gateway.`,
        retryAfterMs: RETRY_AFTER_MS,
      };
    },
    offMs: look,
    close: () => callOff(),
  };
}

/** Both clocks at one moment, as nearly as a process can that may be stopped between any two steps. */
function readBoth(clock: Clock): { readonly monotonicMs: number; readonly nowMs: number } {
  for (let reading = 1; ; reading += 1) {
    const monotonicMs = clock.monotonicMs();
    const nowMs = clock.nowMs();
    const tookMs = clock.monotonicMs() - monotonicMs;
    if (tookMs <= READING_MAX_MS || reading === READINGS_MAX) return { monotonicMs, nowMs };
  }
}
