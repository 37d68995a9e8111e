// What keeps a journal for one terminal alone, as the journal sees it.

/** How long a lease lasts without being renewed. */
export const LEASE_LIFE_MS = 15_000;

/** How a terminal wants to hold a file. */
export interface HoldTerms {
  /** What the till calls itself; by default the machine and the process. */
  readonly till?: string | undefined;
  /** Ask whoever holds it to give it up, and take it from who shows no sign of life. */
  readonly takeOver?: boolean | undefined;
}

/** Told once each. `by` is the till that asks or has it now; null where nobody says so. */
export interface HoldWatcher {
  /** Somebody wants it: end what can be ended, then release it. */
  asked(by: string): void;
  /** It is gone: nothing may be written or sent any more. */
  lost(by: string | null): void;
}

export interface Hold {
  /** @throws LeaseLostError where somebody else has it by now. */
  check(): Promise<void>;
  /**
   * Puts new content in place of the file, all or nothing; it has survived when this resolves. Never in place of what
   * a successor has written.
   *
   * @throws LeaseLostError
   */
  replace(bytes: Uint8Array): Promise<void>;
  watch(watcher: HoldWatcher): void;
  /** Gives it back, if it is still held. */
  release(): Promise<void>;
}

/** Another till has the file. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
  /** The till that has it; null where nobody says so. */
  readonly by: string | null;

  constructor(by: string | null) {
    super(
      by === null
        ? "the lease is gone: somebody removed its lock file"
        : `the lease was taken over by ${by}`,
    );
    this.by = by;
  }
}
