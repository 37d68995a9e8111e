// Who holds a lock: a process, told apart from a later one that got the same number, and from those of other machines.

import { createHash, randomUUID } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";

export interface LockOwner {
  readonly pid: number;
  /** Of this one lock: never used again. */
  readonly nonce: string;
  /** Null where the system does not tell. */
  readonly bootId: string | null;
  /** In clock ticks since the boot, as Linux counts them; null where the system does not tell. */
  readonly startedAt: string | null;
  /** The name of its machine, for people. */
  readonly host: string;
  /** Tells machines, and what else counts processes by itself, apart. Null in what an earlier version wrote. */
  readonly machine: string | null;
  /** What the till calls itself. */
  readonly till: string;
  /** For how long it holds without a sign of life; null for a lock that never lapses. */
  readonly lifeMs: number | null;
}

/** The lives that a lock can have. */
const LIFE_MS_MIN = 1_000;
const LIFE_MS_MAX = 10 * 60_000;

/**
 * What can be said of an owner from here. A process of another machine shows only what it writes, and so does one of this
 * machine (`elsewhere` as well) where the system does not tell whether its number has become another program's.
 */
export type Fate = "dead" | "lives" | "elsewhere";

/** Locks that this process made, for systems that do not tell when a process began. */
const made = new Set<string>();

/** This process as the owner of a new lock. */
export async function thisProcess(
  given: { readonly till?: string | undefined; readonly lifeMs?: number } = {},
): Promise<LockOwner> {
  const nonce = randomUUID();
  made.add(nonce);
  const { pid } = process;
  const host = hostname();
  return {
    pid,
    nonce,
    bootId: await bootId(),
    startedAt: (await statOf(pid))?.startedAt ?? null,
    host,
    machine: await machine(),
    till: given.till ?? `${host}, process ${pid}`,
    lifeMs: given.lifeMs ?? null,
  };
}

/** The owner that a lock file names in its first line, or null when it names none. */
export function parseOwner(text: string): LockOwner | null {
  try {
    const { pid, nonce, bootId, startedAt, ...rest } = JSON.parse(text.split("\n", 1)[0] ?? "");
    const { host = "this machine", machine = null, till = `process ${pid}`, lifeMs = null } = rest;
    const good = isCount(pid) && /^[0-9a-f-]{36}$/.test(nonce) && isLife(lifeMs);
    if (!good) return null;
    return { pid, nonce, bootId, startedAt, host, machine, till, lifeMs };
  } catch {
    return null;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

/** A file that says anything else would be waited for without end, or not at all. */
function isLife(lifeMs: unknown): boolean {
  return lifeMs === null || (isCount(lifeMs) && lifeMs >= LIFE_MS_MIN && lifeMs <= LIFE_MS_MAX);
}

/** Whether the owner still runs. In doubt it does. */
export async function lives(owner: LockOwner): Promise<boolean> {
  return (await fateOf(owner)) !== "dead";
}

/** Whether the owner still runs, as far as this machine can tell. */
export async function fateOf(owner: LockOwner): Promise<Fate> {
  if (owner.machine !== null && owner.machine !== (await machine())) return "elsewhere";
  if (owner.bootId !== (await bootId())) return "dead";
  if (!exists(owner.pid)) return "dead";
  const now = await statOf(owner.pid);
  if (now !== null && owner.startedAt !== null) {
    return now.startedAt === owner.startedAt && !now.ended ? "lives" : "dead";
  }
  if (owner.pid !== process.pid) return "elsewhere";
  return made.has(owner.nonce) ? "lives" : "dead";
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

/** Containers of one machine may have one boot and one name, and still not see each other's processes. */
async function machine(): Promise<string> {
  const parts = [
    hostname(),
    await readFile("/etc/machine-id", "utf8").catch(() => ""),
    await readlink("/proc/self/ns/pid").catch(() => ""),
  ];
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 32);
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
