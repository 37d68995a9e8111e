// Whether the gateway answers, as the last exchange showed; told when it changes.

import type { EventHub } from "../events.js";
import type { Exchange } from "./exchange.js";

export class ConnectionWatch {
  readonly #hub: EventHub;
  readonly #onBack: () => void;
  #state: "online" | "offline" | null = null;

  /** @param options.onBack called when the gateway answers for the first time, or again. */
  constructor(options: { hub: EventHub; onBack: () => void }) {
    this.#hub = options.hub;
    this.#onBack = options.onBack;
  }

  observe(exchange: Exchange<unknown>): void {
    const answered = exchange.kind === "answer" || exchange.kind === "problem";
    const state = answered ? "online" : "offline";
    if (state === this.#state) return;
    this.#state = state;
    const reason = answered ? "the gateway answers" : exchange.reason;
    this.#hub.emit("connection", { state, reason });
    if (answered) this.#onBack();
  }
}
