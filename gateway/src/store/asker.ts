// How whoever asked for an operation is named where it is stored.

import type { Asker } from "../core/ports.js";

/** How the names of all agents begin. */
export const AGENTS = "agent ";

/** Terminals and agents have names of their own kind each, so the kind stands before the name. */
export function nameOfAsker(asker: Asker): string {
  return asker.kind === "terminal" ? `terminal ${asker.terminalId}` : `${AGENTS}${asker.agentId}`;
}
