// The public face of the SDK: one terminal at one till.

import type { StatusAnswer, TerminalProfile } from "@pass-tpe/protocol";
import { runCapture } from "./after-sale/capture.js";
import { runRefund } from "./after-sale/refund.js";
import type {
  CaptureResult,
  PartOfSale,
  RefundOptions,
  RefundResult,
  ReversalResult,
} from "./after-sale/results.js";
import { readStatus, runReversal } from "./after-sale/reversal.js";
import { assemble } from "./assemble.js";
import {
  checkCapture,
  checkId,
  checkInquiryRequest,
  checkRefund,
  checkSaleRequest,
} from "./check-request.js";
import { appendOrReport } from "./client/append-or-report.js";
import { OWED_MAX } from "./client/owed-queue.js";
import { pause } from "./clock.js";
import type { TerminalContext } from "./context.js";
import { type DayClosing, runDayClosing } from "./day/close.js";
import { dayTotals, resolveDay } from "./day/day.js";
import { runReconciliation } from "./day/reconcile.js";
import type { DayReconciliation, DayTotals } from "./day/results.js";
import { PassTpeError } from "./errors.js";
import type { RecoveredSale, TerminalEvent, TerminalEventType } from "./events.js";
import type { TerminalOptions } from "./options.js";
import { connectionError } from "./sale/connection-fault.js";
import { type InquiryOptions, runInquiry } from "./sale/inquiry.js";
import type { InquiryResult, SaleResult } from "./sale/results.js";
import { runSale, type SaleRequest } from "./sale/sale.js";

