// A terminal's disk in virtual time: what was not synced is lost, in part or whole, when the power goes.

import type { AppendFile, TerminalDisk } from "@pass-tpe/terminal-sdk";
import type { Life } from "./life.js";

/** What a plan decides of a terminal's disk. */
export interface DiskWeather {
  /** How long the next operation takes. */
  delayMs(): number;
  /** Whether the next write or sync fails. */
  fails(): boolean;
  /** How many of so many bytes that were written and not synced are there after the power went. */
  keptAtDeath(bytes: number): number;
}

interface File {
  durable: Buffer;
  /** Written, and lost with the power. */
  pending: Buffer;
}

/** What outlives the terminal's processes. */
export class Platter {
  readonly files = new Map<string, File>();

  /** The power goes: of what was not synced a part may be there. */
  loseUnsynced(weather: DiskWeather): void {
    for (const file of this.files.values()) {
      const kept = file.pending.subarray(0, weather.keptAtDeath(file.pending.length));
      file.durable = Buffer.concat([file.durable, kept]);
      file.pending = Buffer.alloc(0);
    }
  }
}

/** The disk as one process sees it. */
export function simulatedDisk(
  platter: Platter,
  { life, weather }: { life: Life; weather: DiskWeather },
): TerminalDisk {
  const { files } = platter;
  const fileAt = (path: string): File => {
    const found = files.get(path);
    if (found !== undefined) return found;
    const made = { durable: Buffer.alloc(0), pending: Buffer.alloc(0) };
    files.set(path, made);
    return made;
  };
  const slowly = <T>(work: () => T): Promise<T> => life.later(weather.delayMs(), work);
  const mayFail = () => {
    if (weather.fails()) throw new Error("simulated: the disk failed");
  };

  return {
    read: ({ path }) =>
      slowly(() => {
        const file = files.get(path);
        return file === undefined ? null : Buffer.concat([file.durable, file.pending]);
      }),
    replace: ({ path, bytes }) =>
      slowly(() => {
        mayFail();
        files.set(path, { durable: Buffer.from(bytes), pending: Buffer.alloc(0) });
      }),
    remove: (path) =>
      slowly(() => {
        files.delete(path);
      }),
    openForAppend: (path) =>
      slowly((): AppendFile => {
        const file = fileAt(path);
        return {
          append: (bytes) =>
            slowly(() => {
              mayFail();
              file.pending = Buffer.concat([file.pending, bytes]);
            }),
          sync: () =>
            slowly(() => {
              mayFail();
              file.durable = Buffer.concat([file.durable, file.pending]);
              file.pending = Buffer.alloc(0);
            }),
          close: () => slowly(() => undefined),
        };
      }),
    // Two tills on one terminal are not simulated: a dead process leaves its lock to the next.
    lock: () => slowly(() => () => slowly(() => undefined)),
  };
}
