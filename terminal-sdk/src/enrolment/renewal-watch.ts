// Renews an open terminal's credentials by itself, long before they end, and tells people where that does not succeed.

import type { TerminalContext } from "../context.js";
import { PassTpeError, textOf } from "../errors.js";
import type { UnderWay } from "../terminal/under-way.js";
import type { Renewal } from "./renewal.js";

const MINUTE_MS = 60_000;

/** Between two looks at the certificate's end. */
export const LOOK_EVERY_MS = 24 * 60 * MINUTE_MS;
/** After a renewal that did not succeed. */
const AFTER_FAILURE_MS = 60 * MINUTE_MS;
/** While a sale is going on. */
const AFTER_BUSY_MS = MINUTE_MS;
/** While it is open which credentials the gateway accepts: sales may fail meanwhile. */
const WHILE_UNSETTLED_MS = 15_000;

type Parts = Pick<TerminalContext, "clock" | "hub" | "profile">;

/** Runs a renewal and tells of it. Callers that come meanwhile share it. */
export class RenewalWatch {
  readonly #parts: Parts;
  readonly #underWay: UnderWay;
  readonly #renewal: Renewal;
  #renewing: Promise<void> | null = null;
  #callOff: () => void = () => undefined;

  constructor(options: { context: Parts; underWay: UnderWay; renewal: Renewal }) {
    this.#parts = options.context;
    this.#underWay = options.underWay;
    this.#renewal = options.renewal;
  }

  /** Looks now, and again until {@link stop}. */
  start(): void {
    void this.#underWay.track(this.#look()).then((delayMs) => {
      if (this.#underWay.isClosing) return;
      this.#callOff = this.#parts.clock.after(delayMs, () => this.start());
    });
  }

  stop(): void {
    this.#callOff();
  }

  /** @throws PassTpeError as {@link Renewal.renew} does. */
  renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renew(): Promise<void> {
    this.#underWay.refuseWhenBusy();
    await this.#renewal.renew((run) => this.#underWay.exclusively(run));
  }

  /** @returns after how many milliseconds to look again. Never rejects. */
  async #look(): Promise<number> {
    try {
      const isUnsettled = await this.#renewal.isUnsettled();
      if (!isUnsettled && !this.#renewal.isDue(this.#nowMs())) return LOOK_EVERY_MS;
      await this.renew();
      return LOOK_EVERY_MS;
    } catch (thrown) {
      if (thrown instanceof PassTpeError && thrown.code === "BUSY") return AFTER_BUSY_MS;
      this.#warn(textOf(thrown));
      const isUnsettled = await this.#renewal.isUnsettled().catch(() => false);
      return isUnsettled ? WHILE_UNSETTLED_MS : AFTER_FAILURE_MS;
    }
  }

  #warn(reason: string): void {
    if (!this.#renewal.isExpiring(this.#nowMs())) return;
    const { certificateExpiresAtMs } = this.#renewal;
    this.#parts.hub.emit("credentialsExpiring", { certificateExpiresAtMs, reason });
  }

  #nowMs(): number {
    return this.#parts.profile.gatewayNowMs();
  }
}
