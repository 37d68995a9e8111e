// The public face of the SDK: one terminal at one till.

import type { StatusAnswer, TerminalProfile } from "@pass-tpe/protocol";
import { assemble } from "./assemble.js";
import { appendOrReport } from "./client/append-or-report.js";
import { OWED_REVERSALS_MAX } from "./client/owed-reversals.js";
import type { TerminalContext } from "./context.js";
import { PassTpeError } from "./errors.js";
import type { TerminalEvent, TerminalEventType } from "./events.js";
import type { TerminalOptions } from "./options.js";
import { type InquiryOptions, runInquiry } from "./sale/inquiry.js";
import type { InquiryResult, ReversalResult, SaleResult } from "./sale/results.js";
import { readStatus, runReversal } from "./sale/reversal.js";
import { runSale, type SaleRequest } from "./sale/sale.js";

/** Ends the operation when it fires, as `cancel()` does. */
export interface Cancellable {
  readonly signal?: AbortSignal;
}

interface Current {
  readonly abort: AbortController;
  readonly result: Promise<SaleResult | InquiryResult>;
}

/**
 * Takes the Pass'Région: `open` it once, `sell` as often as needed, `close` it at the end. An open terminal keeps
 * the process alive.
 */
export class Terminal implements AsyncDisposable {
  readonly #context: TerminalContext;
  readonly #acknowledging = new Set<Promise<void>>();
  #current: Current | null = null;
  #closing: Promise<void> | null = null;
  #stopHeartbeat: () => void = () => undefined;

  private constructor(context: TerminalContext) {
    this.#context = context;
    this.#beatLater();
  }

  /**
   * Opens journal and readers and connects to the gateway; one that does not answer is no error, but an event.
   * What an earlier run left in doubt is reversed from now on.
   *
   * @throws PassTpeError for options, credentials, a journal or a reader that cannot be used.
   */
  static async open(options: TerminalOptions): Promise<Terminal> {
    const context = await assemble(options);
    context.hub.emit("status", { status: "idle" });
    return new Terminal(context);
  }

  /**
   * Listens to one type of event, or to all by `"*"`. Events since `open` that nobody has heard yet are given to
   * the first listeners. Returns the function that ends it.
   */
  on<T extends TerminalEventType>(
    type: T | "*",
    listener: (event: TerminalEvent<T>) => unknown,
  ): () => void {
    return this.#context.hub.on(type, listener);
  }

  /**
   * Makes one sale: waits for a card, asks the gateway, and resolves with what is true. `unknown` resolves by
   * itself and is always reversed. An approval counts as taken note of once this promise has resolved and the
   * event loop has turned; one that a crash kept from it is a `recovered` event of the next run.
   *
   * @throws PassTpeError `BUSY`, `CLOSED`, `REVERSALS_OWED` or `JOURNAL_FAILED`; nothing was sent.
   */
  async sell(request: SaleRequest & Cancellable): Promise<SaleResult> {
    this.#refuseWhenManyOwed();
    return this.#operate("sale", request.signal, async (signal) => {
      const result = await runSale({ context: this.#context, request, signal });
      if (result.outcome === "approved") this.#acknowledgeSoon(result.id);
      return result;
    });
  }

