// The terminal's journal: what it must still know after a power cut, durable before it is acted upon.

import { resolve } from "node:path";
import { systemClock, type TerminalClock } from "../clock.js";
import { type AppendFile, nodeDisk, type TerminalDisk } from "../disk.js";
import { PassTpeError, textOf } from "../errors.js";
import { type Hold, type HoldTerms, type HoldWatcher, LeaseLostError } from "../lease/hold.js";
import { FileInUseError } from "../lease/succession.js";
import { formatLine, type JournalFault, parseJournal } from "./journal-format.js";
import type { JournalRecord } from "./journal-records.js";
import {
  applyRecord,
  awaitsAcknowledgement,
  dropFinished,
  emptyState,
  type JournalAttempt,
  type JournalRefund,
  type JournalState,
  owesCapture,
  owesRefund,
  owesReversal,
  recordsOf,
} from "./journal-state.js";

/** The file is rewritten without its old finished sales each time that it has grown by this. */
export const JOURNAL_COMPACT_BYTES = 8 * 1024 * 1024;

/** A journal file is refused above this size: no terminal writes one. */
export const JOURNAL_BYTES_MAX = 256 * 1024 * 1024;

/** At most so many records wait for the disk; a terminal that makes one sale at a time never has more than a few. */
const JOURNAL_QUEUE_MAX = 1_000;

interface Waiting {
  readonly record: JournalRecord;
  done(): void;
  reject(reason: PassTpeError): void;
}

/** An append-only file of checksummed lines. Records that arrive during a sync share the next one. */
export class Journal {
  readonly #path: string;
  readonly #disk: TerminalDisk;
  readonly #clock: TerminalClock;
  readonly #state: JournalState;
  readonly #hold: Hold;
  #file: AppendFile;
  readonly #compactBytes: number;
  #bytes: number;
  /** As of the last rewriting: what stays is not rewritten for every record. */
  #keptBytes: number;
  #queue: Waiting[] = [];
  #draining: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  #failure: PassTpeError | null = null;

  private constructor(options: {
    path: string;
    disk: TerminalDisk;
    clock: TerminalClock;
    state: JournalState;
    hold: Hold;
    file: AppendFile;
    bytes: number;
    compactBytes: number;
  }) {
    this.#path = options.path;
    this.#disk = options.disk;
    this.#clock = options.clock;
    this.#state = options.state;
    this.#hold = options.hold;
    this.#file = options.file;
    this.#bytes = options.bytes;
    this.#keptBytes = options.bytes;
    this.#compactBytes = options.compactBytes;
  }

  /**
   * Opens or makes a journal and rewrites it without a torn last line and without old finished sales.
   *
   * @param options.compactBytes by how much it grows until it is rewritten; {@link JOURNAL_COMPACT_BYTES} by default.
   * @param options.takeOver has another terminal that holds it give it up, or waits until it shows no life any more.
   * @throws PassTpeError `JOURNAL_IN_USE` with `heldBy` when another terminal has it open: what is in flight there would
   * be taken for lost here, and reversed; `JOURNAL_CORRUPT` when a line that was durable has changed, a later
   * version wrote it, or the file is no journal; `JOURNAL_FAILED` when
   * the disk cannot be used.
   */
  static async open(
    options: HoldTerms & {
      path: string;
      disk?: TerminalDisk;
      clock?: TerminalClock;
      compactBytes?: number;
    },
  ): Promise<Journal> {
    const { disk = nodeDisk, clock = systemClock } = options;
    const { compactBytes = JOURNAL_COMPACT_BYTES } = options;
    // For as long as it is open, wherever the process goes. A disk that is given has names of its own.
    const path = options.disk === undefined ? resolve(options.path) : options.path;
    const hold = await takeHold({ ...options, path, disk, clock });
    try {
      const found = await disk.read({ path, bytesMax: JOURNAL_BYTES_MAX });
      const state = stateOf({ path, text: Buffer.from(found ?? []).toString("utf8") });
      const bytes = await rewrite({ hold, clock, state });
      const file = await disk.openForAppend(path);
      return new Journal({ path, disk, clock, state, hold, file, bytes, compactBytes });
    } catch (thrown) {
      await hold.release();
      throw failureOf(path, thrown);
    }
  }

