// Tells a write that does not find its row as it was read.

import { BugError } from "../../core/assert.js";
import type { Awaitable } from "../rows.js";

/**
 * Sees that a write changed the one row that it named, as it was read.
 *
 * @throws BugError where it did not: one writer has the ledger, or what it read is locked.
 */
export async function once(changed: Awaitable<number>, what: string): Promise<void> {
  if ((await changed) !== 1) throw new BugError(`${what} has moved since it was read`);
}
