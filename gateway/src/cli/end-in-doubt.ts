// Ends a process that must not go on, whatever holds up an ordinary exit.

import { standardOutput } from "../http/log-stream.js";

/** How often it is looked whether the exit would be held up, and for how long in all: two seconds. */
const LOOKS_MAX = 40;
const LOOK_EVERY_MS = 50;

/**
 * Ends the process with a code. Node waits at its exit for the threads in which files are read and written, and one that
 * waits for a dead medium (an archive, the exported heads) never ends: then the process is ended by SIGKILL, without the
 * code. The store takes nothing more meanwhile.
 */
export function endInDoubt(code: number): void {
  let looks = 0;
  function look(): void {
    looks += 1;
    if (!isFileUnderWay()) process.exit(code);
    if (looks < LOOKS_MAX) return;
    standardOutput().flushAtExit();
    process.kill(process.pid, "SIGKILL");
  }
  setInterval(look, LOOK_EVERY_MS);
  look();
}

/** Whether a thread reads, writes or syncs a file: of the names of what a process waits for, those of such requests. */
function isFileUnderWay(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith("FSReq"));
}
