// The rule of a trace: nothing leaves on a connection before what it stands on was written to a log and synced.

import type { CallEvent } from "./parse-strace.js";

const WRITES = new Set(["write", "writev", "pwrite64", "pwritev", "sendmsg", "sendto"]);
const READS = new Set(["read", "recvfrom", "recvmsg"]);
const SYNCS = new Set(["fsync", "fdatasync"]);

/** What one end of a connection sends in one go: everything between two reads. */
export interface Turn {
  readonly connection: string;
  /** Whether a record was written to the log and synced after the last words of the other end began to arrive. */
  readonly synced: boolean;
  /** How many records were synced in all when it began. */
  readonly syncedRecords: number;
  /** What was sent first, by strace's text of it. */
  readonly args: string;
}

export interface DurabilityOrder {
  /** Writes to a connection that began while the log held bytes that no returned sync covers, in words. */
  readonly early: readonly string[];
  /** Every turn, in the order in which they began. */
  readonly turns: readonly Turn[];
}

export interface OrderOptions {
  /** Whether a path is the log's. */
  readonly isLog: (path: string) => boolean;
  /** Whether a write to the log is a record that counts, by strace's text of its arguments. By default all are. */
  readonly isRecord?: (args: string) => boolean;
}

/** Runs the state machine over a trace. Pure: equal traces give equal results. */
export function durabilityOrder(
  events: readonly CallEvent[],
  { isLog, isRecord = () => true }: OrderOptions,
): DurabilityOrder {
  const log = new LogState();
  const connections = new Map<string, ConnectionState>();
  const early: string[] = [];
  const turns: Turn[] = [];
  for (const event of events) {
    const { name, phase, target, args } = event;
    if (isLog(target)) log.see(event, isRecord);
    if (!target.startsWith("TCP")) continue;
    const connection = connections.get(target) ?? {
      writing: false,
      recordsBefore: log.records,
    };
    connections.set(target, connection);
    if (READS.has(name) && phase === "returned" && (event.result ?? 0) > 0 && connection.writing) {
      connection.writing = false;
      connection.recordsBefore = log.records;
    }
    if (!WRITES.has(name) || phase === "returned") continue;
    if (log.isDirty) early.push(`${name} to ${target} began before the log was synced`);
    if (connection.writing) continue;
    connection.writing = true;
    const { syncedRecords } = log;
    const synced = syncedRecords > connection.recordsBefore;
    turns.push({ connection: target, synced, syncedRecords, args });
  }
  return { early, turns };
}

interface ConnectionState {
  /** Whether this end has written since it last read. */
  writing: boolean;
  /** How many records the log held when the other end's last words began to arrive. */
  recordsBefore: number;
}

/** What is known of the log at one point of the trace, in numbers of writes and of records. */
class LogState {
  #begun = 0;
  #finished = 0;
  #synced = 0;
  records = 0;
  syncedRecords = 0;
  /** What each sync under way will cover, by thread. */
  readonly #syncing = new Map<number, { readonly writes: number; readonly records: number }>();

  get isDirty(): boolean {
    return this.#synced < this.#begun;
  }

  see({ name, phase, thread, args, result }: CallEvent, isRecord: (args: string) => boolean): void {
    if (WRITES.has(name)) {
      if (phase === "returned") this.#finished += 1;
      else {
        this.#begun += 1;
        if (isRecord(args)) this.records += 1;
      }
    }
    if (!SYNCS.has(name)) return;
    // A sync that begins while a write is under way covers nothing for certain.
    const isQuiet = this.#begun === this.#finished;
    if (phase === "started" && isQuiet) {
      this.#syncing.set(thread, { writes: this.#begun, records: this.records });
    }
    if (phase === "started") return;
    const covered = this.#syncing.get(thread);
    this.#syncing.delete(thread);
    if (covered === undefined || result !== 0) return;
    this.#synced = Math.max(this.#synced, covered.writes);
    this.syncedRecords = Math.max(this.syncedRecords, covered.records);
  }
}

/** The last turns of each connection: what was said on it after its handshake. */
export function lastTurns(turns: readonly Turn[], perConnection: number): readonly Turn[] {
  const connections = new Set(turns.map(({ connection }) => connection));
  return [...connections].flatMap((name) =>
    turns.filter(({ connection }) => connection === name).slice(-perConnection),
  );
}
