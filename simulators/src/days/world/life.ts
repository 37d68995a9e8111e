// One life of a process: all that it does ends with it, and what it still waits for never comes.

import type { Timeline } from "./timeline.js";

/** What is told once a life is over. */
type Epilogue = () => void;

export class Life {
  readonly #timeline: Timeline;
  readonly #epilogues: Epilogue[] = [];
  #isOver = false;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Its timers: none runs once it is over. */
  after(delayMs: number, run: () => void): () => void {
    return this.#timeline.after(delayMs, () => {
      if (!this.#isOver) run();
    });
  }

  /** Waits in virtual time; for ever where the life ends meanwhile. */
  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  /** Does work after a while, in this life or not at all: a dead process sees neither its result nor its failure. */
  async later<T>(delayMs: number, work: () => T): Promise<T> {
    await this.pause(delayMs);
    return work();
  }

  /** What a port gives back to a process that is no more. */
  get never(): Promise<never> {
    return new Promise(() => undefined);
  }

  /** Has something done when it ends; the last told comes first. */
  atEnd(epilogue: Epilogue): void {
    this.#epilogues.push(epilogue);
  }

  /** Ends it at once, as `kill -9` does. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const epilogue of this.#epilogues.splice(0).reverse()) epilogue();
  }
}
