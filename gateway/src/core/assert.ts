// Assertions: a bug is loud, and contained to the sale that met it.

/** Thrown where the code is wrong, never where the world is. The store rolls the sale back and answers SYSTEM_ERROR. */
export class BugError extends Error {
  override readonly name = "BugError";
}

/** @throws BugError when `condition` does not hold. */
export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new BugError(what);
}
