// Asks for the profile ever again, so that a connection stands ready and what is known stays fresh.

import type { GatewayClient } from "../client/gateway.js";
import type { ProfileKeeper } from "../client/profile.js";
import type { RandomSource, TerminalClock } from "../clock.js";
import type { Deadlines } from "../deadlines.js";
import type { UnderWay } from "./under-way.js";

/**
 * A connection that was lost is opened again within this time, at an instant drawn for it: a gateway that starts again has
 * lost the connections of all its tills at once.
 */
export const REOPEN_WITHIN_MS = 2_000;

interface Parts {
  readonly clock: TerminalClock;
  readonly deadlines: Pick<Deadlines, "heartbeatMs">;
  readonly gateway: Pick<GatewayClient, "onConnectionLost">;
  readonly profile: Pick<ProfileKeeper, "refresh">;
  readonly random: RandomSource;
}

/**
 * Beats until the terminal closes, each time so long after the last beat was over; sooner where the connection was lost,
 * once in the time of a beat, so that a line which is cut ever again is not opened ever again. A beat is a question and
 * changes nothing. Returns what ends it.
 */
export function startHeartbeat(
  { clock, deadlines, gateway, profile, random }: Parts,
  underWay: Pick<UnderWay, "track">,
): () => void {
  const { heartbeatMs } = deadlines;
  let reopenedMs = Number.NEGATIVE_INFINITY;
  let hasEnded = false;
  /** Calls off the next beat, where one is due. */
  let callOff: (() => void) | null = null;

  function beatIn(delayMs: number): void {
    callOff?.();
    callOff = clock.after(delayMs, beat);
  }

  function beat(): void {
    callOff = null;
    void underWay.track(profile.refresh()).then(() => {
      if (!hasEnded && callOff === null) beatIn(heartbeatMs);
    });
  }

  gateway.onConnectionLost(() => {
    const nowMs = clock.monotonicMs();
    if (hasEnded || nowMs - reopenedMs < heartbeatMs) return;
    reopenedMs = nowMs;
    beatIn(fractionOf(random) * Math.min(REOPEN_WITHIN_MS, heartbeatMs));
  });
  beatIn(heartbeatMs);
  return () => {
    hasEnded = true;
    callOff?.();
  };
}

/** From 0 to below 1. */
function fractionOf(random: RandomSource): number {
  const [high = 0, low = 0] = random(2);
  return (high * 256 + low) / 65_536;
}
