// Knows how long a request that is read now may have waited unread, because the process was busy.

import type { After } from "../core/ports.js";

/** How often the process shows that it has time. */
const TICK_MS = 20;

export interface Arrivals {
  /** How long what is read in this turn of the process may have lain in the socket; 0 in the ordinary case. */
  unreadMs(): number;
  close(): void;
}

/**
 * Begins to watch. After the process was busy, its timers have their turn before its sockets: a tick that comes late
 * tells what is read right after it.
 *
 * @param options.monotonicMs the real time; nobody's virtual one tells how long the process was busy.
 * @param options.afterReading runs a function once the sockets had their turn.
 */
export function watchArrivals(options: {
  readonly after: After;
  readonly monotonicMs?: () => number;
  readonly afterReading?: (run: () => void) => void;
}): Arrivals {
  const { after, monotonicMs = () => performance.now(), afterReading = setImmediate } = options;
  let dueMs = monotonicMs() + TICK_MS;
  let unreadMs = 0;

  function tick(): void {
    unreadMs = Math.max(0, monotonicMs() - dueMs);
    afterReading(() => {
      unreadMs = 0;
    });
    dueMs = monotonicMs() + TICK_MS;
    callOff = after(TICK_MS, tick);
  }

  let callOff = after(TICK_MS, tick);
  return {
    // A process that was stopped wakes in the middle of its sockets' turn: no tick has told of it, but one is overdue.
    unreadMs: () => Math.max(unreadMs, monotonicMs() - dueMs, 0),
    close: () => callOff(),
  };
}
