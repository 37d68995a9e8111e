// The one writer of the store: what arrives during a commit shares the next, and a doubtful commit stops it for good.

import type { Answer, Command, OpenedEvidence } from "../core/ports.js";
import { createCopies } from "./copies.js";
import {
  type Awaitable,
  type Company,
  type Driver,
  SpoiledError,
  TransactionLostError,
} from "./driver.js";
import { LedgerDamagedError, LedgerFailedError } from "./failures.js";
import type { StoreOptions } from "./options.js";
import { createOverload } from "./overload.js";
import { createReruns } from "./reruns.js";
import { createRunner, type Ran } from "./runner.js";
import { together } from "./sql/together.js";
import { createTurnstile } from "./turnstile.js";
import { createWaitingLine, type Waiting, type Work } from "./waiting.js";

/** The most commands that share one commit. More wait for the next, and the process gets a turn in between. */
export const BATCH_MAX = 64;

/** The most commands that may wait. One more is refused before anything is done for it. */
export const QUEUE_MAX = 4_096;

/** Of these, what is kept for reversals: a line that is full of sales lets them in still. */
export const REVERSALS_RESERVE = 512;

/** Durability is in doubt, or the file is damaged: this process answers nothing more. */
export class StoreStoppedError extends Error {
  override readonly name = "StoreStoppedError";
}

/** Too many reads wait. Nothing was looked at, and the same may be asked again. */
export class StoreBusyError extends Error {
  override readonly name = "StoreBusyError";
}

export interface Writer {
  /** As the store's. */
  execute(command: Command): Promise<Answer>;
  /** Work between two commits. @throws StoreBusyError where too much of its kind waits. */
  inTurn<T>(kind: Work["kind"], work: () => T | Promise<T>): Promise<T>;
  /**
   * Work in a transaction of its own, durable when it settles. Only inside a turn of kind `alone`.
   *
   * @param company alone where nothing is said.
   */
  committed<T>(work: () => Awaitable<T>, company?: Company): Promise<T>;
  /** A look at what is durable that waits for nobody. */
  atOnce<T>(look: () => Awaitable<T>): Promise<T>;
  /** How many commands shared the last commit; 0 before the first. */
  lastCommit(): number;
  /** How many commands and works wait. */
  waiting(): number;
  /** Finishes what was accepted, then lets go of the driver. */
  close(): Promise<void>;
}

/**
 * Builds the writer of a driver. It gives the process a turn before each commit, and waits for no time but before it runs a
 * batch again.
 */
