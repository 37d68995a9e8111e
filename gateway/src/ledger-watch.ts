// Looks every second at what other gateways on the same database changed, and tells whoever has it in memory.

import type { After } from "./core/ports.js";
import type { ChainPoint, Shared } from "./store/shared.js";

const LOOK_EVERY_MS = 1_000;

export interface LedgerWatch {
  /** Looks now. Never throws. */
  look(): Promise<void>;
  close(): void;
}

/**
 * Begins to watch; the first look is the caller's, another comes after a second.
 *
 * @param options.look asks the database. Where it does not answer nothing is told: whoever watches the database says that.
 * @param options.hear is told everything that was seen. Where it fails, it is told again after a second.
 * @param options.wentBack is told of a head that was there and is not any more.
 */
export function watchLedger(options: {
  readonly look: (linkNo: number) => Promise<Shared>;
  readonly hear: (seen: Shared) => Promise<void>;
  readonly wentBack: (head: ChainPoint) => void;
  readonly after: After;
}): LedgerWatch {
  const { hear, wentBack, after } = options;
  /** The highest head that was seen. */
  let known: ChainPoint | null = null;
  let closed = false;
  let callOff = () => {};

  async function look(): Promise<void> {
    let seen: Shared;
    try {
      seen = await options.look(known?.no ?? 0);
    } catch {
      return;
    }
    if (closed) return;
    if (known !== null && !isSame(seen.hash, known.hash)) {
      wentBack(known);
      return;
    }
    const { lastHead } = seen;
    if (lastHead !== null && lastHead.no > (known?.no ?? 0)) known = lastHead;
    await hear(seen).catch(() => undefined);
  }

  function lookAgain(): void {
    if (closed) return;
    callOff = after(LOOK_EVERY_MS, () => void look().then(lookAgain));
  }

  lookAgain();
  return {
    look,
    close() {
      closed = true;
      callOff();
    },
  };
}

const isSame = (a: Uint8Array | null, b: Uint8Array): boolean =>
  a !== null && Buffer.compare(a, b) === 0;
