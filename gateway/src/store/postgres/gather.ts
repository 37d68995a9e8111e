// Looks up together what is asked for one by one: while one statement is on its way, the next one's keys gather.

import { ConnectionLostError } from "../driver.js";

/** After so long the same is asked once more, on another connection: the first may have gone silent. */
const SECOND_AFTER_MS = 100;

/** Nobody waits longer, and so nobody behind him: a till has four seconds for all that it asks. */
export const GIVES_UP_AFTER_MS = 3_000;

const NO_ANSWER = "nothing of this was stored: PostgreSQL did not answer a look-up in time";

/**
 * Builds a look-up of single keys from one of many.
 *
 * Nobody is given what was read before he asked: a key goes with the next statement, never with one that was sent.
 *
 * @param read what is there of these keys, each once. Called a second time while the first is unanswered, and whichever
 * answers first is believed.
 * @returns what is there under a key, or null; fails as the read of its statement does, with ConnectionLostError where
 * none is answered in time.
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
      return readTwice(() => read([...keys]));
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

/** The first answer of one or two reads; their failure where none is left that may still answer. */
export function readTwice<Found>(read: () => Promise<Found>): Promise<Found> {
  let second: NodeJS.Timeout | undefined;
  let end: NodeJS.Timeout | undefined;
  const found = new Promise<Found>((resolve, reject) => {
    let underWay = 0;
    const ask = () => {
      underWay += 1;
      read().then(resolve, (error) => {
        underWay -= 1;
        if (underWay === 0) reject(error);
      });
    };
    ask();
    second = setTimeout(ask, SECOND_AFTER_MS);
    end = setTimeout(() => reject(new ConnectionLostError(NO_ANSWER)), GIVES_UP_AFTER_MS);
  });
  return found.finally(() => {
    clearTimeout(second);
    clearTimeout(end);
  });
}
