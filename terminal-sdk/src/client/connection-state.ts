// What a terminal can say of its connection to the gateway.

/**
 * What an exchange asks for: a sale, a capture or a refund, which only a gateway that serves decides; or anything else, which
 * one in maintenance may go on doing.
 */
export type ExchangeKind = "decision" | "other";

/**
 * `online`: it answers, and nothing says that it would not decide. `degraded`: it answers, and says that it does not serve
 * now, or not this terminal. `offline`: no answer comes.
 */
export interface ConnectionState {
  readonly state: "online" | "degraded" | "offline";
  /** What the gateway said, or what became of the last request. */
  readonly reason: string;
  /** Since when it is in this state for this reason, by the terminal's clock, Unix milliseconds. */
  readonly sinceMs: number;
}
