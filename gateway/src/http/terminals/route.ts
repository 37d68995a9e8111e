// What a route of the terminals' listener is: what it is given, and what it gives back.

import type { TerminalProfile } from "@pass-tpe/protocol";
import type { After, Answer, Clock, Store } from "../../core/ports.js";
import type { Programme, Window } from "../../core/programme.js";
import type { TillDifference } from "../../core/till-differences.js";
import type { Enrolment, ShownTerminal } from "./ports.js";

export interface RouteContext {
  readonly store: Pick<Store, "execute" | "status" | "place" | "tillDay">;
  /** Of a gateway that may have been restored: is told of every day that a terminal compares. */
  readonly gaps?: {
    compared(day: {
      readonly terminalId: string;
      readonly day: string;
      readonly differences: readonly TillDifference[];
    }): Promise<void>;
  };
  readonly clock: Clock;
  /** The real timer by default. */
  readonly after?: After;
  readonly programme: Programme;
  /** The window of Paris civil days, both included, `YYYY-MM-DD`. */
  readonly windowOfDays: (firstDay: string, lastDay: string) => Window;
  readonly enrolment: Enrolment;
  /** The QR issuer's public keys, SPKI DER in base64. */
  readonly qrKeys: () => TerminalProfile["qrKeys"];
}

/** Who calls; both fields are empty where nobody needs to say. */
export interface Call extends ShownTerminal {
  /** The `{id}` of the path; empty where there is none. */
  readonly id: string;
  readonly body: unknown;
  readonly receivedAtMonotonicMs: number;
}

/** What a route found out, for the log and the metrics beside the answer. */
export interface Reply {
  readonly body: object;
  readonly id?: string;
  /** Where the caller could not say who it is. */
  readonly terminalId?: string;
  /** The precise code of a decision. */
  readonly code?: string;
  readonly replayed?: boolean;
  readonly timings?: Extract<Answer, { type: "decision" }>["timings"];
}

export interface Route {
  readonly method: "get" | "post";
  /** Express path. */
  readonly path: string;
  readonly operation: string;
  /**
   * Who may call: a terminal, with the certificate in force; also with one that it has yet to confirm (`renewing`); or
   * anybody, so many times a minute from one address (`stranger`).
   */
  readonly caller: "terminal" | "renewing" | "stranger";
  /** The core looks at the terminal's status itself, after the stored answer (outcomes rule 2). */
  readonly decides: boolean;
  readonly handle: (context: RouteContext, call: Call) => Promise<Reply>;
}
