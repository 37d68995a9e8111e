// The lease of a file in a real folder, taken by this process.

import type { TerminalClock } from "../clock.js";
import { fateOf, thisProcess } from "../lock-owner.js";
import { nodeFolder, realPathOf } from "./folder.js";
import { type Hold, type HoldTerms, LEASE_LIFE_MS } from "./hold.js";
import { takeLease } from "./taking.js";

/** @throws FileInUseError */
export async function leaseFile(
  options: HoldTerms & { path: string; clock: TerminalClock },
): Promise<Hold> {
  const { clock, till, takeOver = false } = options;
  const path = await realPathOf(options.path);
  const lifeMs = LEASE_LIFE_MS;
  const owner = await thisProcess({ till, lifeMs });
  return takeLease({ folder: nodeFolder, clock, path, owner, lifeMs, takeOver, fateOf });
}
