// The store above any driver: one writer, group commit, the same id always the same answer.

import { type StatusAnswer, StatusAnswerSchema } from "@pass-tpe/protocol";
import type { Answer, Command, OpenedEvidence, Store } from "../core/ports.js";
import { createAttemptRunner, type Ran } from "./attempt.js";
import { TransactionLostError } from "./driver.js";
import type { StoreOptions } from "./options.js";
import type { LoadBatch } from "./records.js";
import { type VerifyReport, verifyLedger } from "./verify.js";

/** The most commands that share one commit. More wait for the next. */
export const BATCH_MAX = 256;

/** The most commands that may wait. One more is refused before anything is done for it. */
export const QUEUE_MAX = 4_096;

/** Durability is in doubt: this process answers nothing more, and recovers by id when it starts again. */
export class StoreStoppedError extends Error {
  override readonly name = "StoreStoppedError";
}

interface Waiting {
  readonly command: Command;
  readonly arrivedMs: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** A {@link Store} with what the composition root needs beside it. */
export interface EmbeddedStore extends Store {
  load(batch: LoadBatch): Promise<void>;
  /** Recomputes balances from entries and decides every attempt again. */
  verify(): Promise<VerifyReport>;
  /** How many commands wait for their commit. */
  waiting(): number;
  /** Finishes what was accepted, then lets go of the driver. */
  close(): Promise<void>;
}

/**
 * Builds a store on a driver. Everything that arrived during the last commit goes into the next one; there are no
 * timers. Reads and effects of one command follow each other inside the transaction, so that no other command comes
 * between check and act.
 */
export function createStore<Opened extends OpenedEvidence>(
  options: StoreOptions<Opened>,
): EmbeddedStore {
  const { driver, programme, clock } = options;
  const schedule = options.schedule ?? setImmediate;
  const runAttempt = createAttemptRunner(options);
  const queue: Waiting[] = [];
  const betweenCommits: (() => Promise<void>)[] = [];
  let running: Promise<void> | null = null;
  let stopped: StoreStoppedError | null = null;
  let closed = false;

  function execute(command: Command): Promise<Answer> {
    if (stopped) return Promise.reject(stopped);
    if (closed || queue.length >= QUEUE_MAX) {
      const error = new Error(closed ? "the store is closed" : "too many commands wait");
      return Promise.resolve({ type: "unavailable", error });
    }
    return new Promise((resolve, reject) => {
      queue.push({ command, arrivedMs: clock.monotonicMs(), resolve, reject });
      wake();
    });
  }

  /** One writer at a time, started after the events at hand so that they share its first commit. */
  function wake(): void {
    running ??= new Promise<void>((resolve) => schedule(resolve)).then(drain).finally(() => {
      running = null;
      if (queue.length + betweenCommits.length > 0 && !stopped) wake();
    });
  }

  async function drain(): Promise<void> {
    while (queue.length + betweenCommits.length > 0 && !stopped) {
      for (const work of betweenCommits.splice(0)) await work();
      if (queue.length > 0) await commitTogether(queue.splice(0, BATCH_MAX));
    }
  }

  async function commitTogether(batch: readonly Waiting[]): Promise<void> {
    const ran: Ran[] = [];
    try {
      await driver.begin();
      for (const waiting of batch) ran.push(await runAttempt(waiting.command));
    } catch (error) {
      await giveUp(batch, error);
      return;
    }
    const commitFromMs = clock.monotonicMs();
    try {
      await driver.sync();
    } catch (error) {
      stop(batch, error);
      return;
    }
    const commitMs = clock.monotonicMs() - commitFromMs;
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

  /** Before the commit was asked for, nothing is in doubt: the transaction is dropped and every sale may come again. */
  async function giveUp(batch: readonly Waiting[], error: unknown): Promise<void> {
    if (!(error instanceof TransactionLostError)) {
      try {
        await driver.rollback();
      } catch (rollbackError) {
        stop(batch, rollbackError);
        return;
      }
    }
    for (const waiting of batch) waiting.resolve({ type: "unavailable", error });
  }

  function stop(batch: readonly Waiting[], cause: unknown): void {
    stopped = new StoreStoppedError("a commit is in doubt; the process stops and recovers by id", {
      cause,
    });
    for (const waiting of [...batch, ...queue.splice(0)]) waiting.reject(stopped);
    for (const work of betweenCommits.splice(0)) void work();
    options.onDoubt?.(cause);
  }

  /** Work that is not a sale, between two commits: it sees what is durable and nothing else. */
  function alone<T>(work: () => T | Promise<T>): Promise<T> {
    if (stopped) return Promise.reject(stopped);
    if (closed) return Promise.reject(new Error("the store is closed"));
    return new Promise<T>((resolve, reject) => {
      betweenCommits.push(async () => {
        try {
          if (stopped) throw stopped;
          resolve(await work());
        } catch (error) {
          reject(error);
        }
      });
      wake();
    });
  }

  async function status(terminalId: string, id: string): Promise<StatusAnswer | null> {
    const stored = await alone(() => driver.findAttempt(terminalId, id));
    if (!stored || stored.attempt.kind === "inquiry") return null;
    const { attempt, reversal } = stored;
    return StatusAnswerSchema.parse({
      id,
      state: attempt.state,
      ...(attempt.answer === null ? {} : { answer: JSON.parse(attempt.answer) }),
      ...(reversal === null ? {} : { reversal: JSON.parse(reversal.answer) }),
    });
  }

  return {
    execute,
    status,
    load: (batch) => alone(() => driver.load(batch)),
    verify: () => alone(async () => verifyLedger(await driver.ledger(), programme)),
    terminalByCertificate: async (fingerprint) => driver.terminalByCertificate(fingerprint),
    place: async (terminalId) => driver.place(terminalId),
    waiting: () => queue.length,
    async close() {
      if (closed) return;
      closed = true;
      while (running) await running;
      await driver.close();
    },
  };
}
