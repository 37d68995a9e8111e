// A disk in memory that tells what would survive a power cut, and that a test can make fail.

import type { AppendFile, TerminalDisk } from "../disk.js";

interface MemoryFile {
  durable: Buffer;
  pending: Buffer;
}

export class MemoryDisk implements TerminalDisk {
  readonly #files = new Map<string, MemoryFile>();
  /** Thrown by the next sync, if set. */
  syncFailure: Error | null = null;
  /** Called at each sync, before it takes effect. */
  onSync: () => Promise<void> | void = () => undefined;

  async read({ path }: { path: string }): Promise<Uint8Array | null> {
    return this.#files.get(path)?.durable ?? null;
  }

  async replace({ path, bytes }: { path: string; bytes: Uint8Array }): Promise<void> {
    this.#files.set(path, { durable: Buffer.from(bytes), pending: Buffer.alloc(0) });
  }

  async remove(path: string): Promise<void> {
    this.#files.delete(path);
  }

  async openForAppend(path: string): Promise<AppendFile> {
    const file = this.#files.get(path) ?? { durable: Buffer.alloc(0), pending: Buffer.alloc(0) };
    this.#files.set(path, file);
    return {
      append: async (bytes) => {
        file.pending = Buffer.concat([file.pending, bytes]);
      },
      sync: async () => {
        await this.onSync();
        if (this.syncFailure !== null) throw this.syncFailure;
        file.durable = Buffer.concat([file.durable, file.pending]);
        file.pending = Buffer.alloc(0);
      },
      close: async () => undefined,
    };
  }

  /** Nobody else is there; a crash leaves no lock behind. */
  async lock(): Promise<() => Promise<void>> {
    return async () => undefined;
  }

  /** What a power cut would leave of a file. */
  durable(path: string): string {
    return this.#files.get(path)?.durable.toString("utf8") ?? "";
  }

  /** Another disk with what a power cut would leave of this one. */
  afterPowerCut(): MemoryDisk {
    const disk = new MemoryDisk();
    for (const [path, { durable }] of this.#files) disk.put(path, durable);
    return disk;
  }

  /** Puts a file there as it is. */
  put(path: string, content: string | Uint8Array): void {
    this.#files.set(path, { durable: Buffer.from(content), pending: Buffer.alloc(0) });
  }
}
