// What is thrown where nothing may be done for a while, by what has no answer to say so with.

import type { Closed } from "./ports.js";

/** Nothing was done, and the same may be asked again later. */
export class ClosedError extends Error {
  override readonly name = "ClosedError";
  readonly closed: Closed;
  constructor(closed: Closed) {
    super(closed.detail);
    this.closed = closed;
  }
}
