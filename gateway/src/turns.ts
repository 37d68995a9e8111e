// Lets work run a few at once, with a bounded line before it.

/** Too much waits. Nothing was looked at, and the same may be sent again. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}

/**
 * Builds what runs work in turns, in the order of its coming.
 *
 * @returns runs one piece of work. @throws BusyError where the line is full.
 */
export function createTurns(limits: { readonly atOnce: number; readonly waiting: number }) {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function turn(): Promise<void> {
    if (running < limits.atOnce) {
      running += 1;
      return;
    }
    if (waiting.length >= limits.waiting) throw new BusyError("too much waits for its turn");
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    await turn();
    try {
      return await work();
    } finally {
      // The place goes to who waits; nobody who comes now gets in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
