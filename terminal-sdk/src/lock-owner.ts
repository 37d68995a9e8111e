// Who holds a lock: a process, told apart from a later one that got the same number.

import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";

export interface LockOwner {
  readonly pid: number;
  /** Of this one lock: never used again. */
  readonly nonce: string;
  /** Null where the system does not tell. */
  readonly bootId: string | null;
  /** In clock ticks since the boot, as Linux counts them; null where the system does not tell. */
  readonly startedAt: string | null;
}

/** Locks that this process made, for systems that do not tell when a process began. */
const made = new Set<string>();

/** This process as the owner of a new lock. */
export async function thisProcess(): Promise<LockOwner> {
  const nonce = randomUUID();
  made.add(nonce);
  const { pid } = process;
  return { pid, nonce, bootId: await bootId(), startedAt: (await statOf(pid))?.startedAt ?? null };
}

/** The owner that a lock file names, or null when it names none. */
export function parseOwner(text: string): LockOwner | null {
  try {
    const { pid, nonce, bootId, startedAt } = JSON.parse(text);
    const good = Number.isSafeInteger(pid) && pid > 0 && /^[0-9a-f-]{36}$/.test(nonce);
    return good ? { pid, nonce, bootId, startedAt } : null;
  } catch {
    return null;
  }
}

/** Whether the owner still runs. In doubt it does. */
export async function lives(owner: LockOwner): Promise<boolean> {
  if (owner.bootId !== (await bootId())) return false;
  if (!exists(owner.pid)) return false;
  const now = await statOf(owner.pid);
  if (now !== null && owner.startedAt !== null) {
    return now.startedAt === owner.startedAt && !now.ended;
  }
  return owner.pid !== process.pid || made.has(owner.nonce);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it lives, under another user.
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}

async function bootId(): Promise<string | null> {
  const text = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => null);
  return text?.trim() ?? null;
}

/**
 * What Linux says of a process, or null. Source: proc_pid_stat(5), fields 3 (state) and 22 (starttime); the name in
 * field 2 may hold spaces and parentheses, so fields count from the last one.
 */
async function statOf(pid: number): Promise<{ startedAt: string; ended: boolean } | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  const startedAt = fields[19];
  return startedAt === undefined ? null : { startedAt, ended: state === "Z" || state === "X" };
}
