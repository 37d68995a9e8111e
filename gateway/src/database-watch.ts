// Asks the database how it is, every second: a gateway that gets no answer, a bad one, or goes by another time, is not ready.

import type { After, Clock, Closed } from "./core/ports.js";
import type { Logger } from "./http/observe.js";
import type { Database } from "./store/database.js";

/** Gateways whose clocks are further apart would order what they write by times that contradict each other. */
export const DATABASE_CLOCK_TOLERANCE_MS = 1_000;

const LOOK_EVERY_MS = 1_000;
/** Who has waited so long is told that there is no answer. */
const ANSWER_MAX_MS = 2_000;
/** A commit that waits so long waits for a standby that is not there, or for a disk that has stopped: the next ones will too. */
const COMMIT_MAX_MS = 2_000;
const RETRY_AFTER_MS = 30_000;

interface DatabaseWatchOptions {
  readonly database: Database;
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
  /** Why nothing may be sold on the server as it is; null where it may, as far as is known. */
  unfit(): string | null;
  /** Why the commit that is under way waits for too long; null where it does not. */
  stuck(): string | null;
  close(): void;
}

/** Begins to watch; the first look is the caller's. */
export function watchDatabase(options: DatabaseWatchOptions): DatabaseWatch {
  const { database, clock, after, log } = options;
  let isSilent = false;
  let unfit: string | null = null;
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

  function judgeServer(why: string | null): void {
    if (why !== null && unfit === null) log.fatal(`not ready: ${why}`);
    if (why === null && unfit !== null) log.warn("the database is as it has to be again");
    unfit = why;
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
      const state = await database.state();
      const tripMs = clock.monotonicMs() - fromMs;
      // By then it was said that there is none.
      if (tripMs > ANSWER_MAX_MS) return;
      answered();
      judgeServer(state.unfit);
      judge(Math.round(clock.nowMs() - (state.nowMs + tripMs / 2)), tripMs);
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
    unfit: () => unfit,
    stuck() {
      const waitsMs = database.commitWaitsMs();
      if (waitsMs <= COMMIT_MAX_MS) return null;
      const seconds = Math.floor(waitsMs / 1_000);
      return `a commit has waited for its answer for ${seconds} s. Operator: look whether PostgreSQL's synchronous standby is there`;
    },
    close() {
      closed = true;
      callOff();
    },
  };
}

const WRONG =
  "the clock is more than a second from the database's: nothing is decided. Operator: set both by a time service";
