// Says how long a command would wait, by how long recent commits took: too long a wait is refused while nothing is done.

import { GATEWAY_DEADLINE_MS } from "@pass-tpe/protocol";
import type { Clock, Command, Random } from "../core/ports.js";

/** How much of a new reading goes into the average, once there are some: about the last ten commits count. */
const WEIGHT = 0.2;

/** What an estimate is multiplied by before it is held to a deadline: a late refusal costs more than an early one. */
const CAUTION = 1.25;

/** What a turn of the process counts for at most: beyond it, it was not the load that took so long. */
const TURN_MAX_MS = 500;

/** Between these a terminal is sent away for, in milliseconds; and as much again by chance, so that not all come back at once. */
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 10_000;

interface OverloadOptions {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly random: Random;
  /** The most commands of one commit. */
  readonly batchMax: number;
}

/** What is done now: since when, and how long it should take. */
interface Round {
  readonly fromMs: number;
  readonly expectedMs: number;
}

/** What waits before a command. */
export interface Before {
  /** Commands. */
  readonly ahead: number;
  /** Works that stand alone: each is taken to cost a round of its own. */
  readonly alone: number;
}

export interface Overload {
  /** The writer begins after a rest, or after what stood alone: a round runs from here, or from the end of the last. */
  begin(): void;
  /** It has taken so many commands into one commit; 0 where it does something else. */
  take(commands: number): void;
  /** The commit of so many commands is over; deciding them took so long in all. */
  end(commands: number, decideMs: number): void;
  /** Something else is over, of which nothing is learned. */
  pass(): void;
  /**
   * Null where the command may wait; else after how long its terminal may come again, in milliseconds. A reversal is
   * always let in: it ends a doubt.
   *
   * @param before what waits before it.
   */
  refusal(command: Command, before: Before): number | null;
  /** After how long to come again who met a full line, with so much waiting. */
  retryAfterMs(before: Before): number;
}

/** Builds the estimate. A round costs something in itself (the turn, the sync) and something for each command. */
export function createOverload({ clock, random, batchMax }: OverloadOptions): Overload {
  let roundMs = 0;
  let commandMs = 0;
  let readings = 0;
  let roundFromMs = 0;
  let turnMs = 0;
  let now: Round | null = null;

  const costOf = (commands: number, rounds: number) => rounds * roundMs + commands * commandMs;

  /** A round that takes longer than it should is thought to take as long again. */
  function restOfRoundMs(): number {
    if (now === null) return 0;
    const goneMs = clock.monotonicMs() - now.fromMs;
    return goneMs < now.expectedMs ? now.expectedMs - goneMs : goneMs;
  }

  /** Until the commit of a command that comes now. */
  const waitMs = ({ ahead, alone }: Before) =>
    restOfRoundMs() + costOf(ahead + 1, Math.floor(ahead / batchMax) + 1 + alone);

  function retryAfterMs(before: Before): number {
    const waitedMs = Math.min(Math.max(waitMs(before), RETRY_MIN_MS), RETRY_MAX_MS);
    const chance = Buffer.from(random.bytes(2)).readUInt16BE() / 0x1_0000;
    return Math.round(waitedMs * (1 + chance));
  }

  return {
    begin() {
      roundFromMs = clock.monotonicMs();
    },
    take(commands) {
      const fromMs = clock.monotonicMs();
      turnMs = Math.min(fromMs - roundFromMs, TURN_MAX_MS);
      now = { fromMs, expectedMs: commands === 0 ? 0 : costOf(commands, 1) };
    },
    end(commands, decideMs) {
      if (now) {
        const restMs = turnMs + clock.monotonicMs() - now.fromMs - decideMs;
        readings += 1;
        // The first is all that is known, and counts as such.
        const weight = Math.max(WEIGHT, 1 / readings);
        roundMs += (restMs - roundMs) * weight;
        commandMs += (decideMs / commands - commandMs) * weight;
      }
      now = null;
      // What is read between two commits, and the turn after it, belong to the next round.
      roundFromMs = clock.monotonicMs();
    },
    pass() {
      now = null;
    },
    refusal(command, before) {
      // Who is alone is let in, whatever was measured: else one slow commit would shut the door, and nothing open it.
      if (now === null && before.ahead + before.alone === 0) return null;
      const lateMs = waitMs(before) * CAUTION - leftMs(command, clock.monotonicMs());
      return lateMs > 0 ? retryAfterMs(before) : null;
    },
    retryAfterMs,
  };
}

/** How long a command may still take. */
function leftMs(command: Command, nowMs: number): number {
  switch (command.type) {
    case "authorize":
    case "inquire": {
      const { deadlineMs = GATEWAY_DEADLINE_MS } = command.request;
      return deadlineMs - (nowMs - command.receivedAtMonotonicMs);
    }
    case "capture":
    case "refund":
      return GATEWAY_DEADLINE_MS;
    case "reverse":
    case "load":
      return Number.POSITIVE_INFINITY;
  }
}
