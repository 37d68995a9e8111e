// All readers as one: they listen at once, the first good presentation wins, refused ones go on waiting.

import type { TerminalClock } from "../clock.js";
import { PassTpeError, textOf } from "../errors.js";
import type { EventHub } from "../events.js";
import type { CardReader, Presented, ReaderEvent, ReadRefusalCode } from "../readers/reader.js";
import { REMOVE_CARD_LINES } from "./prompts.js";
import { ReaderCrew } from "./reader-crew.js";
import { linesOf } from "./texts.js";

/** Why a presentation that a reader took is still not good enough. */
export interface Refusal {
  readonly code: ReadRefusalCode;
  readonly detail: string;
}

export type WaitEnd =
  | { readonly kind: "presented"; readonly presented: Presented; readonly cardMs: number }
  | { readonly kind: "timedOut" }
  /** No reader can read; `detail` names each with its reason, for the integrator's log, in English. */
  | { readonly kind: "noReader"; readonly detail: string }
  | { readonly kind: "cancelled" };

/** When the last reader has gone, how long it may take to come back before the wait is given up. */
export const READERS_BACK_MS = 3_000;

/** How many different refused codes one wait remembers; beyond it each further one is told every time. */
const REFUSED_TEXTS_MAX = 64;

interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Says why a presentation cannot be used, or null. */
  readonly accept: (presented: Presented) => Refusal | null;
  /** Called once all readers are armed and one at least can read; never where the wait is over by then. */
  readonly armed: () => void;
}

type Listener = (reader: CardReader, event: ReaderEvent) => void;

export class ReaderBank {
  readonly #crew: ReaderCrew;
  readonly #clock: TerminalClock;
  readonly #hub: EventHub;
  #listener: Listener | null = null;

  private constructor(options: {
    readers: readonly CardReader[];
    clock: TerminalClock;
    hub: EventHub;
  }) {
    this.#crew = new ReaderCrew(options);
    this.#clock = options.clock;
    this.#hub = options.hub;
  }

  /**
   * Opens every reader.
   *
   * @throws PassTpeError `READER_UNAVAILABLE` when one cannot work as set up; the others are closed again.
   */
  static async open(options: {
    readers: readonly CardReader[];
    clock: TerminalClock;
    hub: EventHub;
  }): Promise<ReaderBank> {
    const bank = new ReaderBank(options);
    const opened = await Promise.allSettled(
      bank.#crew.readers.map((reader) => reader.open((event) => bank.#take(reader, event))),
    );
    const failed = opened.find((result) => result.status === "rejected");
    if (failed === undefined) return bank;
    await bank.close();
    const cause: unknown = failed.reason;
    throw new PassTpeError({ code: "READER_UNAVAILABLE", detail: textOf(cause), cause });
  }

  get names(): string[] {
    return this.#crew.readers.map(({ name }) => name);
  }

  /** Arms all readers until one presents something acceptable, none can read, the time is over, or the signal fires. */
  wait(options: WaitOptions): Promise<WaitEnd> {
    const { timeoutMs, signal, accept, armed } = options;
    if (signal.aborted) return Promise.resolve({ kind: "cancelled" });
    return new Promise((resolve) => {
      const toldTexts = new Set<string>();
      let callOffGivingUp: (() => void) | null = null;
      const end = (outcome: WaitEnd) => {
        this.#listener = null;
        callOff();
        callOffGivingUp?.();
        signal.removeEventListener("abort", cancel);
        this.#crew.disarmAll();
        resolve(outcome);
      };
      const endWithoutReader = () => end({ kind: "noReader", detail: this.#crew.problems() });
      const cancel = () => end({ kind: "cancelled" });
      const giveUpIfNoneCanRead = () => {
        // Whoever heard that a reader cannot be armed may have cancelled: nothing of this wait outlives it.
        if (this.#listener === null) return;
        callOffGivingUp = this.#giveUpLater(callOffGivingUp, endWithoutReader);
      };
      const callOff = this.#clock.after(timeoutMs, () => {
        if (this.#crew.canRead()) end({ kind: "timedOut" });
        else endWithoutReader();
      });
      signal.addEventListener("abort", cancel, { once: true });
      this.#listener = (reader, event) => {
        switch (event.type) {
          case "state":
            return giveUpIfNoneCanRead();
          case "refused":
            return this.#tellRefusal(reader, event);
          case "cardLeft":
            // Said after "waiting for a card", which the till shows first.
            return queueMicrotask(() => {
              if (this.#listener !== null) this.#tellCardLeft(reader);
            });
          case "presented": {
            const { presented } = event;
            const refusal = accept(presented);
            if (refusal === null)
              return end({ kind: "presented", presented, cardMs: event.readMs });
            if (isNews(presented, toldTexts)) this.#tellRefusal(reader, refusal);
            // A presentation ends its reader's arm; one that was refused here must not end the wait.
            if (this.#listener === null) return;
            this.#crew.arm(reader);
            giveUpIfNoneCanRead();
          }
        }
      };
      for (const reader of this.#crew.readers) {
        // A card that already lay on an earlier reader may have ended the wait.
        if (this.#listener !== null) this.#crew.arm(reader);
      }
      if (this.#listener === null) return;
      if (this.#crew.canRead()) armed();
      else endWithoutReader();
    });
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#crew.readers.map((reader) => reader.close()));
  }

  #take(reader: CardReader, event: ReaderEvent): void {
    if (event.type === "state") this.#crew.note(reader, event.state);
    this.#listener?.(reader, event);
  }

  /** Has the wait given up some time after the last reader went, and goes back on it when one can read again. */
  #giveUpLater(callOff: (() => void) | null, giveUp: () => void): (() => void) | null {
    if (!this.#crew.canRead()) return callOff ?? this.#clock.after(READERS_BACK_MS, giveUp);
    callOff?.();
    return null;
  }

  #tellRefusal(reader: CardReader, { code, detail }: Refusal): void {
    this.#hub.emit("readRefused", { reader: reader.name, code, detail, ...linesOf(code) });
  }

  #tellCardLeft(reader: CardReader): void {
    this.#hub.emit("removeCard", { reader: reader.name, ...REMOVE_CARD_LINES });
  }
}

/** Whether a refused presentation is to be told of: a code held before a camera is read from every picture. */
function isNews(presented: Presented, toldTexts: Set<string>): boolean {
  if (presented.kind !== "qr") return true;
  if (toldTexts.has(presented.text)) return false;
  if (toldTexts.size < REFUSED_TEXTS_MAX) toldTexts.add(presented.text);
  return true;
}
