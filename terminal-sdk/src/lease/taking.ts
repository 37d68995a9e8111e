// Takes a lease: a free one, a dead owner's, one that its holder gives up when asked, or one that shows no life.

import { pause, type TerminalClock } from "../clock.js";
import type { Fate, LockOwner } from "../lock-owner.js";
import type { LeaseFolder } from "./folder.js";
import { headOf, Lease, renewedAtMs, rewritingsOf, tailOf, wishPath } from "./lease.js";
import { clearLitter, FileInUseError, type Held, type Holder, succeed } from "./succession.js";

/** A holder that renews its lease and does not give it up within this is left alone. */
export const TAKE_OVER_MS_MAX = 60_000;

/** Looks at the lock in the life of a lease. */
const LOOKS_PER_LIFE = 30;

/** Other processes may come and go meanwhile; after so many changes between two looks somebody else has it. */
const CHANGES_MAX = 50;

export interface TakingOptions {
  readonly folder: LeaseFolder;
  readonly clock: TerminalClock;
  /** The file that the lease is for, by its real path. */
  readonly path: string;
  readonly owner: LockOwner;
  readonly lifeMs: number;
  readonly takeOver: boolean;
  /** What this machine can say of an owner. */
  readonly fateOf: (owner: LockOwner) => Promise<Fate>;
}

/**
 * Takes the lease of a file. A dead process of this machine is succeeded at once, an owner that shows no life for the time
 * of its lease after that time: of another machine nothing else can be known. A living one is asked where `takeOver` says
 * so, and otherwise left alone.
 *
 * @throws FileInUseError with the holder.
 */
export async function takeLease(options: TakingOptions): Promise<Lease> {
  const { folder, clock, path, owner, lifeMs, fateOf } = options;
  const lock = `${path}.lock`;
  const signed = `${lock}.${owner.nonce}`;
  try {
    await folder.create(signed, Buffer.from(headOf(owner) + tailOf(0, clock.nowMs())));
    await new Taking(options, { lock, signed }).run();
  } finally {
    await removeIfPossible(folder, signed);
  }
  const lease = new Lease({ folder, clock, path, lock, owner, lifeMs });
  try {
    // Before the file is read: whoever lost it has nothing left to put in its place.
    for (const rewriting of await folder.beside(rewritingsOf(path))) await folder.remove(rewriting);
  } catch (thrown) {
    await lease.release();
    throw thrown;
  }
  await clearLitter({ folder, lock, isDead: async (other) => (await fateOf(other)) === "dead" });
  return lease;
}

/** What stays is in nobody's way: somebody clears it once this process has died. */
async function removeIfPossible(folder: LeaseFolder, path: string): Promise<void> {
  await folder.remove(path).catch(() => undefined);
}

class Taking {
  readonly #options: TakingOptions;
  readonly #lock: string;
  readonly #signed: string;
  readonly #startMs: number;
  /** Before anything was read that is judged now: a process may be held up between the two. */
  #lookedMs = 0;
  /** Of each file: its text, and since when it is the same, by this machine's monotonic clock. */
  readonly #seen = new Map<string, { text: string; nonce: string; sinceMs: number }>();
  /** The owners that were seen to renew. */
  readonly #lively = new Set<string>();
  readonly #wishes = new Set<string>();

  constructor(options: TakingOptions, { lock, signed }: { lock: string; signed: string }) {
    this.#options = options;
    this.#lock = lock;
    this.#signed = signed;
    this.#startMs = options.clock.monotonicMs();
  }

  async run(): Promise<void> {
    const { folder } = this.#options;
    const isOver = (held: Held) => this.#isOver(held);
    let changes = 0;
    try {
      // Ends: by CHANGES_MAX, or by the time that `#wait` allows.
      for (;;) {
        this.#lookedMs = this.#options.clock.monotonicMs();
        const end = await succeed({ folder, lock: this.#lock, signed: this.#signed, isOver });
        if (end === "taken") return;
        if (end !== "changed") await this.#wait(end);
        else changes += 1;
        if (changes > CHANGES_MAX) {
          throw new FileInUseError(
            `other processes are opening it at this moment (${this.#lock}); try again`,
          );
        }
      }
    } finally {
      for (const wish of this.#wishes) await removeIfPossible(folder, wish);
    }
  }

  async #isOver(held: Held): Promise<boolean> {
    const { fateOf } = this.#options;
    const fate = await fateOf(held.owner);
    if (fate === "dead") return true;
    const { lifeMs } = held.owner;
    if (lifeMs === null || (fate === "lives" && !this.#options.takeOver)) return false;
    return this.#silentMs(held) >= lifeMs;
  }

  /** For how long it has certainly shown no sign of life. No clock but this machine's own is asked. */
  #silentMs({ path, text, owner }: Held): number {
    const seen = this.#seen.get(path);
    if (seen?.text === text) return this.#lookedMs - seen.sinceMs;
    if (seen?.nonce === owner.nonce) this.#lively.add(owner.nonce);
    this.#seen.set(path, { text, nonce: owner.nonce, sinceMs: this.#options.clock.monotonicMs() });
    return 0;
  }

  async #wait(held: Held): Promise<void> {
    const { clock, fateOf, lifeMs, takeOver } = this.#options;
    const { owner } = held;
    const canLapse = owner.lifeMs !== null;
    const isAway = (await fateOf(owner)) === "elsewhere" && !this.#lively.has(owner.nonce);
    if (!canLapse || !(takeOver || isAway)) throw inUse({ lock: this.#lock, held, takeOver });
    const overdue = clock.monotonicMs() - this.#startMs > TAKE_OVER_MS_MAX + (owner.lifeMs ?? 0);
    if (overdue) throw inUse({ lock: this.#lock, held, takeOver });
    if (takeOver) await this.#ask(owner);
    await pause({ clock, delayMs: lifeMs / LOOKS_PER_LIFE, signal: new AbortController().signal });
  }

  async #ask(holder: LockOwner): Promise<void> {
    const wish = wishPath(this.#lock, holder);
    if (this.#wishes.has(wish)) return;
    // Where another till has asked already, one answer serves both.
    if (await this.#options.folder.link(this.#signed, wish)) this.#wishes.add(wish);
  }
}

function inUse(options: { lock: string; held: Held; takeOver: boolean }): FileInUseError {
  const { lock, held, takeOver } = options;
  const { till, host, pid, lifeMs } = held.owner;
  const renewed = renewedAtMs(held.text);
  const expiresAtMs = lifeMs === null || renewed === null ? null : renewed + lifeMs;
  const holder: Holder = { till, host, pid, expiresAtMs };
  const until =
    expiresAtMs === null ? "" : ` until ${new Date(expiresAtMs).toISOString()} by its clock`;
  const advice = adviceFor({ lapses: lifeMs !== null, takeOver, pid });
  return new FileInUseError(
    `held by ${till} (process ${pid} of ${host})${until}, as ${lock} says: ${advice}`,
    holder,
  );
}

function adviceFor(options: { lapses: boolean; takeOver: boolean; pid: number }): string {
  const { lapses, takeOver, pid } = options;
  if (!lapses) {
    return `close that terminal first; if process ${pid} is no terminal, remove that lock file`;
  }
  return takeOver
    ? "it was asked and does not give it up; close that terminal by hand"
    : "close that terminal first, or open this one with takeOver: true, which asks it to give up";
}
