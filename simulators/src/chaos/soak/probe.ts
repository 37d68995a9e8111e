// Within a process that is watched: tells its parent how much memory and how many files it holds, when it is asked.

import { readdirSync } from "node:fs";

/** Of one process at one moment. */
export interface ProcessSample {
  readonly rssBytes: number;
  /** After a full garbage collection. */
  readonly heapBytes: number;
  /** Open file descriptors, connections included. */
  readonly descriptors: number;
}

/** What the parent sends, and what comes back. */
export const SAMPLE_REQUEST = "sample";
export interface SampleAnswer {
  readonly type: "sample";
  readonly sample: ProcessSample;
}

process.on("message", (message) => {
  if (message !== SAMPLE_REQUEST) return;
  // Twice: what the first one frees by finalizers the second one takes away.
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss: rssBytes, heapUsed: heapBytes } = process.memoryUsage();
  const descriptors = readdirSync("/proc/self/fd").length;
  const answer: SampleAnswer = { type: "sample", sample: { rssBytes, heapBytes, descriptors } };
  process.send?.(answer);
});
