// The readers of a terminal: which of them can read, and why the others cannot.

import { textOf } from "../errors.js";
import type { EventHub } from "../events.js";
import type { CardReader, ReaderState } from "../readers/reader.js";

export class ReaderCrew {
  readonly readers: readonly CardReader[];
  readonly #hub: EventHub;
  readonly #states = new Map<CardReader, ReaderState>();
  /** Readers that call themselves ready and could not be armed, with the reason. */
  readonly #notArmed = new Map<CardReader, string>();

  constructor(options: { readers: readonly CardReader[]; hub: EventHub }) {
    this.readers = options.readers;
    this.#hub = options.hub;
  }

  /** Keeps what a reader says of itself, and tells it on. */
  note(reader: CardReader, state: ReaderState): void {
    this.#states.set(reader, state);
    this.#notArmed.delete(reader);
    this.#hub.emit("reader", { reader: reader.name, state });
  }

  /** A reader that throws is told of as failed, and tried again at the next wait; the others go on. */
  arm(reader: CardReader): void {
    const { name } = reader;
    try {
      reader.arm();
    } catch (thrown) {
      const reason = textOf(thrown);
      this.#notArmed.set(reader, reason);
      this.#hub.emit("reader", { reader: name, state: { status: "failed", reason } });
      return;
    }
    const state = this.#states.get(reader);
    if (this.#notArmed.delete(reader) && state !== undefined) {
      this.#hub.emit("reader", { reader: name, state });
    }
  }

  disarmAll(): void {
    for (const reader of this.readers) {
      try {
        reader.disarm();
      } catch (thrown) {
        // What it may still present is dropped: nobody listens. That it failed is told.
        const reason = textOf(thrown);
        this.#hub.emit("reader", { reader: reader.name, state: { status: "failed", reason } });
      }
    }
  }

  /** Whether one at least can read. */
  canRead(): boolean {
    return this.readers.some(
      (reader) => this.#states.get(reader)?.status === "ready" && !this.#notArmed.has(reader),
    );
  }

  /** Why none can read: each by name, for the integrator's log. */
  problems(): string {
    if (this.readers.length === 0) return "the terminal was opened without a reader";
    return this.readers.map((reader) => `${reader.name}: ${this.#problemOf(reader)}`).join("; ");
  }

  #problemOf(reader: CardReader): string {
    const state = this.#states.get(reader);
    if (state === undefined) return "it never said whether it can read";
    return state.status === "ready" ? (this.#notArmed.get(reader) ?? "ready") : state.reason;
  }
}