  /**
   * Asks what a card can use here. Moves nothing.
   *
   * @throws PassTpeError `BUSY` or `CLOSED`.
   */
  async inquire(request: InquiryOptions & Cancellable = {}): Promise<InquiryResult> {
    return this.#operate("inquiry", request.signal, (signal) =>
      runInquiry({ context: this.#context, request, signal }),
    );
  }

  /**
   * Cancels what is going on and resolves with its final outcome: declined when nothing had been sent; otherwise
   * what became of it, which can be an approval. Null when nothing was going on.
   */
  async cancel(): Promise<SaleResult | InquiryResult | null> {
    const current = this.#current;
    current?.abort.abort();
    return current === null ? null : current.result;
  }

  /**
   * Reverses a sale of this terminal, at the cashier's wish.
   *
   * @throws PassTpeError `CLOSED`.
   */
  async reverse(id: string): Promise<ReversalResult> {
    this.#refuseWhenClosed();
    return runReversal({ context: this.#context, id });
  }

  /**
   * The gateway's record of a sale of this terminal, or null when it has none.
   *
   * @throws PassTpeError `UNREACHABLE`, `REFUSED` or `CLOSED`.
   */
  async status(id: string): Promise<StatusAnswer | null> {
    this.#refuseWhenClosed();
    return readStatus({ context: this.#context, id });
  }

  /**
   * What the gateway knows of this terminal: where it stands, what it accepts, within which limits. The last
   * profile when the gateway does not answer now.
   *
   * @throws PassTpeError `UNREACHABLE`, `REFUSED` or `CLOSED`.
   */
  async profile(): Promise<TerminalProfile> {
    this.#refuseWhenClosed();
    const { profile } = this.#context;
    const exchange = await profile.refresh();
    if (exchange.kind === "answer") return exchange.body;
    if (exchange.kind === "problem") {
      throw new PassTpeError({ code: "REFUSED", detail: exchange.problem.detail });
    }
    if (profile.known !== null) return profile.known.profile;
    throw new PassTpeError({ code: "UNREACHABLE", detail: exchange.reason });
  }

  /**
   * The till's word on a `recovered` approval: it stands. To undo it, `reverse` it instead.
   *
   * @throws PassTpeError `CLOSED` or `JOURNAL_FAILED`.
   */
  async acknowledge(id: string): Promise<void> {
    this.#refuseWhenClosed();
    const { journal, clock } = this.#context;
    await journal.append({ type: "acknowledged", id, atMs: clock.nowMs() });
  }

  /** Cancels what is going on, waits for its outcome, and lets go of everything. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #operate<R extends SaleResult | InquiryResult>(
    operation: "sale" | "inquiry",
    given: AbortSignal | undefined,
    run: (signal: AbortSignal) => Promise<R>,
  ): Promise<R> {
    this.#refuseWhenClosed();
    if (this.#current !== null) {
      throw new PassTpeError({
        code: "BUSY",
        detail: "one operation at a time; await the last one, or cancel it",
      });
    }
    const abort = new AbortController();
    const signal = given === undefined ? abort.signal : AbortSignal.any([abort.signal, given]);
    const running = run(signal);
    this.#current = { abort, result: running };
    try {
      const result = await running;
      this.#report(operation, result);
      return result;
    } finally {
      this.#current = null;
      if (this.#closing === null) this.#context.hub.emit("status", { status: "idle" });
    }
  }

  #report(operation: "sale" | "inquiry", result: SaleResult | InquiryResult): void {
    const { hub } = this.#context;
    const { outcome, code, moneyMoved, timings } = result;
    const id = result.id === undefined ? {} : { id: result.id };
    const detail =
      "detail" in result && result.detail !== undefined ? { detail: result.detail } : {};
    hub.emit("decision", { ...id, operation, outcome, code, moneyMoved, ...detail });
    hub.emit("stepTimings", { ...id, timings });
  }

  /** After this turn of the event loop the till has had the result in hand. */
  #acknowledgeSoon(id: string): void {
    const { journal, hub, clock } = this.#context;
    const acknowledged = new Promise<void>((resolve) => {
      setImmediate(() => {
        const record = { type: "acknowledged", id, atMs: clock.nowMs() } as const;
        resolve(appendOrReport({ journal, hub, record }));
      });
    });
    this.#acknowledging.add(acknowledged);
    void acknowledged.then(() => this.#acknowledging.delete(acknowledged));
  }

  #beatLater(): void {
    const { clock, deadlines, profile } = this.#context;
    this.#stopHeartbeat = clock.after(deadlines.heartbeatMs, () => {
      void profile.refresh().then(() => {
        if (this.#closing === null) this.#beatLater();
      });
    });
  }

  #refuseWhenClosed(): void {
    if (this.#closing === null) return;
    throw new PassTpeError({ code: "CLOSED", detail: "the terminal is closed; open a new one" });
  }

  #refuseWhenManyOwed(): void {
    const { count } = this.#context.owed;
    if (count < OWED_REVERSALS_MAX) return;
    const detail = `${count} sales in doubt wait for the gateway; mend the connection first`;
    throw new PassTpeError({ code: "REVERSALS_OWED", detail });
  }

  async #close(): Promise<void> {
    const { gateway, hub, journal, owed, pinPad, readers } = this.#context;
    this.#stopHeartbeat();
    hub.emit("status", { status: "closing" });
    // Its own caller gets the result or the error; here only the end counts.
    await this.cancel().catch(() => undefined);
    await Promise.all([owed.close(), readers.close(), pinPad?.close()]);
    await Promise.all(this.#acknowledging);
    await journal.close();
    gateway.close();
    hub.emit("status", { status: "closed" });
  }
}
