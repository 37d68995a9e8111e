// One row of the code table: a code, the side that gives it, how it is reached, and what must be seen.

import type { OutcomeCode, OutcomeParams } from "@pass-tpe/protocol";
import type { Heard } from "./raw-till.js";
import type { Rig } from "./rig.js";

interface RowBase {
  /** The precise code. */
  readonly code: OutcomeCode;
  readonly how: string;
  /** The values that its texts name. */
  readonly texts?: OutcomeParams | ((rig: Rig) => OutcomeParams);
}

/** Given by the gateway, as it comes over HTTP. */
export interface GatewayRow extends RowBase {
  readonly by: "gateway";
  /** Default 200: a decision. Any other is a problem document. */
  readonly status?: number;
  /** On another gateway, whose ledger is gone by then. */
  readonly elsewhere?: true;
  /** Said of an attempt that is stored with the code that it had. */
  readonly ofEarlier?: true;
  /** Asked for in a way in which the SDK never asks: another row, or one of its own, shows the code to a Terminal. */
  readonly byHand?: true;
  readonly reach: (rig: Rig) => Promise<Heard>;
}

/** What a till gets from the SDK: a result, or the event of a refused presentation. */
export interface SdkShown {
  readonly code: string;
  readonly display: readonly string[];
  readonly display20: readonly string[];
  readonly message?: string;
  readonly outcome?: string;
  readonly retry?: string;
  readonly iso39?: string | null;
}

/** Given by the SDK, before or in place of the gateway's answer. */
export interface TerminalRow extends RowBase {
  readonly by: "terminal";
  readonly reach: (rig: Rig) => Promise<SdkShown>;
}

export type Row = GatewayRow | TerminalRow;
