// Processes by where they are at home: whatever works in a folder, whoever started it, is killed, paused and resumed together.

import { readdirSync, readlinkSync } from "node:fs";

/** A process that starts others may do so while they are looked for. */
const ROUNDS_MAX = 1_000;

/** Those whose working directory is the folder or below it. A server's children keep it, and so do orphans. */
export function processesAt(folder: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isAt(name, folder))
    .map(Number);
}

function isAt(pid: string, folder: string): boolean {
  try {
    const at = readlinkSync(`/proc/${pid}/cwd`);
    return at === folder || at.startsWith(`${folder}/`);
  } catch {
    // It has ended, or is another user's.
    return false;
  }
}

/** Kills until nobody is left. */
export function killAt(folder: string): void {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const found = processesAt(folder);
    if (found.length === 0) return;
    for (const pid of found) tell(pid, "SIGKILL");
  }
}

/** Stops or continues everybody, also who is started meanwhile. */
export function tellAt(folder: string, signal: "SIGSTOP" | "SIGCONT"): void {
  const told = new Set<number>();
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const found = processesAt(folder).filter((pid) => !told.has(pid));
    if (found.length === 0) return;
    for (const pid of found) {
      tell(pid, signal);
      told.add(pid);
    }
  }
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}
