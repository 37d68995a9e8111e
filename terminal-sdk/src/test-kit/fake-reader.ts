// A reader for the terminal's own tests: presents what a test says, and tells when it is armed.

import { EventEmitter, once } from "node:events";
import type {
  CardReader,
  Presented,
  ReaderSink,
  ReaderState,
  ReadRefusalCode,
} from "../readers/reader.js";

export class FakeReader implements CardReader {
  readonly name: string;
  armed = false;
  closed = false;
  readonly #changes = new EventEmitter();
  readonly #firstState: ReaderState;
  #sink: ReaderSink = () => undefined;

  constructor(options: { name?: string; state?: ReaderState } = {}) {
    this.name = options.name ?? "fake";
    this.#firstState = options.state ?? { status: "ready" };
  }

  async open(sink: ReaderSink): Promise<void> {
    this.#sink = sink;
    sink({ type: "state", state: this.#firstState });
  }

  arm(): void {
    this.armed = true;
    this.#changes.emit("armed");
  }

  disarm(): void {
    this.armed = false;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  async whenArmed(): Promise<this> {
    if (!this.armed) await once(this.#changes, "armed");
    return this;
  }

  present(presented: Presented): void {
    this.#sink({ type: "presented", presented, readMs: 40 });
  }

  becomes(state: ReaderState): void {
    this.#sink({ type: "state", state });
  }

  sayCardLeft(): void {
    this.#sink({ type: "cardLeft" });
  }

  refuse(code: ReadRefusalCode): void {
    this.#sink({ type: "refused", code, detail: "as the test says" });
  }
}

export const TAP: Presented = { kind: "nfcMessage", message: "https://pass.example/c?one-time" };