  /**
   * Says whose journal it is: one that knows no terminal belongs to this one from then on.
   *
   * @param terminal the terminal's identity; null without credentials, which proves none and is kept as none.
   * @throws PassTpeError `JOURNAL_OF_ANOTHER`: what is owed in it would be sent in another's name. `JOURNAL_FAILED`.
   */
  async bindTo(terminal: string | null): Promise<void> {
    const owner = this.#state.terminal?.id ?? null;
    if (owner === terminal) return;
    if (owner !== null) throw ofAnother({ path: this.#path, owner, terminal });
    if (terminal === null) return;
    await this.append({ type: "terminal", id: terminal, atMs: this.#clock.nowMs() });
  }

  /** Who is told when another till wants the journal, or has it: from then on nothing more may be sent. */
  onTakeOver(watcher: HoldWatcher): void {
    this.#hold.watch({
      asked: (by) => watcher.asked(by),
      lost: (by) => {
        this.#failure ??= failureOf(this.#path, new LeaseLostError(by));
        watcher.lost(by);
      },
    });
  }

  /**
   * Why this terminal may send nothing that moves money, or null: `JOURNAL_IN_USE` where another till has the journal,
   * `JOURNAL_FAILED` where nobody can tell just now, `CLOSED`.
   */
  async whyNotHeld(): Promise<PassTpeError | null> {
    if (this.#failure?.code === "CLOSED") return this.#failure;
    try {
      await this.#hold.check();
      return null;
    } catch (thrown) {
      return thrown instanceof LeaseLostError
        ? failureOf(this.#path, thrown)
        : unseenLock(this.#path, thrown);
    }
  }

  /** Ids of the sales that must still be reversed, oldest first. */
  owedReversals(): string[] {
    return this.#idsOf(owesReversal);
  }

  /** Ids of the held sales whose capture was begun and never answered, oldest first. */
  owedCaptures(): string[] {
    return this.#idsOf(owesCapture);
  }

  /** Refunds that were begun and never answered, oldest first. */
  owedRefunds(): JournalRefund[] {
    return this.refunds().filter(owesRefund);
  }

  /** Approved sales on which the till has not had its last word, oldest first. */
  unacknowledged(): JournalAttempt[] {
    return this.sales().filter(awaitsAcknowledgement);
  }

  /** What the journal holds of one sale. */
  find(id: string): JournalAttempt | undefined {
    return this.#state.sales.get(id);
  }

  /** What the journal holds of one refund, by its own id. */
  findRefund(id: string): JournalRefund | undefined {
    return this.#state.refunds.get(id);
  }

  /** Every sale that it holds, oldest first. */
  sales(): JournalAttempt[] {
    return [...this.#state.sales.values()];
  }

  /** Every refund that it holds, oldest first. */
  refunds(): JournalRefund[] {
    return [...this.#state.refunds.values()];
  }

  /**
   * Resolves once the record would survive a power cut.
   *
   * @throws PassTpeError `JOURNAL_IN_USE` where another till has taken it over; `JOURNAL_FAILED`. After a failed write or
   * sync nobody knows what the disk holds, so the journal takes nothing more until it is opened again; where only the lock
   * could not be looked at before, nothing was written, and the next record may be taken.
   */
  append(record: JournalRecord): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (this.#queue.length >= JOURNAL_QUEUE_MAX) {
      return Promise.reject(diskFailure(this.#path, `${JOURNAL_QUEUE_MAX} records wait for it`));
    }
    return new Promise((done, reject) => {
      this.#queue.push({ record, done, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves once nothing waits for the disk: what was appended is known here, or has failed. Never rejects. */
  async drained(): Promise<void> {
    await this.#draining;
  }

  /** Waits for what was appended, then lets go of the file. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#draining;
    this.#failure = new PassTpeError({ code: "CLOSED", detail: "the journal is closed" });
    try {
      await this.#file.close();
    } finally {
      await this.#hold.release();
    }
  }

  #idsOf(wanted: (sale: JournalAttempt) => boolean): string[] {
    return this.sales()
      .filter(wanted)
      .map(({ attempt }) => attempt.id);
  }

  async #drain(): Promise<void> {
    // Ends: `append` refuses above JOURNAL_QUEUE_MAX, and every turn empties the queue.
    while (this.#queue.length > 0) {
      const group = this.#queue;
      this.#queue = [];
      // Before anything is written: somebody else's file is left alone.
      const unheld = await this.whyNotHeld();
      if (unheld !== null) {
        this.#refuse(group, unheld);
        continue;
      }
      try {
        await this.#write(group);
        for (const { done } of group) done();
        if (this.#bytes - this.#keptBytes > this.#compactBytes) await this.#compact();
      } catch (thrown) {
        this.#fail(group, failureOf(this.#path, thrown));
      }
    }
    this.#draining = null;
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    const bytes = Buffer.from(group.map(({ record }) => formatLine(record)).join(""));
    await this.#file.append(bytes);
    await this.#file.sync();
    // What was durable by now a successor has read, or will read. The two looks do not wait for each other.
    const [isInPlace] = await Promise.all([this.#file.isInPlace?.(), this.#hold.check()]);
    if (isInPlace === false) throw await this.#movedAway();
    this.#bytes += bytes.length;
    for (const { record } of group) applyRecord(this.#state, record);
  }

  async #compact(): Promise<void> {
    const path = this.#path;
    await this.#file.close();
    this.#bytes = await rewrite({ hold: this.#hold, clock: this.#clock, state: this.#state });
    this.#keptBytes = this.#bytes;
    this.#file = await this.#disk.openForAppend(path);
  }

  /** A successor has put its own file there, or somebody has moved this one. */
  async #movedAway(): Promise<Error> {
    await this.#hold.check();
    return new Error("the file was moved or replaced while the terminal was open");
  }

  /** Nothing was written. A lock that cannot be looked at now may be there again for the next record. */
  #refuse(group: readonly Waiting[], unheld: PassTpeError): void {
    if (unheld.code === "JOURNAL_IN_USE") this.#fail(group, unheld);
    else for (const { reject } of group) reject(unheld);
  }

  #fail(group: readonly Waiting[], failure: PassTpeError): void {
    this.#failure = failure;
    // Settling a promise twice does nothing, so records that were already durable stay so.
    for (const { reject } of [...group, ...this.#queue]) reject(failure);
    this.#queue = [];
  }
}

async function takeHold(
  options: HoldTerms & { path: string; disk: TerminalDisk; clock: TerminalClock },
): Promise<Hold> {
  const { path, disk } = options;
  try {
    return (await disk.lease?.(options)) ?? lockedAlone(disk, path, await disk.lock(path));
  } catch (cause) {
    throw failureOf(path, cause);
  }
}

/** On a disk that one process has alone nobody takes anything over. */
function lockedAlone(disk: TerminalDisk, path: string, release: () => Promise<void>): Hold {
  return {
    check: async () => undefined,
    replace: (bytes) => disk.replace({ path, bytes }),
    watch: () => undefined,
    release,
  };
}

function failureOf(path: string, cause: unknown): PassTpeError {
  if (cause instanceof PassTpeError) return cause;
  const code = "JOURNAL_IN_USE";
  if (cause instanceof FileInUseError) {
    const { message, holder } = cause;
    return new PassTpeError({ code, detail: `${path}: ${message}`, cause, heldBy: holder });
  }
  if (cause instanceof LeaseLostError) {
    const detail = `${path}: ${cause.message}; open a terminal again when that till has closed`;
    return new PassTpeError({ code, detail, cause });
  }
  return diskFailure(path, cause);
}

function ofAnother(options: {
  path: string;
  owner: string;
  terminal: string | null;
}): PassTpeError {
  const { path, owner, terminal } = options;
  const by = terminal === null ? "without credentials" : `by ${terminal}`;
  return new PassTpeError({
    code: "JOURNAL_OF_ANOTHER",
    detail: `${path} is the journal of ${owner}, opened ${by}; give each terminal a journal of its own, and open this one with the credentials of ${owner} until nothing is owed`,
  });
}

const FAULTS: Readonly<Record<JournalFault, string>> = {
  damaged:
    "damaged before a later good line; keep the file, have support reconcile its sales with the gateway, then move it away",
  unknownType:
    "written by a later version of the terminal; open the journal with that version or a newer one",
  noRecord:
    "a line that no terminal wrote, under a right checksum; keep the file, have support reconcile its sales with the gateway, then move it away",
  noJournal: "this file is no journal and was left as it is; give the journal a path of its own",
};

function stateOf(options: { path: string; text: string }): JournalState {
  const parsed = parseJournal(options.text);
  if (!parsed.ok) {
    throw new PassTpeError({
      code: "JOURNAL_CORRUPT",
      detail: `${options.path}, line ${parsed.lineNumber}: ${FAULTS[parsed.why]}`,
    });
  }
  const state = emptyState();
  for (const record of parsed.records) applyRecord(state, record);
  return state;
}

async function rewrite(options: {
  hold: Hold;
  clock: TerminalClock;
  state: JournalState;
}): Promise<number> {
  const { hold, clock, state } = options;
  dropFinished({ state, nowMs: clock.nowMs() });
  const bytes = Buffer.from(recordsOf(state).map(formatLine).join(""));
  await hold.replace(bytes);
  return bytes.length;
}

function unseenLock(path: string, cause: unknown): PassTpeError {
  return new PassTpeError({
    code: "JOURNAL_FAILED",
    detail: `${path}: its lock cannot be looked at (${textOf(cause)}), so nothing was written or sent; try again, and check the disk or the shared folder where this goes on`,
    cause,
  });
}

function diskFailure(path: string, cause: unknown): PassTpeError {
  return new PassTpeError({
    code: "JOURNAL_FAILED",
    detail: `${path}: ${textOf(cause)}; check that the disk is writable and not full, then open the terminal again`,
    cause,
  });
}
