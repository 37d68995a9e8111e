// Approvals of earlier runs that wait for the till's word: told only once the gateway says that they stand.

import type { StatusAnswer } from "@pass-tpe/protocol";
import { appendOrReport } from "../client/append-or-report.js";
import type { Exchange } from "../client/exchange.js";
import type { Journal } from "../client/journal.js";
import type { JournalRecord } from "../client/journal-records.js";
import { isHeld, owesCapture } from "../client/journal-state.js";
import type { OwedReversals } from "../client/owed-reversals.js";
import { recordsOfStatus } from "../client/status-records.js";
import { pause, type TerminalClock } from "../clock.js";
import type { EventHub, RecoveredSale } from "../events.js";

/** The wait before the gateway is asked again doubles from the first to the second of these. */
const WAIT_MIN_MS = 500;
const WAIT_MAX_MS = 30_000;

/**
 * The journal alone cannot tell: an approval whose sync failed may be in the file, although its sale became unknown
 * and was reversed.
 */
export class RecoveredSales {
  readonly #status: (id: string) => Promise<Exchange<StatusAnswer>>;
  readonly #journal: Journal;
  readonly #owed: OwedReversals;
  readonly #clock: TerminalClock;
  readonly #hub: EventHub;
  readonly #unchecked: Set<string>;
  readonly #standing = new Set<string>();
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  /** @param options.status asks the gateway what became of a sale. */
  constructor(options: {
    status: (id: string) => Promise<Exchange<StatusAnswer>>;
    journal: Journal;
    owed: OwedReversals;
    clock: TerminalClock;
    hub: EventHub;
  }) {
    this.#status = options.status;
    this.#journal = options.journal;
    this.#owed = options.owed;
    this.#clock = options.clock;
    this.#hub = options.hub;
    this.#unchecked = new Set(this.#waitingForTheTill().map(({ id }) => id));
  }

  /** Those that stand and still wait for the till's word, oldest first. */
  list(): RecoveredSale[] {
    return this.#waitingForTheTill().filter(
      ({ id }) => this.#standing.has(id) && !this.#isBeingCaptured(id),
    );
  }

  /** Asks about each until the gateway has answered. Resolves after the first round; the others follow by themselves. */
  async start(): Promise<void> {
    await this.#round();
    this.#running = this.#goOn();
  }

  /** Ends after the question that is under way; the next run asks again. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #goOn(): Promise<void> {
    let waitMs = WAIT_MIN_MS;
    while (this.#unchecked.size > 0 && !this.#stop.signal.aborted) {
      await pause({ clock: this.#clock, delayMs: waitMs, signal: this.#stop.signal });
      if (!this.#stop.signal.aborted) await this.#round();
      waitMs = Math.min(waitMs * 2, WAIT_MAX_MS);
    }
  }

  /** Stops at the first question without an answer: the others would hardly fare better. */
  async #round(): Promise<void> {
    for (const id of this.#unchecked) {
      // What is being captured is no hold for the till to decide on: the capture's end is awaited.
      if (this.#isBeingCaptured(id)) continue;
      if (this.#stop.signal.aborted || !(await this.#check(id))) return;
      this.#unchecked.delete(id);
    }
  }

  #isBeingCaptured(id: string): boolean {
    const sale = this.#journal.find(id);
    return sale !== undefined && owesCapture(sale);
  }

  /** @returns whether the gateway has answered. */
  async #check(id: string): Promise<boolean> {
    const exchange = await this.#status(id);
    if (exchange.kind === "answer") {
      await this.#conclude(id, exchange.body);
      return true;
    }
    if (exchange.kind !== "problem" || exchange.status !== 404) return false;
    await this.#reverse(id);
    return true;
  }

  async #conclude(id: string, status: StatusAnswer): Promise<void> {
    const { state, answer, reversal } = status;
    const atMs = this.#clock.nowMs();
    const sale = this.#journal.find(id);
    const isReversed = state === "reversed" || reversal !== undefined;
    const kept = recordsOfStatus({ status, sale, atMs }).map((record) => this.#keep(record));
    // The till may know it as unknown: by a journal that failed, or by a run that ended before it could be told.
    if (isReversed) this.#hub.emit("reversalDone", { id, code: "REVERSED" });
    await Promise.all(kept);
    if (isReversed) return;
    if (state === "expired") {
      // Held, never captured: nothing was taken, and nobody has to do anything.
      await this.#keep({ type: "holdExpired", id, atMs });
    } else if (answer?.outcome === "approved") this.#tell(id);
    else await this.#reverse(id);
  }

  /** The till may have acknowledged or reversed it while the question was under way. */
  #tell(id: string): void {
    this.#standing.add(id);
    const sale = this.#waitingForTheTill().find((one) => one.id === id);
    if (sale !== undefined) this.#hub.emit("recovered", sale);
  }

  /** The gateway holds no approval: a reversal makes sure that none can appear. */
  async #reverse(id: string): Promise<void> {
    await this.#keep({ type: "reversalOwed", id, atMs: this.#clock.nowMs() });
    void this.#owed.owe({ id, reason: "approved in the journal, not at the gateway" });
  }

  #keep(record: JournalRecord): Promise<boolean> {
    return appendOrReport({ journal: this.#journal, hub: this.#hub, record });
  }

  #waitingForTheTill(): RecoveredSale[] {
    return this.#journal.unacknowledged().flatMap((sale) => {
      const { attempt, answer, captured } = sale;
      if (answer === undefined) return [];
      const { id, avantage, atMs: soldAtMs } = attempt;
      const { code, holdExpiresAtMs: expiresAtMs } = answer;
      const { amountCents, quantity, collectCents } = captured ?? answer;
      const hold = !isHeld(sale) || expiresAtMs === undefined ? {} : { hold: { expiresAtMs } };
      return {
        id,
        avantage,
        code,
        ...(amountCents === undefined ? {} : { amountCents }),
        ...(quantity === undefined ? {} : { quantity }),
        ...(collectCents === undefined ? {} : { collectCents }),
        ...hold,
        soldAtMs,
      };
    });
  }
}
