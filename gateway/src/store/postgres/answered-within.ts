// Bounds how long the answer of one statement is waited for, where its connection as a whole allows more or less.

import type { QueryConfig } from "pg";

/** What pg says where an answer does not come in time, and {@link heardWithin}. */
export const NOT_ANSWERED = "Query read timeout";

/** The statement as pg takes it: past this time it fails, and its connection is of no use any more. */
export const answeredWithin = (answerMs: number, query: QueryConfig): QueryConfig =>
  Object.assign({}, query, { query_timeout: answerMs });

/**
 * Bounds it as well for a statement that was sent, by time in which the process could hear: where it stood still itself, what
 * came meanwhile is read before the answer is missed.
 *
 * @throws Error saying {@link NOT_ANSWERED}: the connection is of no use any more.
 */
export function heardWithin<T>(answerMs: number, asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const missed = new Promise<never>((_, reject) => {
    const miss = () => reject(new Error(NOT_ANSWERED));
    // Timers run before sockets are read, and this after.
    timer = setTimeout(() => setImmediate(miss), answerMs);
  });
  return Promise.race([asked, missed]).finally(() => clearTimeout(timer));
}
