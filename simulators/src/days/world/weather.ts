// What the network does to what is sent: asked for each connection and each message, so that a plan can decide it.

/** What becomes of a new connection. */
export type Dialled =
  | { readonly kind: "stands"; readonly afterMs: number }
  | { readonly kind: "refused"; readonly afterMs: number }
  /** Nothing comes back. */
  | { readonly kind: "lost" };

/** What becomes of a message on a connection that stands. */
export interface Carried {
  readonly delayMs: number;
  /** Only so many bytes arrive, and then a reset; all where left out. */
  readonly cutAfterBytes?: number;
  /** This and all that follows in its direction is swallowed. */
  readonly isLost?: boolean;
  /** It arrives once more, so much later, on a connection of its own whose answers nobody reads. */
  readonly againAfterMs?: number;
}

/** `up`: to the gateway. */
export type Direction = "up" | "down";

export interface Weather {
  dial(terminal: string): Dialled;
  carry(message: {
    readonly terminal: string;
    readonly direction: Direction;
    readonly bytes: number;
  }): Carried;
}

/** Everything arrives, after so long. */
export function calm(delayMs: number): Weather {
  return { dial: () => ({ kind: "stands", afterMs: delayMs }), carry: () => ({ delayMs }) };
}
