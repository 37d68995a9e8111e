// What one request to the gateway can come to, and nothing else.

import type { Problem } from "@pass-tpe/protocol";
import type { GatewayStages } from "./server-timing.js";

export type Exchange<T> =
  /** The gateway answered. `stages` is its own account of the time, where it gives one. */
  | { readonly kind: "answer"; readonly body: T; readonly stages?: GatewayStages }
  /** The gateway did not decide, and says why (RFC 9457). */
  | {
      readonly kind: "problem";
      readonly status: number;
      readonly problem: Problem;
      readonly retryAfterMs?: number;
    }
  /** The request certainly did not leave. `heldBack`: nothing was tried, so that this says nothing of the connection. */
  | { readonly kind: "notSent"; readonly reason: string; readonly heldBack?: true }
  /** The request may have been decided; what came of it is not known. */
  | { readonly kind: "noAnswer"; readonly reason: string };

/** A check that turns unknown data into a value: what the client needs of the protocol's schemas. */
export interface AnswerSchema<T> {
  safeParse(data: unknown): { success: true; data: T } | { success: false; error: Error };
}
