// The CardReader port: what the terminal needs of anything that can read a Pass'Région.

/** What a reader saw. It is handed on and sent; it is never written to the journal, an event or a log. */
export type Presented =
  /** The NDEF URI that an SDM card made for this tap. */
  | { readonly kind: "nfcMessage"; readonly message: string }
  /** The static identifier of a card without SDM, upper-case hex. */
  | { readonly kind: "nfcIdentifier"; readonly identifier: string }
  /** The text of a QR code, not yet checked: the terminal checks form and signature before any prompt. */
  | { readonly kind: "qr"; readonly text: string }
  /** The 16-digit number on the back of the card, typed at the till. */
  | { readonly kind: "keyed"; readonly cardNumber: string };

/** Why something that was presented could not be used. Local codes of the outcome table; nothing was sent. */
export type ReadRefusalCode = "CARD_UNREADABLE" | "NOT_A_PASS_CARD" | "QR_INVALID";

export type ReaderEvent =
  | { readonly type: "presented"; readonly presented: Presented; readonly readMs: number }
  /** A refusal leaves the reader ready for the next presentation. `detail` is for the integrator's log, in English. */
  | { readonly type: "refused"; readonly code: ReadRefusalCode; readonly detail: string }
  /** After arm: the card that lies there was given before. It is not read again until it was taken away. */
  | { readonly type: "cardLeft" }
  | { readonly type: "state"; readonly state: ReaderState };

/** Whether the reader can read, and if not, why and what to do. */
export type ReaderState =
  | { readonly status: "ready" }
  | { readonly status: "absent"; readonly reason: string }
  | { readonly status: "failed"; readonly reason: string };

/** The one function through which a reader speaks. It must not throw. */
export type ReaderSink = (event: ReaderEvent) => void;

/**
 * A reader of cards. The terminal opens it once, arms it when a sale waits for a card, disarms it when a card
 * was accepted or the wait is over, and closes it at the end.
 *
 * A reader that finds its device missing says so by a `state` event and goes on looking; `open` rejects only
 * with a ReaderSetupError, for what no waiting can mend (a package that is not installed, a wrong option).
 */
export interface CardReader {
  /** For events and logs, for instance `pcsc` or `serial /dev/ttyACM0`. */
  readonly name: string;
  /** What it presents needs the holder's PIN, always: a terminal without a `pinPad` refuses to open with it. */
  readonly needsPin?: boolean;
  /** Starts to watch the device. Resolves once the first `state` event has been given. */
  open(sink: ReaderSink): Promise<void>;
  /**
   * A presentation is wanted from now on. A card that already lies on the reader is read, unless it was presented
   * since it was put down: then it must leave first, or it would pay the next customer's purchase.
   */
  arm(): void;
  /** No presentation is wanted. What is read from now on is dropped. */
  disarm(): void;
  /** Lets go of the device. Idempotent. */
  close(): Promise<void>;
}

/** The reader cannot be used as set up. Who must act: the integrator; the message says what to do. */
export class ReaderSetupError extends Error {
  override readonly name = "ReaderSetupError";
  readonly code = "READER_UNAVAILABLE";
  readonly actor = "integrator";
}
