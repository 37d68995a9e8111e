// Bounds how long the answer of one statement is waited for, where its connection as a whole allows more or less.

import type { QueryConfig } from "pg";

/** The statement as pg takes it: past this time it fails, and its connection is of no use any more. */
export const answeredWithin = (answerMs: number, query: QueryConfig): QueryConfig =>
  Object.assign({}, query, { query_timeout: answerMs });
