// Gives the terminal up to another till: in good order where it was asked to, at once where the other has it already.

import type { TerminalContext } from "../context.js";

/** Watches the journal's lease for one terminal. */
export class TakeOver {
  readonly #hub: TerminalContext["hub"];
  #asked: string | null = null;
  #told = false;

  /** @param options.close closes the terminal: cancels what has not been sent, and waits for what has. */
  constructor(options: { context: TerminalContext; close: () => Promise<void> }) {
    const { context } = options;
    this.#hub = context.hub;
    // What fails is told as `journalFailed`, and to whoever closes as well: here nobody waits for it.
    const close = () => void options.close().catch(() => undefined);
    context.journal.onTakeOver({
      asked: (by) => {
        this.#asked = by;
        close();
      },
      lost: (by) => {
        stopSending(context);
        this.#tell(by, "lapsed");
        close();
      },
    });
  }

  /** To be called once what was going on has ended, and before the journal is given back. */
  tellIfAsked(): void {
    if (this.#asked !== null) this.#tell(this.#asked, "asked");
  }

  #tell(by: string | null, reason: "asked" | "lapsed"): void {
    if (this.#told) return;
    this.#told = true;
    this.#hub.emit("takenOver", { by, reason });
  }
}

/**
 * What is owed is the new holder's to send: it has read the journal. A reversal from here could undo an approval that the
 * new holder has told its till of.
 */
function stopSending({ captures, owed, recovered, refunds }: TerminalContext): void {
  for (const part of [owed, captures, refunds, recovered]) void part.close();
}
