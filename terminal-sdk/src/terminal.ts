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
import type { ConnectionState } from "./client/connection-state.js";
import type { TerminalContext } from "./context.js";
import { type DayClosing, runDayClosing } from "./day/close.js";
import { dayTotals, resolveDay } from "./day/day.js";
import { runReconciliation } from "./day/reconcile.js";
import type { DayReconciliation, DayTotals } from "./day/results.js";
import { RenewalWatch } from "./enrolment/renewal-watch.js";
import type { RecoveredSale, TerminalEvent, TerminalEventType } from "./events.js";
import { invalid } from "./given.js";
import type { TerminalOptions } from "./options.js";
import { type InquiryOptions, runInquiry } from "./sale/inquiry.js";
import type { InquiryResult, SaleResult } from "./sale/results.js";
import { runSale, type SaleRequest } from "./sale/sale.js";
import { Acknowledger } from "./terminal/acknowledger.js";
import { startHeartbeat } from "./terminal/heartbeat.js";
import { letGo } from "./terminal/let-go.js";
import { refuseWhenManyOwed, refuseWhenUnanswered } from "./terminal/owed-limits.js";
import { readProfile } from "./terminal/read-profile.js";
import { StepLine } from "./terminal/step-line.js";
import { TakeOver } from "./terminal/take-over.js";
import { UnderWay } from "./terminal/under-way.js";

/** `close` does not wait longer for the readers and the PIN pad. */
export const DEVICES_CLOSE_MS = 3_000;

/** Ends the operation when it fires, as `cancel()` does. */
export interface Cancellable {
  readonly signal?: AbortSignal;
}

/**
 * Takes the Pass'Région: `open` it once, `sell` as often as needed, `close` it at the end. An open terminal keeps
 * the process alive.
 */
export class Terminal implements AsyncDisposable {
  readonly #context: TerminalContext;
  readonly #underWay: UnderWay;
  readonly #acknowledger: Acknowledger;
  readonly #stopHeartbeat: () => void;
  readonly #renewals: RenewalWatch | null;
  readonly #takeOver: TakeOver;
  readonly #stepLine: StepLine;
  #closing: Promise<void> | null = null;

  private constructor(context: TerminalContext) {
    const underWay = new UnderWay(context);
    this.#context = context;
    this.#underWay = underWay;
    this.#acknowledger = new Acknowledger({ context, underWay });
    this.#stopHeartbeat = startHeartbeat(context, underWay);
    const { renewal } = context;
    this.#renewals = renewal && new RenewalWatch({ context, underWay, renewal });
    this.#renewals?.start();
    this.#stepLine = new StepLine(context);
    this.#takeOver = new TakeOver({ context, close: () => this.close() });
  }

  /**
   * Opens journal and readers and connects to the gateway; one that does not answer is no error, but an event.
   * What an earlier run left in doubt is reversed from now on. Where another till has the journal, `takeOver` asks it to
   * give it up and waits until it has, at most about a minute and a quarter.
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

  /** Whether the gateway answers and serves, why, and since when; null before the first exchange. */
  get connection(): ConnectionState | null {
    return this.#context.connection.now;
  }

  /**
   * Makes one sale: waits for a card, asks the gateway, and resolves with what is true. A tap that needs the code
   * secret is followed by it in a second request (`stepUpOf`). `unknown` resolves by itself and is always reversed, but where the journal fails under the answer (see `recovered`). With `capture: false` an approval only holds: see `capture`. An approval counts as taken note of once this promise has resolved and the
   * event loop has turned; one that a crash kept from it is a `recovered` event of the next run.
   *
   * @throws PassTpeError `OPTIONS_INVALID`, `BUSY`, `CLOSED`, `REVERSALS_OWED`, `JOURNAL_FAILED`, or `JOURNAL_IN_USE` where
   * another till has taken the terminal over; nothing was sent that could be approved.
   */
  async sell(request: SaleRequest & Cancellable): Promise<SaleResult> {
    checkSaleRequest(request);
    const context = this.#context;
    refuseWhenManyOwed(context);
    const run = async (signal: AbortSignal) => {
      this.#stepLine.flush();
      const result = await runSale({ context, request, signal });
      this.#stepLine.begin(result);
      // A held sale waits for its capture: that one's result is the last word on it.
      const isFinal = result.outcome === "approved" && result.hold === undefined;
      if (isFinal) this.#acknowledger.acknowledgeSoon(result.id);
      return result;
    };
    return this.#underWay.operate({ kind: "sale", signal: request.signal, run });
  }

