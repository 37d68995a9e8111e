// Whether the gateway answers, and whether it serves, as the last exchanges showed; told when it changes.

import type { TerminalClock } from "../clock.js";
import type { EventHub } from "../events.js";
import type { ConnectionState, ExchangeKind } from "./connection-state.js";
import type { Exchange } from "./exchange.js";

/** For so long a gateway that did not decide is not called online because it answers something else. */
export const DEGRADED_MS = 5_000;

type Failed = Extract<Exchange<unknown>, { kind: "notSent" | "noAnswer" }>;
type Answered = Exclude<Exchange<unknown>, Failed>;

export class ConnectionWatch {
  readonly #hub: EventHub;
  readonly #clock: TerminalClock;
  readonly #onBack: () => void;
  #now: ConnectionState | null = null;
  /** When the gateway last said anything, by the monotonic clock. */
  #answeredMs = Number.NEGATIVE_INFINITY;
  /** Until then only a decision shows that it serves again, by the monotonic clock. */
  #degradedUntilMs = 0;

  /** @param options.onBack called when the gateway answers for the first time, or again, or serves again. */
  constructor(options: { hub: EventHub; clock: TerminalClock; onBack: () => void }) {
    this.#hub = options.hub;
    this.#clock = options.clock;
    this.#onBack = options.onBack;
  }

  /** Null before the first exchange. */
  get now(): ConnectionState | null {
    return this.#now;
  }

  /** An exchange begins. @returns what is to be told how it ended. */
  begins(asks: ExchangeKind): (ended: Exchange<unknown>) => void {
    const beganMs = this.#clock.monotonicMs();
    return (exchange) => {
      if (exchange.kind === "notSent" || exchange.kind === "noAnswer")
        this.#fails(exchange, beganMs);
      else this.#answers(exchange, asks);
    };
  }

  /** What began before the last answer came says nothing of what came after that. */
  #fails(failed: Failed, beganMs: number): void {
    const isHeldBack = failed.kind === "notSent" && failed.heldBack === true;
    if (isHeldBack || beganMs < this.#answeredMs) return;
    this.#becomes("offline", failed.reason);
  }

  #answers(exchange: Answered, asks: ExchangeKind): void {
    this.#answeredMs = this.#clock.monotonicMs();
    if (exchange.kind === "problem" && isAboutTheService(exchange.status)) {
      const { problem, retryAfterMs = DEGRADED_MS } = exchange;
      this.#degradedUntilMs = this.#clock.monotonicMs() + retryAfterMs;
      this.#becomes("degraded", `${problem.code}: ${problem.detail}`);
    } else if (asks === "decision" || !this.#staysDegraded()) {
      this.#becomes("online", "the gateway answers");
    }
  }

  /** A gateway in maintenance goes on answering what moves nothing. */
  #staysDegraded(): boolean {
    return this.#now?.state === "degraded" && this.#clock.monotonicMs() < this.#degradedUntilMs;
  }

  #becomes(state: ConnectionState["state"], reason: string): void {
    const before = this.#now;
    if (before?.state === state && (state === "offline" || before.reason === reason)) return;
    this.#now = { state, reason, sinceMs: this.#clock.nowMs() };
    this.#hub.emit("connection", this.#now);
    const isBack = before === null || before.state === "offline" || state === "online";
    if (state !== "offline" && isBack) this.#onBack();
  }
}

/** What a refusal says about the service, and not about the request: a failure, no access, too many requests. */
function isAboutTheService(status: number): boolean {
  return status >= 500 || status === 401 || status === 403 || status === 429;
}
