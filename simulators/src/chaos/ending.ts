// How a person ends a run: one signal ends it in order, another one at once.

/** 128 + SIGINT. */
export const EXIT_INTERRUPTED = 130;

/** `npm run` passes a Ctrl-C on that the terminal has given to everybody already: so soon after, it is the same one. */
const SAME_SIGNAL_MS = 500;

/**
 * Listens to SIGINT and SIGTERM from now on.
 *
 * @param options.onFirst ends the run in order. Null: it has no such end, and the first signal is the last.
 * @param options.onLast what is done, in this call, before the process exits.
 */
export function endBySignals(options: {
  readonly onFirst: (() => void) | null;
  readonly onLast?: () => void;
}): void {
  const { onFirst, onLast } = options;
  let firstMs: number | null = null;
  const heard = () => {
    const nowMs = performance.now();
    if (firstMs === null && onFirst !== null) {
      firstMs = nowMs;
      onFirst();
    } else if (firstMs === null || nowMs - firstMs > SAME_SIGNAL_MS) {
      onLast?.();
      process.exit(EXIT_INTERRUPTED);
    }
  };
  process.on("SIGINT", heard);
  process.on("SIGTERM", heard);
}
