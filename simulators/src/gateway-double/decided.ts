// What the double's decision on a sale or an inquiry is made from, and what it says.

import type { AvantageView } from "@pass-tpe/protocol";
import type { Verdict } from "./cover.js";
import type { Ledger, Presentation } from "./ledger.js";
import type { ScriptedAnswer } from "./script.js";

/** How long a sale without capture is held, as the programme has it. */
export const HOLD_MS = 30 * 60_000;

/** A decision with what its answer says beside code and figures. */
export interface Decided extends Verdict {
  /** Null where the card or its PIN was refused. */
  readonly presentation: Presentation | null;
  /** On a decline of this avantage: the others that can be used. */
  readonly usableHere: readonly AvantageView[];
  /** Whether card and PIN were taken before anything refused: then the holder is named. */
  readonly isHolderKnown: boolean;
  readonly isDebited: boolean;
  /** Until when it is held; null where it is taken at once, or nothing is. */
  readonly holdExpiresAtMs: number | null;
  /** Which case of the code. */
  readonly reason?: string;
  readonly retryAfterMs?: number | undefined;
}

export interface Deciding<R> {
  readonly request: R;
  readonly ledger: Ledger;
  readonly scripted: ScriptedAnswer | null;
  readonly nowMs: number;
}
