// An instant as the command line takes it: one that says of which zone it is.

import { quoted, UsageError } from "./command.js";

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** In Unix milliseconds. @throws UsageError where the text is no instant, or does not say of which zone. */
export function instantOf(text: string, option: string): number {
  const atMs = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(atMs)) return atMs;
  throw new UsageError(`${option} must be like 2026-09-01T14:05:00Z, not ${quoted(text)}`);
}
