// Runs a command under strace and reads its trace.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CallEvent, parseStrace } from "./parse-strace.js";

/** Every call by which Node or SQLite reads, writes or syncs a file or a connection. */
const CALLS = [
  "read,recvfrom,recvmsg",
  "write,writev,pwrite64,pwritev,sendmsg,sendto",
  "fsync,fdatasync",
].join();

/** Enough of what is written to tell the records of a journal apart. */
const TEXT_BYTES = 96;

export interface Trace {
  /** Put before a command line, it traces the command and all its threads. */
  readonly under: readonly string[];
  /** The calls of a command that has ended. */
  read(): readonly CallEvent[];
}

/** Prepares a trace in a folder. */
export function traceIn(folder: string): Trace {
  const file = join(folder, "trace.txt");
  const format = ["-f", "-ttt", "-yy", "-s", String(TEXT_BYTES)];
  return {
    under: ["strace", ...format, "-e", `trace=${CALLS}`, "-o", file],
    read: () => parseStrace(readFileSync(file, "utf8")),
  };
}
