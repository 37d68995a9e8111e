// Tells on stderr how a copy goes on: each table with its rows and how fast they come.

import type { CopyProgress, TellProgress } from "../store/copy/copy-tables.js";

/** How often a long table is told of, on a terminal and in a file or a log. */
const TTY_EVERY_MS = 500;
const LOG_EVERY_MS = 10_000;

interface MeterOptions {
  readonly nowMs: () => number;
  readonly out: { readonly isTTY?: boolean; write(text: string): unknown };
}

/** Starts a meter. An empty table is not told of. */
export function startCopyMeter({ nowMs, out }: MeterOptions): TellProgress {
  const everyMs = out.isTTY ? TTY_EVERY_MS : LOG_EVERY_MS;
  let begunMs = nowMs();
  let toldMs = begunMs;

  function tell({ table, rows, isDone }: CopyProgress): void {
    const seconds = (nowMs() - begunMs) / 1_000;
    const perSecond = seconds > 0 ? `, ${Math.round(rows / seconds)}/s` : "";
    const text = `${table}: ${rows} rows${perSecond}`;
    const end = isDone || !out.isTTY ? "\n" : "";
    out.write(out.isTTY ? `\r\x1b[K${text}${end}` : `${text}${end}`);
    toldMs = nowMs();
  }

  return (progress) => {
    if (progress.rows > 0 && (progress.isDone || nowMs() - toldMs >= everyMs)) tell(progress);
    if (progress.isDone) begunMs = nowMs();
  };
}
