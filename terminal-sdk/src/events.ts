// The terminal's one typed, ordered stream of events, and the hub that hands it out.

import type { Amount, Lines } from "@pass-tpe/protocol";
import type { ConnectionState } from "./client/connection-state.js";
import type { TerminalClock } from "./clock.js";
import type { MoneyMoved } from "./errors.js";
import type { ReaderState, ReadRefusalCode } from "./readers/reader.js";
import type { StepTimings } from "./sale/results.js";

/** What the terminal is doing, for a till that shows one line of state. */
export type TerminalStatus =
  | "idle"
  | "waitingForCard"
  | "waitingForPin"
  | "sending"
  | "closing"
  | "closed";

/** An approval of an earlier run that stands and on which the till has not had its last word. */
export interface RecoveredSale {
  readonly id: string;
  readonly avantage: string;
  readonly code: string;
  readonly amountCents?: number;
  readonly quantity?: number;
  readonly collectCents?: number;
  /** It only holds what it says: `capture` it before this instant, or `reverse` it. Nothing was taken. */
  readonly hold?: { readonly expiresAtMs: number };
  readonly soldAtMs: number;
}

export interface TerminalEventData {
  status: { readonly status: TerminalStatus };
  /** Whether the gateway answers and serves, as the last exchanges showed. */
  connection: ConnectionState;
  reader: { readonly reader: string; readonly state: ReaderState };
  /** All readers are armed; the lines are for the holder. */
  waitingForCard: {
    readonly readers: readonly string[];
    readonly timeoutMs: number;
    readonly display: Lines;
    readonly display20: Lines;
  };
  /** Something was presented that cannot be used; the readers are still armed. */
  readRefused: {
    readonly reader: string;
    readonly code: ReadRefusalCode;
    readonly detail: string;
    readonly display: Lines;
    readonly display20: Lines;
  };
  /** The card of an earlier presentation still lies there: it is read again only once it was taken away. */
  removeCard: { readonly reader: string; readonly display: Lines; readonly display20: Lines };
  pinRequested: { readonly pinPad: string; readonly display: Lines };
  /** One try leaves. The id is the same for all tries of a sale. */
  sending: { readonly id: string; readonly tryNumber: number };
  /** One try has ended: with an answer, a problem, or nothing; and what follows from it. */
  answered: {
    readonly id: string;
    readonly kind: "answer" | "problem" | "notSent" | "noAnswer";
    readonly next: "return" | "repeat" | "giveUpNotSent" | "unknown";
    readonly reason: string;
  };
  /** A sale or an inquiry has its result. */
  decision: {
    readonly id?: string;
    readonly operation: "sale" | "inquiry";
    readonly outcome: "approved" | "declined" | "unknown";
    readonly code: string;
    readonly moneyMoved: MoneyMoved;
    readonly detail?: string;
  };
  /** A sale whose result nobody knows will be reversed until the gateway acknowledges it. */
  reversalOwed: { readonly id: string; readonly reason: string };
  /** The gateway refused an owed reversal: for good (a person must settle it), or it stays owed and is tried again. */
  reversalRefused: { readonly id: string; readonly code: string; readonly final: boolean };
  reversalDone: { readonly id: string; readonly code: string };
  /** What became of a sale that ended as unknown: nothing of it stands. */
  unknownResolved: { readonly id: string; readonly code: string };
  /** A capture without an answer will be sent until the gateway answers. */
  captureOwed: { readonly id: string; readonly reason: string };
  /** The gateway did not make an owed capture: for good, or not yet. */
  captureRefused: { readonly id: string; readonly code: string; readonly final: boolean };
  captureDone: {
    readonly id: string;
    readonly code: string;
    readonly amountCents?: number;
    readonly quantity?: number;
  };
  /** A refund without an answer will be sent under its own id until the gateway answers. */
  refundOwed: { readonly id: string; readonly of: string; readonly reason: string };
  /** The gateway did not make an owed refund: for good, so that nothing is given back, or not yet. */
  refundRefused: {
    readonly id: string;
    readonly of: string;
    readonly code: string;
    readonly final: boolean;
  };
  /**
   * A refund that had ended as unknown, or whose run had ended, is made. One that no caller has heard of is told at
   * each start until the till says `acknowledge(id)`.
   */
  refundDone: {
    readonly id: string;
    readonly of: string;
    readonly code: string;
    readonly returned?: Amount;
  };
  /**
   * An approval of an earlier run that the till never took note of, or that is still held: it waits for the till's word.
   * Only where the journal failed in that run may the till have been told that it was unknown: then `reverse` it.
   */
  recovered: RecoveredSale;
  /** The terminal has a new certificate and PIN key, and works with them. */
  credentialsRenewed: { readonly certificateExpiresAtMs: number };
  /** The certificate ends within 14 days and could not be renewed: the reason says who must act. */
  credentialsExpiring: { readonly certificateExpiresAtMs: number; readonly reason: string };
  /** The journal could not keep a record. Sales are refused until the terminal is opened again. */
  journalFailed: { readonly detail: string };
  /**
   * Another till (`by`, or null where nobody says) has the terminal: because it asked (`asked`), after what was going on
   * here had ended; or because this one showed no sign of life (`lapsed`), so that the other goes on with what is in the
   * journal. The terminal closes.
   */
  takenOver: { readonly by: string | null; readonly reason: "asked" | "lapsed" };
  /** At once, with the decision of a sale or an inquiry. */
  stepTimings: { readonly id?: string; readonly timings: StepTimings };
  /**
   * Once for each sale, when its receipt is printed (`printMs`: from the result to `printed(id)`), or, where the till does
   * not say so, when it goes on or closes.
   */
  saleSteps: {
    readonly id?: string;
    readonly timings: StepTimings & { readonly printMs?: number };
  };
}

