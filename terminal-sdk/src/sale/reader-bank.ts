// All readers as one: they listen at once, the first good presentation wins, refused ones go on waiting.

import type { TerminalClock } from "../clock.js";
import { PassTpeError, textOf } from "../errors.js";
import type { EventHub } from "../events.js";
import type { CardReader, Presented, ReaderEvent, ReadRefusalCode } from "../readers/reader.js";
import { linesOf } from "./texts.js";

/** Why a presentation that a reader took is still not good enough. */
export interface Refusal {
  readonly code: ReadRefusalCode;
  readonly detail: string;
}

export type WaitEnd =
  | { readonly kind: "presented"; readonly presented: Presented; readonly cardMs: number }
  | { readonly kind: "timedOut" }
  /** No reader can read: none was ready when the wait began, or when it ended. */
  | { readonly kind: "noReader" }
  | { readonly kind: "cancelled" };

type Listener = (reader: CardReader, event: ReaderEvent) => void;

export class ReaderBank {
  readonly #readers: readonly CardReader[];
  readonly #clock: TerminalClock;
  readonly #hub: EventHub;
  readonly #ready = new Set<CardReader>();
  #listener: Listener | null = null;

  private constructor(options: {
    readers: readonly CardReader[];
    clock: TerminalClock;
    hub: EventHub;
  }) {
    this.#readers = options.readers;
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
      bank.#readers.map((reader) => reader.open((event) => bank.#take(reader, event))),
    );
    const failed = opened.find((result) => result.status === "rejected");
    if (failed === undefined) return bank;
    await bank.close();
    const cause: unknown = failed.reason;
    throw new PassTpeError({ code: "READER_UNAVAILABLE", detail: textOf(cause), cause });
  }

  get names(): string[] {
    return this.#readers.map(({ name }) => name);
  }

  /**
   * Arms all readers until one presents something that `accept` finds good, the time is over, or the signal fires.
   *
   * @param options.accept says why a presentation cannot be used, or null.
   */
  wait(options: {
    timeoutMs: number;
    signal: AbortSignal;
    accept: (presented: Presented) => Refusal | null;
  }): Promise<WaitEnd> {
    const { timeoutMs, signal, accept } = options;
    if (signal.aborted) return Promise.resolve({ kind: "cancelled" });
    if (this.#ready.size === 0) return Promise.resolve({ kind: "noReader" });
    return new Promise((resolve) => {
      const end = (outcome: WaitEnd) => {
        this.#listener = null;
        callOff();
        signal.removeEventListener("abort", cancel);
        for (const reader of this.#readers) reader.disarm();
        resolve(outcome);
      };
      const cancel = () => end({ kind: "cancelled" });
      const callOff = this.#clock.after(timeoutMs, () =>
        end({ kind: this.#ready.size === 0 ? "noReader" : "timedOut" }),
      );
      signal.addEventListener("abort", cancel, { once: true });
      this.#listener = (reader, event) => {
        const refusal = refusalOf(event, accept);
        if (refusal !== null) {
          this.#hub.emit("readRefused", {
            reader: reader.name,
            ...refusal,
            ...linesOf(refusal.code),
          });
          // A presentation ends its reader's arm; one that was refused here must not end the wait.
          if (event.type === "presented" && this.#listener !== null) reader.arm();
        } else if (event.type === "presented") {
          end({ kind: "presented", presented: event.presented, cardMs: event.readMs });
        }
      };
      for (const reader of this.#readers) {
        // A card that already lay on an earlier reader may have ended the wait.
        if (this.#listener !== null) reader.arm();
      }
    });
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#readers.map((reader) => reader.close()));
  }

  #take(reader: CardReader, event: ReaderEvent): void {
    if (event.type === "state") {
      if (event.state.status === "ready") this.#ready.add(reader);
      else this.#ready.delete(reader);
      this.#hub.emit("reader", { reader: reader.name, state: event.state });
      return;
    }
    this.#listener?.(reader, event);
  }
}

function refusalOf(
  event: ReaderEvent,
  accept: (presented: Presented) => Refusal | null,
): Refusal | null {
  switch (event.type) {
    case "refused":
      return { code: event.code, detail: event.detail };
    case "presented":
      return accept(event.presented);
    case "state":
      return null;
  }
}
