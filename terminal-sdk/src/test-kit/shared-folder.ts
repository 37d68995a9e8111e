// A folder in memory that several processes share, each by its own lane: names, files behind them, and who waits.

import type { TerminalClock } from "../clock.js";
import type { AppendFile, TerminalDisk } from "../disk.js";
import type { LeaseFolder } from "../lease/folder.js";
import type { Hold, HoldTerms } from "../lease/hold.js";
import { takeLease } from "../lease/taking.js";
import type { Fate, LockOwner } from "../lock-owner.js";
import type { Lane } from "./lanes.js";

interface Inode {
  bytes: Buffer;
}

const LIFE_MS = 15_000;

export class SharedFolder {
  readonly #names = new Map<string, Inode>();
  readonly #owners = new Map<string, Lane>();
  #nonces = 0;

  text(path: string): string {
    return this.#names.get(path)?.bytes.toString("utf8") ?? "";
  }

  /** The disk of a process that sees this folder. @param options.isAway it is on a machine of its own. */
  diskOf(lane: Lane, options: { till: string; isAway: boolean }): TerminalDisk {
    const folder = this.#folderOf(lane);
    const lease = (terms: HoldTerms & { path: string; clock: TerminalClock }): Promise<Hold> => {
      const { path, clock, takeOver = false } = terms;
      const owner = this.#ownerFor(lane, options);
      const fateOf = async (other: LockOwner) => this.#fateOf(other, owner);
      return takeLease({ folder, path, clock, owner, lifeMs: LIFE_MS, takeOver, fateOf });
    };
    return {
      read: ({ path }) => lane.step(() => this.#names.get(path)?.bytes ?? null),
      replace: () => Promise.reject(new Error("a shared journal is replaced by its lease alone")),
      remove: (path) => folder.remove(path),
      openForAppend: (path) => lane.step(() => this.#open(lane, path)),
      lock: () => Promise.reject(new Error("a shared journal is leased")),
      lease,
    };
  }

  #open(lane: Lane, path: string): AppendFile {
    const inode = this.#names.get(path) ?? { bytes: Buffer.alloc(0) };
    this.#names.set(path, inode);
    return {
      append: (bytes) =>
        lane.step(() => {
          inode.bytes = Buffer.concat([inode.bytes, bytes]);
        }),
      sync: () => lane.step(() => undefined),
      isInPlace: () => lane.step(() => this.#names.get(path) === inode),
      close: () => lane.step(() => undefined),
    };
  }

  #folderOf(lane: Lane): LeaseFolder {
    const names = this.#names;
    return {
      read: (path) => lane.step(() => names.get(path)?.bytes.toString("utf8") ?? null),
      create: (path, bytes) =>
        lane.step(() => {
          if (names.has(path)) throw new Error(`${path} is there already`);
          names.set(path, { bytes: Buffer.from(bytes) });
        }),
      link: (path, name) =>
        lane.step(() => {
          if (names.has(name)) return false;
          names.set(name, inodeAt(names, path));
          return true;
        }),
      rename: (path, name) =>
        lane.step(() => {
          names.set(name, inodeAt(names, path));
          names.delete(path);
        }),
      remove: (path) => lane.step(() => void names.delete(path)),
      overwrite: ({ path, head, tail }) =>
        lane.step(() => {
          const inode = names.get(path);
          const found = inode?.bytes.toString("utf8") ?? null;
          if (inode !== undefined && found?.startsWith(head))
            inode.bytes = Buffer.from(head + tail);
          return found;
        }),
      beside: (path) => lane.step(() => [...names.keys()].filter((name) => name.startsWith(path))),
    };
  }

  #ownerFor(lane: Lane, options: { till: string; isAway: boolean }): LockOwner {
    this.#nonces += 1;
    const nonce = `00000000-0000-4000-8000-${String(this.#nonces).padStart(12, "0")}`;
    this.#owners.set(nonce, lane);
    const { till, isAway } = options;
    const machine = isAway ? till : "here";
    const none = { bootId: null, startedAt: null, pid: this.#nonces, host: machine };
    return { ...none, nonce, machine, till, lifeMs: LIFE_MS };
  }

  #fateOf(other: LockOwner, self: LockOwner): Fate {
    if (other.machine !== self.machine) return "elsewhere";
    return this.#owners.get(other.nonce)?.isDead === true ? "dead" : "lives";
  }
}

function inodeAt(names: ReadonlyMap<string, Inode>, path: string): Inode {
  const inode = names.get(path);
  if (inode === undefined) throw new Error(`${path} is not there`);
  return inode;
}
