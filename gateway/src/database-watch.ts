// Asks the database for its time, every second: a gateway that gets no answer, or goes by another time, is not ready.

import type { After, Clock, Closed } from "./core/ports.js";
import type { Logger } from "./http/observe.js";

/** Gateways whose clocks are further apart would order what they write by times that contradict each other. */
export const DATABASE_CLOCK_TOLERANCE_MS = 1_000;

const LOOK_EVERY_MS = 1_000;
/** Who has waited so long is told that there is no answer. */
const ANSWER_MAX_MS = 2_000;
const RETRY_AFTER_MS = 30_000;

interface DatabaseWatchOptions {
  /** The database's own time, in Unix milliseconds. Fails where the database does not answer. */
  readonly databaseMs: () => Promise<number>;
  readonly clock: Clock;
  readonly after: After;
  readonly log: Pick<Logger, "fatal" | "error" | "warn">;
}

export interface DatabaseWatch {
  /** Looks now. Never throws. */
  look(): Promise<void>;
  /** Why nothing may be stamped with the clock just now; null where it may. */
  clockClosed(): Closed | null;
  isSilent(): boolean;
  close(): void;
}

/** Begins to watch; the first look is the caller's. */
export function watchDatabase(options: DatabaseWatchOptions): DatabaseWatch {
  const { databaseMs, clock, after, log } = options;
  let isSilent = false;
  /** How far the clock is ahead of the database's, where that is too far. */
  let offMs: number | null = null;
  let closed = false;
  let callOff = () => {};

  function silent(error: unknown): void {
    if (!isSilent && !closed) {
      log.error({ err: error }, "the database does not answer: not ready. Operator: look at it");
    }
    isSilent = true;
  }

  function answered(): void {
    if (isSilent) log.warn("the database answers again");
    isSilent = false;
  }

  /** @param tripMs until its answer was here: it was given at some moment of that time. */
  function judge(aheadMs: number, tripMs: number): void {
    const [offMax, offMin] = [Math.abs(aheadMs) + tripMs / 2, Math.abs(aheadMs) - tripMs / 2];
    if (offMin > DATABASE_CLOCK_TOLERANCE_MS) {
      if (offMs === null) log.fatal({ aheadMs }, WRONG);
      offMs = aheadMs;
    } else if (offMs !== null && offMax <= DATABASE_CLOCK_TOLERANCE_MS) {
      log.warn({ aheadMs }, "the clock agrees with the database's again: sales go on");
      offMs = null;
    }
    // Between the two the answer took too long to tell, and what was seen before holds.
  }

  async function look(): Promise<void> {
    const fromMs = clock.monotonicMs();
    const impatient = after(ANSWER_MAX_MS, () => silent(new Error("no answer within 2 s")));
    try {
      const databaseSaysMs = await databaseMs();
      const tripMs = clock.monotonicMs() - fromMs;
      // By then it was said that there is none.
      if (tripMs > ANSWER_MAX_MS) return;
      answered();
      judge(Math.round(clock.nowMs() - (databaseSaysMs + tripMs / 2)), tripMs);
    } catch (error) {
      silent(error);
    } finally {
      impatient();
    }
  }

  function lookAgain(): void {
    if (closed) return;
    callOff = after(LOOK_EVERY_MS, () => void look().then(lookAgain));
  }

  lookAgain();
  return {
    look,
    clockClosed() {
      if (offMs === null) return null;
      const seconds = (Math.abs(offMs) / 1_000).toFixed(1);
      const how = `${seconds} s ${offMs > 0 ? "ahead of" : "behind"}`;
      return {
        detail: `The gateway's clock is ${how} its database's, and nothing is decided by a wrong clock. Operator: set both by a time service, and sales go on.`,
        retryAfterMs: RETRY_AFTER_MS,
      };
    },
    isSilent: () => isSilent,
    close() {
      closed = true;
      callOff();
    },
  };
}

const WRONG =
  "the clock is more than a second from the database's: nothing is decided. Operator: set both by a time service";
