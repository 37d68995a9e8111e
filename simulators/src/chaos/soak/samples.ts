// One row of a soak's measurements: processes by their own word, files by their size.

import type { ChildProcess } from "node:child_process";
import { statSync } from "node:fs";
import { type ProcessSample, SAMPLE_REQUEST, type SampleAnswer } from "./probe.js";

export interface SoakSample {
  /** Made so far, by all terminals. */
  readonly sales: number;
  readonly seconds: number;
  readonly gateway: ProcessSample;
  readonly tills: readonly ProcessSample[];
  /** Of all journals together. */
  readonly journalBytes: number;
  readonly databaseBytes: number;
  readonly walBytes: number;
}

/** Asks a process that runs the probe. */
export function sampleOf(child: ChildProcess): Promise<ProcessSample> {
  return new Promise((resolve, reject) => {
    const hear = (message: unknown) => {
      const { type, sample }: Partial<SampleAnswer> = Object(message);
      if (type !== "sample" || sample === undefined) return;
      child.off("message", hear);
      child.off("exit", end);
      resolve(sample);
    };
    const end = () => reject(new Error("a process ended before it was measured"));
    child.on("message", hear);
    child.once("exit", end);
    child.send(SAMPLE_REQUEST);
  });
}

/** Zero where there is none. */
export function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
