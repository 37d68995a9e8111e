// Tells on stderr how a load goes on: lines done, how fast, refused so far, time left.

import type { Progress } from "./progress.js";

/** How often a terminal is told, and a file or a log. */
const TTY_EVERY_MS = 500;
const LOG_EVERY_MS = 10_000;

interface Meter {
  /** Tells if it is time to. */
  tick(progress: Progress): void;
  /** Tells for the last time. */
  end(progress: Progress): void;
}

/** Starts a meter at the line that a load begins after. */
export function startMeter(options: {
  readonly lines: number;
  readonly from: number;
  readonly nowMs: () => number;
  readonly out: { readonly isTTY?: boolean; write(text: string): unknown };
}): Meter {
  const { lines, from, nowMs, out } = options;
  const startedMs = nowMs();
  const everyMs = out.isTTY ? TTY_EVERY_MS : LOG_EVERY_MS;
  let toldMs = startedMs;

  function tell({ line, rejected }: Progress): void {
    const seconds = (nowMs() - startedMs) / 1_000;
    const perSecond = seconds > 0 ? (line - from) / seconds : 0;
    const left = perSecond > 0 ? duration((lines - line) / perSecond) : "unknown";
    const percent = Math.floor((line * 100) / lines);
    const text = `${line}/${lines} lines (${percent} %), ${Math.round(perSecond)}/s, ${rejected} rejected, ${left} left`;
    out.write(out.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
    toldMs = nowMs();
  }

  return {
    tick(progress) {
      if (nowMs() - toldMs >= everyMs) tell(progress);
    },
    end(progress) {
      tell(progress);
      if (out.isTTY) out.write("\n");
    },
  };
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
