// Looks up together what is asked for one by one: while one statement is on its way, the next one's keys gather.

/**
 * Builds a look-up of single keys from one of many.
 *
 * Nobody is given what was read before he asked: a key goes with the next statement, never with one that was sent.
 *
 * @param read what is there of these keys, each once.
 * @returns what is there under a key, or null; fails as the read of its statement does.
 */
export function gathered<Value>(
  read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): (key: string) => Promise<Value | null> {
  let next: {
    readonly keys: Set<string>;
    readonly found: Promise<ReadonlyMap<string, Value>>;
  } | null = null;
  let last: Promise<unknown> = Promise.resolve();

  function open() {
    const keys = new Set<string>();
    const found = last.then(() => {
      next = null;
      return read([...keys]);
    });
    last = found.catch(() => {});
    next = { keys, found };
    return next;
  }

  return async (key) => {
    const { keys, found } = next ?? open();
    keys.add(key);
    return (await found).get(key) ?? null;
  };
}
