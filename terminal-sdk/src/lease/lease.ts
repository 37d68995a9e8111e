// A lock with an owner, signs of life and an end: who holds it renews it, who lost it finds out before acting.

import type { TerminalClock } from "../clock.js";
import { type LockOwner, parseOwner } from "../lock-owner.js";
import type { LeaseFolder } from "./folder.js";
import { type Hold, type HoldWatcher, LeaseLostError } from "./hold.js";

/** So many earlier holders may clear away a rewriting, one after the other: more is no accident. */
const REPLACE_TRIES_MAX = 5;

/** Signs of life in the life of a lease. */
const BEATS_PER_LIFE = 10;

/** The first line, which stays as it is. */
export function headOf(owner: LockOwner): string {
  return `${JSON.stringify(owner)}\n`;
}

/** The second line, always of one length: the count of signs of life, and the holder's own time. */
export function tailOf(beat: number, nowMs: number): string {
  return `${String(beat).padStart(12, "0")} ${String(nowMs).padStart(16, "0")}\n`;
}

/** When a lease was renewed, by its holder's clock; null where it says nothing of it. */
export function renewedAtMs(text: string): number | null {
  const found = /^\d{12} (\d{16})$/.exec(text.split("\n")[1] ?? "")?.[1];
  return found === undefined ? null : Number(found);
}

/**
 * Where who wants a lease asks its holder for it, by a link to its own signed file: of this one holder, so that no later
 * one is asked by mistake.
 */
export function wishPath(lock: string, holder: LockOwner): string {
  return `${lock}.wish-${holder.nonce}`;
}

/** A rewriting of the file that is not in its place yet begins like this. */
export function rewritingsOf(path: string): string {
  return `${path}.new-`;
}

/**
 * One lease that was taken. It is safe without any clock: it is held as long as the lock file bears its nonce, and whoever
 * takes it over changes that before reading the file. So what was durable before a check that went well, the successor
 * reads; and what is acted upon is checked after it was durable.
 */
export class Lease implements Hold {
  readonly #folder: LeaseFolder;
  readonly #clock: TerminalClock;
  readonly #path: string;
  readonly #lock: string;
  readonly #owner: LockOwner;
  readonly #head: string;
  readonly #beatMs: number;
  #beats = 0;
  #callOff: () => void = () => undefined;
  #watcher: HoldWatcher | null = null;
  #asked: string | null = null;
  #loss: LeaseLostError | null = null;
  #released = false;

  /** @param options.lock the lock file, which bears the owner's name already. */
  constructor(options: {
    folder: LeaseFolder;
    clock: TerminalClock;
    path: string;
    lock: string;
    owner: LockOwner;
    lifeMs: number;
  }) {
    this.#folder = options.folder;
    this.#clock = options.clock;
    this.#path = options.path;
    this.#lock = options.lock;
    this.#owner = options.owner;
    this.#head = headOf(options.owner);
    this.#beatMs = options.lifeMs / BEATS_PER_LIFE;
    this.#beatLater();
  }

  watch(watcher: HoldWatcher): void {
    this.#watcher = watcher;
    if (this.#asked !== null) watcher.asked(this.#asked);
    if (this.#loss !== null) watcher.lost(this.#loss.by);
  }

  async check(): Promise<void> {
    if (this.#loss === null) this.#judge(await this.#folder.read(this.#lock));
    if (this.#loss !== null) throw this.#loss;
  }

  /**
   * The check comes after the new content lies beside the file, under a name that successors clear away before they read:
   * a rename that comes late, out of a long pause, finds nothing to rename.
   */
  async replace(bytes: Uint8Array): Promise<void> {
    const besides = `${rewritingsOf(this.#path)}${this.#owner.nonce}`;
    for (let tries = 1; ; tries += 1) {
      await this.#folder.remove(besides);
      await this.#folder.create(besides, bytes);
      try {
        await this.check();
        await this.#folder.rename(besides, this.#path);
        return;
      } catch (thrown) {
        const isGone = (await this.#folder.read(besides)) === null;
        await this.#folder.remove(besides);
        // Where a successor cleared it away, that is the reason.
        await this.check();
        // Otherwise one that has lost the lease while it cleared did so, out of a long pause.
        if (!isGone || tries >= REPLACE_TRIES_MAX) throw thrown;
      }
    }
  }

  /** The moment between look and removal can cost a successor its lock: it notices, as every holder does. */
  async release(): Promise<void> {
    this.#released = true;
    this.#callOff();
    if (this.#loss !== null) return;
    const found = await this.#folder.read(this.#lock);
    if (found?.startsWith(this.#head) === true) await this.#folder.remove(this.#lock);
  }

  #beatLater(): void {
    if (this.#released || this.#loss !== null) return;
    this.#callOff = this.#clock.after(this.#beatMs, () => void this.#beat());
  }

  async #beat(): Promise<void> {
    this.#beats += 1;
    const tail = tailOf(this.#beats, this.#clock.nowMs());
    try {
      const lock = this.#lock;
      this.#judge(await this.#folder.overwrite({ path: lock, head: this.#head, tail }));
      if (this.#asked === null) this.#hear(await this.#folder.read(wishPath(lock, this.#owner)));
    } catch {
      // A folder that cannot be reached now: the next record's own check says so, or a later beat succeeds.
    }
    this.#beatLater();
  }

  #judge(found: string | null): void {
    if (this.#released || this.#loss !== null || found?.startsWith(this.#head) === true) return;
    this.#loss = new LeaseLostError(found === null ? null : (parseOwner(found)?.till ?? null));
    this.#callOff();
    this.#watcher?.lost(this.#loss.by);
  }

  #hear(wish: string | null): void {
    const asker = parseOwner(wish ?? "");
    if (asker === null || this.#released) return;
    this.#asked = asker.till;
    this.#watcher?.asked(asker.till);
  }
}
