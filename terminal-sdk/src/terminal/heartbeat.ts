// Asks for the profile ever again, so that the connection stays open and what is known stays fresh.

import type { TerminalContext } from "../context.js";
import type { UnderWay } from "./under-way.js";

/** Beats until the terminal closes, each time so long after the last beat was over. Returns what calls off the next. */
export function startHeartbeat(
  { clock, deadlines, profile }: Pick<TerminalContext, "clock" | "deadlines" | "profile">,
  underWay: UnderWay,
): () => void {
  let callOff = beatLater();

  function beatLater(): () => void {
    return clock.after(deadlines.heartbeatMs, () => {
      void underWay.track(profile.refresh()).then(() => {
        if (!underWay.isClosing) callOff = beatLater();
      });
    });
  }

  return () => callOff();
}