/** `close` does not wait longer for the readers and the PIN pad. */
export const DEVICES_CLOSE_MS = 3_000;

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
  /** Everything that is under way: `close` waits for it. */
  readonly #work = new Set<Promise<void>>();
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
   * itself and is always reversed. With `capture: false` an approval only holds: see `capture`. An approval counts as taken note of once this promise has resolved and the
   * event loop has turned; one that a crash kept from it is a `recovered` event of the next run.
   *
   * @throws PassTpeError `OPTIONS_INVALID`, `BUSY`, `CLOSED`, `REVERSALS_OWED` or `JOURNAL_FAILED`; nothing was sent.
   */
  async sell(request: SaleRequest & Cancellable): Promise<SaleResult> {
    checkSaleRequest(request);
    this.#refuseWhenManyOwed();
    return this.#track(
      this.#operate("sale", request.signal, async (signal) => {
        const result = await runSale({ context: this.#context, request, signal });
        // A held sale waits for its capture: that one's result is the last word on it.
        const isFinal = result.outcome === "approved" && result.hold === undefined;
        if (isFinal) this.#acknowledgeSoon(result.id);
        return result;
      }),
    );
  }

  /**
   * Asks what a card can use here. Moves nothing.
   *
   * @throws PassTpeError `OPTIONS_INVALID`, `BUSY` or `CLOSED`.
   */
  async inquire(request: InquiryOptions & Cancellable = {}): Promise<InquiryResult> {
    checkInquiryRequest(request);
    return this.#track(
      this.#operate("inquiry", request.signal, (signal) =>
        runInquiry({ context: this.#context, request, signal }),
      ),
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
   * Takes what a sale with `capture: false` holds: all of it, or the part that is named; the rest is free again. The
   * same capture may be asked for again, without harm. It is journaled before it is sent; one that ends as unknown,
   * or in a crash, is sent until the gateway answers: its `resolved`, and a `captureDone` or `captureRefused` event, tell.
   * A hold that nobody captures lapses at `hold.expiresAtMs`, and nothing was taken; `reverse` ends it earlier.
   *
   * @throws PassTpeError `OPTIONS_INVALID`, `CLOSED` or `ANSWERS_OWED`; `JOURNAL_FAILED`: nothing was sent, but the next run
   * may send it (`moneyMoved: "unknown"`, and its `id`).
   */
  async capture(id: string, part: PartOfSale = {}): Promise<CaptureResult> {
    this.#refuseWhenClosed();
    checkCapture(id, part);
    this.#refuseWhenUnanswered();
    const result = await this.#track(runCapture({ context: this.#context, id, part }));
    if (result.outcome === "captured") this.#acknowledgeSoon(id);
    if (result.outcome === "unknown") this.#acknowledgeOnce(result.resolved, "captured", id);
    return result;
  }

  /**
   * Gives back what a sale of this partner took: all that is left of it, or the part that is named. The refund has its
   * own id, journaled before it is sent: one that ends as unknown, or in a crash, is sent under this id until the
   * gateway answers, so that it is made once and never lost; its `resolved`, and a `refundDone` or `refundRefused` event,
   * tell. Meanwhile another refund of the same sale is declined as `IN_PROGRESS`.
   *
   * @throws PassTpeError `OPTIONS_INVALID`, `CLOSED` or `ANSWERS_OWED`; `JOURNAL_FAILED`: nothing was sent, but the next run
   * may send it (`moneyMoved: "unknown"`, and its `id`).
   */
  async refund(request: RefundOptions): Promise<RefundResult> {
    this.#refuseWhenClosed();
    checkRefund(request);
    this.#refuseWhenUnanswered();
    const result = await this.#track(runRefund({ context: this.#context, request }));
    if (result.outcome === "refunded") this.#acknowledgeSoon(result.id);
    if (result.outcome === "unknown") this.#acknowledgeOnce(result.resolved, "refunded", result.id);
    return result;
  }

  /**
   * What the journal comes to on a Paris day, today by the gateway's clock unless one is given: for each avantage its
   * sales, reversals and refunds. Asks nobody.
   *
   * @param day `YYYY-MM-DD`, of the last seven days.
   * @throws PassTpeError `OPTIONS_INVALID` or `CLOSED`.
   */
  dayTotals(day?: string): DayTotals {
    this.#refuseWhenClosed();
    const { journal, profile } = this.#context;
    return dayTotals({ journal, profile, day: resolveDay(profile, day) });
  }

  /**
   * Compares a day with the gateway's. Where they differ, each difference says what is to be done about it. What the
   * terminal can settle it does: it notes what somebody else did with its sales, and reverses what the till was told to
   * be declined.
   *
   * @throws PassTpeError `OPTIONS_INVALID`, `BUSY` while a sale or an inquiry is going on, `CLOSED`, `UNREACHABLE`,
   * `TERMINAL_AUTH_FAILED` or `REFUSED`.
   */
  async reconcile(day?: string): Promise<DayReconciliation> {
    this.#refuseWhenClosed();
    this.#refuseWhenBusy();
    const context = this.#context;
    return this.#track(runReconciliation({ context, day: resolveDay(context.profile, day) }));
  }

  /**
   * Closes a day: sends what is owed and waits a little for it, compares the day with the gateway's, and makes the
   * receipt of it. Moves nothing, and may be done again. Where the gateway does not answer, the receipt has the terminal's
   * figures alone and says that they were not compared.
   *
   * @throws PassTpeError as `reconcile` does; `UNREACHABLE` only where the gateway has never answered since `open`.
   */
  async closeDay(day?: string): Promise<DayClosing> {
    const profile = await this.profile();
    this.#refuseWhenClosed();
    this.#refuseWhenBusy();
    const context = this.#context;
    const closed = resolveDay(context.profile, day);
    return this.#track(runDayClosing({ context, profile, day: closed }));
  }

  /**
   * Reverses a sale of this terminal, or ends its hold, at the cashier's wish. One that ends as unknown is reversed by itself as soon as
   * the gateway answers: a `reversalDone` event tells.
   *
   * @throws PassTpeError `OPTIONS_INVALID` or `CLOSED`.
   */
  async reverse(id: string): Promise<ReversalResult> {
    this.#refuseWhenClosed();
    checkId(id);
    return this.#track(runReversal({ context: this.#context, id }));
  }

  /**
   * The gateway's record of a sale of this terminal, or null when it has none.
   *
   * @throws PassTpeError `OPTIONS_INVALID`, `UNREACHABLE`, `TERMINAL_AUTH_FAILED`, `REFUSED` or `CLOSED`.
   */
  async status(id: string): Promise<StatusAnswer | null> {
    this.#refuseWhenClosed();
    checkId(id);
    return this.#track(readStatus({ context: this.#context, id }));
  }

  /**
   * What the gateway knows of this terminal: where it stands, what it accepts, within which limits. The last
   * profile when the gateway does not answer now.
   *
   * @throws PassTpeError `UNREACHABLE`, `TERMINAL_AUTH_FAILED`, `REFUSED` or `CLOSED`.
   */
  async profile(): Promise<TerminalProfile> {
    this.#refuseWhenClosed();
    const { profile } = this.#context;
    const exchange = await this.#track(profile.refresh());
    if (exchange.kind === "answer") return exchange.body;
    if (exchange.kind === "problem") {
      throw new PassTpeError({ code: "REFUSED", detail: exchange.problem.detail });
    }
    if (profile.known !== null) return profile.known.profile;
    throw connectionError(exchange.reason);
  }

  /**
   * The approvals of earlier runs that stand and on which the till has not had its last word, oldest first: each waits
   * for `acknowledge` or `reverse`; one that is still held (`hold`) for `capture` or `reverse`, or lapses. What the gateway has not confirmed yet is told by a `recovered` event once it has.
   */
  recovered(): readonly RecoveredSale[] {
    return this.#context.recovered.list();
  }

  /**
   * The till's word on a `recovered` approval, or on the refund of a `refundDone` event: it stands, and is told no
   * more. To undo an approval, `reverse` it instead; a held one that is acknowledged is left to lapse.
   *
   * @throws PassTpeError `CLOSED` or `JOURNAL_FAILED`.
   */
  async acknowledge(id: string): Promise<void> {
    this.#refuseWhenClosed();
    const { journal, clock } = this.#context;
    await this.#track(journal.append({ type: "acknowledged", id, atMs: clock.nowMs() }));
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
    this.#refuseWhenBusy();
    const abort = new AbortController();
    const signal = given === undefined ? abort.signal : AbortSignal.any([abort.signal, given]);
    const running = run(signal);
    this.#current = { abort, result: running };
    try {
      const result = await running;
      // Before anybody hears of it: the next operation may begin in a listener.
      this.#current = null;
      this.#report(operation, result);
      return result;
    } finally {
      if (this.#current?.abort === abort) this.#current = null;
      if (this.#isIdle()) this.#context.hub.emit("status", { status: "idle" });
    }
  }

  #isIdle(): boolean {
    return this.#current === null && this.#closing === null;
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
    const acknowledged = new Promise<boolean>((resolve) => {
      setImmediate(() => {
        const record = { type: "acknowledged", id, atMs: clock.nowMs() } as const;
        resolve(appendOrReport({ journal, hub, record }));
      });
    });
    void this.#track(acknowledged);
  }

  /** What a close has overtaken is told by the next run. */
  #acknowledgeOnce(
    resolved: Promise<{ readonly outcome: string }>,
    outcome: "captured" | "refunded",
    id: string,
  ): void {
    void resolved.then((end) => {
      if (end.outcome === outcome && this.#closing === null) this.#acknowledgeSoon(id);
    });
  }

  #track<T>(work: Promise<T>): Promise<T> {
    const forget = () => {
      this.#work.delete(over);
    };
    const over = work.then(forget, forget);
    this.#work.add(over);
    return work;
  }

  #beatLater(): void {
    const { clock, deadlines, profile } = this.#context;
    this.#stopHeartbeat = clock.after(deadlines.heartbeatMs, () => {
      void this.#track(profile.refresh()).then(() => {
        if (this.#closing === null) this.#beatLater();
      });
    });
  }

  #refuseWhenClosed(): void {
    if (this.#closing === null) return;
    throw new PassTpeError({ code: "CLOSED", detail: "the terminal is closed; open a new one" });
  }

  #refuseWhenBusy(): void {
    if (this.#current === null) return;
    throw new PassTpeError({
      code: "BUSY",
      detail: "one operation at a time; await the last one, or cancel it",
    });
  }

  #refuseWhenManyOwed(): void {
    const { count } = this.#context.owed;
    if (count < OWED_MAX) return;
    const detail = `${count} sales in doubt wait for the gateway; mend the connection first`;
    throw new PassTpeError({ code: "REVERSALS_OWED", detail });
  }

  #refuseWhenUnanswered(): void {
    const count = this.#context.captures.count + this.#context.refunds.count;
    if (count < OWED_MAX) return;
    const detail = `${count} captures and refunds wait for the gateway; mend the connection first`;
    throw new PassTpeError({ code: "ANSWERS_OWED", detail });
  }

  async #close(): Promise<void> {
    const { captures, gateway, hub, journal, owed, recovered, refunds } = this.#context;
    this.#stopHeartbeat();
    hub.emit("status", { status: "closing" });
    this.#current?.abort.abort();
    // Ends: nothing new is begun any more, and each has its time limit. An approval adds its acknowledgement.
    while (this.#work.size > 0) await Promise.all(this.#work);
    const parts = [owed, captures, refunds, recovered];
    await Promise.all([...parts.map((part) => part.close()), this.#letGoOfDevices()]);
    gateway.close();
    try {
      await journal.close();
    } finally {
      hub.emit("status", { status: "closed" });
      hub.end();
    }
  }

  /** Whatever a device does, the journal is closed: it is what the next run needs. */
  async #letGoOfDevices(): Promise<void> {
    const { clock, pinPad, readers } = this.#context;
    const closing = Promise.allSettled([readers.close(), (async () => pinPad?.close())()]);
    const done = new AbortController();
    const overdue = pause({ clock, delayMs: DEVICES_CLOSE_MS, signal: done.signal });
    const ended = await Promise.race([closing, overdue]);
    done.abort();
    if (Array.isArray(ended) && ended.every(({ status }) => status === "fulfilled")) return;
    // Without what was thrown: a pad's own message could hold what was typed.
    process.emitWarning(
      "a reader or the PIN pad did not close; if the next run cannot use it, restart the device",
      "PassTpeWarning",
    );
  }
}