export function createWriter<Opened extends OpenedEvidence>(options: StoreOptions<Opened>): Writer {
  const { driver, clock, schedule = setImmediate } = options;
  const runner = createRunner(options);
  const line = createWaitingLine();
  const turnstile = createTurnstile();
  const overload = createOverload({ clock, random: options.random, batchMax: BATCH_MAX });
  const copies = createCopies();
  let lastCommit = 0;
  let isProgrammeKept = false;
  let running: Promise<void> | null = null;
  let stopped: StoreStoppedError | null = null;
  let closed = false;

  function execute(command: Command): Promise<Answer> {
    if (stopped) return Promise.reject(stopped);
    if (closed) return Promise.resolve({ type: "unavailable", error: new Error("closed") });
    const refused = refusalOf(command);
    // Nobody is told that nothing was done while an earlier copy of the same waits to be decided.
    if (refused !== null) return copies.answerOf(command) ?? Promise.resolve(tell(refused));
    const answer = new Promise<Answer>((resolve, reject) => {
      line.addCommand({ command, arrivedMs: clock.monotonicMs(), resolve, reject });
      wake();
    }).finally(() => turnstile.leave(command));
    copies.add(command, answer);
    return answer;
  }

  /** Why a command may not wait; null where it may, and its place is taken. */
  function refusalOf(command: Command): Answer | null {
    const why = options.closed?.(command) ?? null;
    if (why) return { type: "closed", ...why };
    const shedForMs = shed(command);
    return shedForMs === null ? null : { type: "overloaded", retryAfterMs: shedForMs };
  }

  function tell(refused: Answer): Answer {
    if (refused.type === "overloaded") options.onShed?.();
    return refused;
  }

  /** After how long a command may come again for which there is no room; null where there is, and its place is taken. */
  function shed(command: Command): number | null {
    const before = { ahead: line.sales(), alone: line.alone() };
    const tooLateMs = overload.refusal(command, before);
    if (tooLateMs !== null) return tooLateMs;
    const max = command.type === "reverse" ? QUEUE_MAX : QUEUE_MAX - REVERSALS_RESERVE;
    const isFull = line.size() >= max || !turnstile.enter(command);
    return isFull ? overload.retryAfterMs(before) : null;
  }

  /** Lets the events at hand happen: what arrives by then shares the next commit. */
  function turn(): Promise<void> {
    return new Promise<void>((resolve) => schedule(resolve));
  }

  /** One writer at a time. */
  function wake(): void {
    running ??= drain().finally(() => {
      running = null;
      if (line.size() > 0 && !stopped) wake();
    });
  }

  async function drain(): Promise<void> {
    overload.begin();
    while ((line.size() > 0 || isUpkeepDue()) && !stopped) {
      await turn();
      // By now the answers of the last commit are on their way.
      if (isUpkeepDue()) keepUp();
      const alone = line.takeAlone();
      if (alone) {
        overload.take(0);
        await alone.run();
        overload.begin();
        continue;
      }
      const batch = whatIsOpen(line.takeCommands(BATCH_MAX));
      overload.take(batch.length);
      if (batch.length > 0) await commitTogether(batch);
      await readBetween(line.takeReads());
      overload.pass();
    }
  }

  async function readBetween(reads: readonly Work[]): Promise<void> {
    if (reads.length === 0) return;
    // Else the answers of the commit before would wait for what is read.
    await turn();
    for (const read of reads) await read.run();
  }

  const isUpkeepDue = () => driver.upkeep?.isDue(line.size() === 0) ?? false;

  function keepUp(): void {
    try {
      driver.upkeep?.run();
    } catch (error) {
      if (error instanceof LedgerFailedError) stop([], error);
      else options.onUpkeepFailed?.(error);
    }
  }

  /** Once more, for what has waited: the clock may have jumped in the meantime, and would be stamped on it. */
  function whatIsOpen(batch: readonly Waiting[]): readonly Waiting[] {
    return batch.filter(({ command, resolve }) => {
      const why = options.closed?.(command) ?? null;
      if (why) resolve({ type: "closed", ...why });
      return why === null;
    });
  }

  /** Opens a transaction. What is decided in it stands under the programme, which the first one that is durable keeps. */
  async function begin(company: Company): Promise<void> {
    await driver.begin(company);
    if (isProgrammeKept) return;
    await driver.keepProgramme(options.programme);
  }

  /** Durable when it settles. */
  async function sync(): Promise<void> {
    await driver.sync();
    isProgrammeKept = true;
  }

  /** Runs each command of a batch in one transaction. */
  async function runTogether(batch: readonly Waiting[], ahead: Driver["ahead"]): Promise<Ran[]> {
    const commands = batch.map(({ command }) => command);
    const ran: Ran[] = [];
    await begin("others");
    if (ahead) await together([ahead.read(runner.ahead(commands)), runner.admit(commands)]);
    for (const command of commands) ran.push(await runner.run(command));
    await ahead?.settle();
    return ran;
  }

  /**
   * What was stored is answered. Where nothing was, the batch may be run again: on what another gateway has written by then.
   * Where a bug spoiled it, no run looks ahead any more.
   */
  async function commitTogether(batch: readonly Waiting[]): Promise<void> {
    const commands = batch.map(({ command }) => command);
    const mayRunAgain = createReruns(options);
    let { ahead } = driver;
    for (;;) {
      let ran: readonly Ran[] | null = null;
      try {
        ran = await runTogether(batch, ahead);
        const noting = runner.note(commands, ran);
        const commitMs = await syncTimed();
        // Who has an answer may ask another gateway at once, and is counted there by then.
        await noting;
        answer(batch, ran, commitMs);
        return;
      } catch (error) {
        if (error instanceof SpoiledError) ahead = undefined;
        const isGivenUp = ran === null ? await isTakenBack(batch, error) : isLost(batch, error);
        if (!isGivenUp) return;
        if (await mayRunAgain(error)) continue;
        refuse(batch, error);
        return;
      }
    }
  }

  /** @returns how long it took. */
  async function syncTimed(): Promise<number> {
    const commitFromMs = clock.monotonicMs();
    await sync();
    return clock.monotonicMs() - commitFromMs;
  }

  function answer(batch: readonly Waiting[], ran: readonly Ran[], commitMs: number): void {
    lastCommit = batch.length;
    overload.end(
      batch.length,
      ran.reduce((sum, { decideMs }) => sum + decideMs, 0),
    );
    options.onCommit?.(batch.length);
    for (const [index, waiting] of batch.entries()) {
      const one = ran[index];
      if (one) waiting.resolve(withTimings(one, { waiting, commitMs }));
    }
  }

  function withTimings(one: Ran, at: { waiting: Waiting; commitMs: number }): Answer {
    if (one.answer.type !== "decision") return one.answer;
    const queueMs = one.startedMs - at.waiting.arrivedMs;
    return { ...one.answer, timings: { queueMs, decideMs: one.decideMs, commitMs: at.commitMs } };
  }

  /**
   * Before the commit was asked for, nothing is in doubt: the transaction is dropped, also where it is said to be lost, which
   * may have been something else than its own.
   *
   * @returns false where the process stops.
   */
  async function isTakenBack(batch: readonly Waiting[], error: unknown): Promise<boolean> {
    if (error instanceof LedgerFailedError) {
      stop(batch, error);
      return false;
    }
    try {
      await driver.rollback();
      return true;
    } catch (cause) {
      stop(batch, cause);
      return false;
    }
  }

  /** A commit that failed is in doubt, but where the driver knows that nothing of it is there. @returns as {@link isTakenBack}. */
  function isLost(batch: readonly Waiting[], error: unknown): boolean {
    if (error instanceof TransactionLostError) return true;
    stop(batch, error);
    return false;
  }

  function refuse(batch: readonly Waiting[], error: unknown): void {
    const agents = new Set(
      batch.flatMap(({ command }) => (command.type === "load" ? [command.agent.id] : [])),
    );
    // An agent's events stay in their order: none is stored that was sent after one which is not.
    const lost = [...batch, ...line.takeEventsOf(agents)];
    for (const waiting of lost) waiting.resolve({ type: "unavailable", error });
  }

  function stop(batch: readonly Waiting[], cause: unknown): void {
    const isFirst = stopped === null;
    stopped ??= new StoreStoppedError(whyStopped(cause), { cause });
    for (const waiting of batch) waiting.reject(stopped);
    const { commands, works } = line.takeAll();
    for (const waiting of commands) waiting.reject(stopped);
    for (const work of works) void work.run();
    if (isFirst) options.onDoubt?.(cause);
  }

  function inTurn<T>(kind: Work["kind"], work: () => T | Promise<T>): Promise<T> {
    if (stopped) return Promise.reject(stopped);
    if (closed) return Promise.reject(new Error("the store is closed"));
    if (line.size() >= QUEUE_MAX - REVERSALS_RESERVE || line.isFullFor(kind)) {
      return Promise.reject(new StoreBusyError("too much waits for the store"));
    }
    return new Promise<T>((resolve, reject) => {
      const run = async () => {
        try {
          if (stopped) throw stopped;
          const result = await work();
          // Before who asked goes on: whatever time that takes is none of the store's.
          overload.pass();
          resolve(result);
        } catch (error) {
          overload.pass();
          if (error instanceof LedgerFailedError) stop([], error);
          reject(stopped ?? error);
        }
      };
      line.addWork({ kind, run });
      wake();
    });
  }

  async function committed<T>(work: () => Awaitable<T>, company: Company = "alone"): Promise<T> {
    let result: T;
    try {
      await begin(company);
      result = await work();
    } catch (error) {
      await isTakenBack([], error);
      throw error;
    }
    try {
      await sync();
    } catch (error) {
      isLost([], error);
      throw stopped ?? error;
    }
    return result;
  }

  async function atOnce<T>(look: () => Awaitable<T>): Promise<T> {
    if (stopped) throw stopped;
    try {
      return await look();
    } catch (error) {
      if (error instanceof LedgerFailedError) stop([], error);
      throw stopped ?? error;
    }
  }

  return {
    execute,
    inTurn,
    committed,
    atOnce,
    lastCommit: () => lastCommit,
    waiting: () => line.size(),
    async close() {
      if (closed) return;
      closed = true;
      while (running) await running;
      await driver.close();
    },
  };
}

function whyStopped(cause: unknown): string {
  return cause instanceof LedgerDamagedError
    ? "the ledger's file is damaged; the process stops, and the ledger must be restored from its backup"
    : "a commit is in doubt; the process stops and recovers by id";
}