  /**
   * The till's word, if it gives one, that the receipt of its last sale is printed: it completes the line of that sale's
   * steps (`saleSteps`).
   *
   * @throws PassTpeError `OPTIONS_INVALID` or `CLOSED`.
   */
  printed(id: string): void {
    this.#underWay.refuseWhenClosed();
    checkId(id);
    this.#stepLine.printed(id);
  }

  /**
   * Asks what a card can use here. Moves nothing.
   *
   * @throws PassTpeError `OPTIONS_INVALID`, `BUSY` or `CLOSED`.
   */
  async inquire(request: InquiryOptions & Cancellable = {}): Promise<InquiryResult> {
    checkInquiryRequest(request);
    const context = this.#context;
    const run = (signal: AbortSignal) => runInquiry({ context, request, signal });
    return this.#underWay.operate({ kind: "inquiry", signal: request.signal, run });
  }

  /**
   * Cancels what is going on and resolves with its final outcome: declined when nothing had been sent; otherwise
   * what became of it, which can be an approval. Null when nothing was going on.
   */
  async cancel(): Promise<SaleResult | InquiryResult | null> {
    return this.#underWay.cancel();
  }

  /**
   * Takes what a sale with `capture: false` holds: all of it, or the part that is named; the rest is free again. The
   * same capture may be asked for again, without harm. It is journaled before it is sent; one that ends as unknown,
   * or in a crash, is sent until the gateway answers: its `resolved`, and a `captureDone` or `captureRefused` event, tell.
   * A hold that nobody captures lapses at `hold.expiresAtMs`, and nothing was taken; `reverse` ends it earlier.
   *
   * @throws PassTpeError `OPTIONS_INVALID`, `CLOSED` or `ANSWERS_OWED`; `JOURNAL_FAILED` or, where another till has taken the
   * terminal over, `JOURNAL_IN_USE`: nothing was sent, but the next run may send it (`moneyMoved: "unknown"`, and its `id`).
   */
  async capture(id: string, part: PartOfSale = {}): Promise<CaptureResult> {
    this.#underWay.refuseWhenClosed();
    checkCapture(id, part);
    refuseWhenUnanswered(this.#context);
    const result = await this.#underWay.track(runCapture({ context: this.#context, id, part }));
    if (result.outcome === "captured") this.#acknowledger.acknowledgeSoon(id);
    if (result.outcome === "unknown") {
      this.#acknowledger.acknowledgeOnce(result.resolved, { outcome: "captured", id });
    }
    return result;
  }

  /**
   * Gives back what a sale of this partner took: all that is left of it, or the part that is named. The refund has its
   * own id, journaled before it is sent: one that ends as unknown, or in a crash, is sent under this id until the
   * gateway answers, so that it is made once and never lost; its `resolved`, and a `refundDone` or `refundRefused` event,
   * tell. Meanwhile another refund of the same sale is declined as `IN_PROGRESS`.
   *
   * @throws PassTpeError `OPTIONS_INVALID`, `CLOSED` or `ANSWERS_OWED`; `JOURNAL_FAILED` or, where another till has taken the
   * terminal over, `JOURNAL_IN_USE`: nothing was sent, but the next run may send it (`moneyMoved: "unknown"`, and its `id`).
   */
  async refund(request: RefundOptions): Promise<RefundResult> {
    this.#underWay.refuseWhenClosed();
    checkRefund(request);
    refuseWhenUnanswered(this.#context);
    const result = await this.#underWay.track(runRefund({ context: this.#context, request }));
    if (result.outcome === "refunded") this.#acknowledger.acknowledgeSoon(result.id);
    if (result.outcome === "unknown") {
      const { id, resolved } = result;
      this.#acknowledger.acknowledgeOnce(resolved, { outcome: "refunded", id });
    }
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
    this.#underWay.refuseWhenClosed();
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
    this.#underWay.refuseWhenClosed();
    this.#underWay.refuseWhenBusy();
    const context = this.#context;
    return this.#underWay.track(
      runReconciliation({ context, day: resolveDay(context.profile, day) }),
    );
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
    this.#underWay.refuseWhenClosed();
    this.#underWay.refuseWhenBusy();
    const context = this.#context;
    const closed = resolveDay(context.profile, day);
    return this.#underWay.track(runDayClosing({ context, profile, day: closed }));
  }

  /**
   * Reverses a sale of this terminal, or ends its hold, at the cashier's wish. One that ends as unknown is reversed by itself as soon as
   * the gateway answers: a `reversalDone` event tells.
   *
   * @throws PassTpeError `OPTIONS_INVALID`, `CLOSED`, or `JOURNAL_IN_USE` where another till has taken the terminal over:
   * nothing was sent from here, but that till may send it where the journal knows the sale (`moneyMoved: "unknown"`).
   */
  async reverse(id: string): Promise<ReversalResult> {
    this.#underWay.refuseWhenClosed();
    checkId(id);
    return this.#underWay.track(runReversal({ context: this.#context, id }));
  }

  /**
   * The gateway's record of a sale of this terminal, or null when it has none.
   *
   * @throws PassTpeError `OPTIONS_INVALID`, `UNREACHABLE`, `TERMINAL_AUTH_FAILED`, `REFUSED` or `CLOSED`.
   */
  async status(id: string): Promise<StatusAnswer | null> {
    this.#underWay.refuseWhenClosed();
    checkId(id);
    return this.#underWay.track(readStatus({ context: this.#context, id }));
  }

  /**
   * What the gateway knows of this terminal: where it stands, what it accepts, within which limits. The last
   * profile when the gateway does not answer now.
   *
   * @throws PassTpeError `UNREACHABLE`, `TERMINAL_AUTH_FAILED`, `REFUSED` or `CLOSED`.
   */
  async profile(): Promise<TerminalProfile> {
    this.#underWay.refuseWhenClosed();
    return this.#underWay.track(readProfile(this.#context.profile));
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
    this.#underWay.refuseWhenClosed();
    const { journal, clock } = this.#context;
    await this.#underWay.track(journal.append({ type: "acknowledged", id, atMs: clock.nowMs() }));
  }

  /**
   * Gets a new certificate and PIN key now, and works with them from then on; the terminal does this by itself when less
   * than a third of the certificate's life is left. The same call again goes on where one failed.
   *
   * @returns when the new certificate ends, Unix milliseconds.
   * @throws PassTpeError `OPTIONS_INVALID` where nothing can keep them, `BUSY` while a sale is going on, `CLOSED`,
   * `UNREACHABLE`, `TERMINAL_AUTH_FAILED`, `REFUSED`, `GATEWAY_NOT_TRUSTED` or `CREDENTIALS_UNREADABLE`.
   */
  async renewCredentials(): Promise<{ readonly certificateExpiresAtMs: number }> {
    this.#underWay.refuseWhenClosed();
    const { renewal } = this.#context;
    if (renewal === null || this.#renewals === null) {
      throw invalid("a terminal without credentials has none to renew; open it with credentials");
    }
    await this.#underWay.track(this.#renewals.renew());
    const { certificateExpiresAtMs } = renewal;
    return { certificateExpiresAtMs };
  }

  /**
   * Cancels what is going on, waits for its outcome, and lets go of everything. Idempotent. Rejects, closed all the same,
   * where the disk does not let go of the journal.
   */
  close(): Promise<void> {
    if (this.#closing !== null) return this.#closing;
    let begin: () => void = () => undefined;
    // There before anybody hears of it: whoever hears of it may close as well.
    this.#closing = new Promise<void>((resolve) => {
      begin = () => resolve(this.#close());
    });
    begin();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#stopHeartbeat();
    this.#renewals?.stop();
    this.#context.hub.emit("status", { status: "closing" });
    await this.#underWay.end();
    this.#takeOver.tellIfAsked();
    this.#stepLine.flush();
    await letGo(this.#context, { devicesMs: DEVICES_CLOSE_MS });
  }
}
