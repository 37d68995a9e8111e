// Whether a ledger has moved to another place, or is a copy that is not finished: then it is not served.

import type { Awaitable } from "./rows.js";
import { DatabaseSetupError } from "./setup-error.js";

export interface LedgerMove {
  /** It has left for good, or is a copy whose original has not left yet. */
  readonly state: "left" | "arriving";
  /** Of the one copy that both are ends of. */
  readonly id: string;
  /** The other one. */
  readonly place: string;
  readonly atMs: number;
}

/** Why a ledger that is marked is not served, and who acts: what follows its name. */
export function whyMarked({ state, place, atMs }: LedgerMove): string {
  const at = new Date(atMs).toISOString();
  return state === "left"
    ? `has moved to ${place} (${at}) and is kept as it was then. Operator: start the gateway there`
    : `is a copy of ${place} that was interrupted (${at}). Operator: run the same \`pass-tpe copy\` again`;
}

/** @throws DatabaseSetupError where nothing may be written into it any more, or not yet. */
export async function assertStays(driver: { move(): Awaitable<LedgerMove | null> }): Promise<void> {
  const move = await driver.move();
  if (move !== null) throw new DatabaseSetupError(`the ledger ${whyMarked(move)}`);
}
