// A disk in memory on which the power is cut after so many changes.

import { MemoryDisk } from "./memory-disk.js";

/** What a machine without power "throws": the process that sees it is over. */
export class PowerCut extends Error {
  override readonly name = "PowerCut";
}

export class CrashingDisk extends MemoryDisk {
  #left: number;

  constructor(options: { changesBeforeCut: number }) {
    super();
    this.#left = options.changesBeforeCut;
  }

  override async replace(options: { path: string; bytes: Uint8Array }): Promise<void> {
    this.#count();
    return super.replace(options);
  }

  override async remove(path: string): Promise<void> {
    this.#count();
    return super.remove(path);
  }

  #count(): void {
    if (this.#left === 0) throw new PowerCut("the power is cut");
    this.#left -= 1;
  }
}