export type TerminalEventType = keyof TerminalEventData;

/** One event: its type, its place in the stream, when it happened (Unix ms), and its data. */
export type TerminalEvent<T extends TerminalEventType = TerminalEventType> = {
  [K in T]: { readonly type: K; readonly sequence: number; readonly atMs: number } & Readonly<
    TerminalEventData[K]
  >;
}[T];

/** Events that happened before anybody listened are kept, up to so many; the oldest go first. */
export const EVENT_BACKLOG_MAX = 256;

type AnyListener = (event: TerminalEvent) => unknown;
interface Subscription {
  readonly type: TerminalEventType | "*";
  /** Of one type's events, or of all: `#deliver` gives it no others. */
  readonly listener: (event: never) => unknown;
}

/** Hands events to listeners, in order. A listener that throws is reported as a warning and harms nothing. */
export class EventHub {
  readonly #clock: TerminalClock;
  readonly #subscriptions = new Set<Subscription>();
  #backlog: TerminalEvent[] | null = [];
  #flushing = false;
  #sequence = 0;
  #ended = false;

  constructor(options: { clock: TerminalClock }) {
    this.#clock = options.clock;
  }

  /** Listens to one type, or to all by `"*"`. Returns the function that ends it. */
  on<T extends TerminalEventType>(
    type: T | "*",
    listener: (event: TerminalEvent<T>) => unknown,
  ): () => void {
    const subscription: Subscription = { type, listener };
    this.#subscriptions.add(subscription);
    this.#flushBacklogSoon();
    return () => this.#subscriptions.delete(subscription);
  }

  emit<T extends TerminalEventType>(type: T, data: TerminalEventData[T]): void {
    if (this.#ended) return;
    this.#sequence += 1;
    const event = { type, sequence: this.#sequence, atMs: this.#clock.nowMs(), ...data };
    this.#deliver(event as unknown as TerminalEvent);
  }

  /** Nothing is told after this. */
  end(): void {
    this.#ended = true;
  }

  #deliver(event: TerminalEvent): void {
    if (this.#backlog !== null) {
      this.#backlog.push(event);
      if (this.#backlog.length > EVENT_BACKLOG_MAX) this.#backlog.shift();
      return;
    }
    for (const { type, listener } of [...this.#subscriptions]) {
      if (type === "*" || type === event.type) callSafely(listener as AnyListener, event);
    }
  }

  /** A microtask later, so that all listeners which are added in one go get the whole backlog. */
  #flushBacklogSoon(): void {
    if (this.#backlog === null || this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      const events = this.#backlog ?? [];
      this.#backlog = null;
      for (const event of events) this.#deliver(event);
    });
  }
}

function callSafely(listener: AnyListener, event: TerminalEvent): void {
  const report = (thrown: unknown) =>
    process.emitWarning(
      `a listener of "${event.type}" failed: ${String(thrown)}`,
      "PassTpeWarning",
    );
  try {
    const returned = listener(event);
    if (returned instanceof Promise) returned.catch(report);
  } catch (thrown) {
    report(thrown);
  }
}
