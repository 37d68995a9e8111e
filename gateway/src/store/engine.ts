// The store above any driver: one writer, group commit, the same id always the same answer.

import type { StatusAnswer, TillMove } from "@pass-tpe/protocol";
import type { HolderStore } from "../core/holders.js";
import type { Answer, Command, OpenedEvidence, Store } from "../core/ports.js";
import type { ObservedSale } from "../core/settlement/observed-sale.js";
import type { SettlementStore } from "../core/settlement/ports.js";
import { type ChainSteps, createChainSteps } from "./chain/seal.js";
import {
  type Awaitable,
  type EventRow,
  type TillDay,
  type TillDayQuery,
  TransactionLostError,
} from "./driver.js";
import { createHolderSteps } from "./holders/steps.js";
import { observedSales } from "./observed-sales.js";
import type { StoreOptions } from "./options.js";
import type { LoadBatch } from "./records.js";
import { type ReplayReport, replayLedger } from "./replay.js";
import { createRunner, type Ran } from "./runner.js";
import { createSettlementSteps } from "./settlement/steps.js";
import { statusOf } from "./status.js";
import { createTerminalSteps, type TerminalSteps } from "./terminals/steps.js";
import { createTurnstile } from "./turnstile.js";
import { type VerifyReport, verifyLedger } from "./verify.js";
import { createWaitingLine, type Waiting, type Work } from "./waiting.js";

/** The most commands that share one commit. More wait for the next, and the process gets a turn in between. */
export const BATCH_MAX = 64;

/** The most commands that may wait. One more is refused before anything is done for it. */
export const QUEUE_MAX = 4_096;

/** Durability is in doubt: this process answers nothing more, and recovers by id when it starts again. */
export class StoreStoppedError extends Error {
  override readonly name = "StoreStoppedError";
}

/** Too many reads wait. Nothing was looked at, and the same may be asked again. */
export class StoreBusyError extends Error {
  override readonly name = "StoreBusyError";
}

/** A {@link Store} with what the composition root needs beside it. */
export interface EmbeddedStore extends Store {
  /** @param trail what the audit trail says of it, stored with it or not at all. */
  load(batch: LoadBatch, trail?: readonly EventRow[]): Promise<void>;
  /** Recomputes every balance from its entries, and holds every entry to the answer of its attempt. */
  verify(): Promise<VerifyReport>;
  /** Decides every attempt again, under the rules and the programme that it was decided under. */
  replay(): Promise<ReplayReport>;
  /** What a sealer does, each between two commits. */
  readonly chain: ChainSteps;
  /** The accounts in which holders set their PIN, each step between two commits. */
  readonly holders: HolderStore<EventRow>;
  /** The books of reimbursement, each step between two commits. */
  readonly settlement: SettlementStore;
  /** How terminals get their credentials, each step between two commits. */
  readonly terminals: TerminalSteps;
  /** Sales that took something in `[fromMs, toMs)`, a page at a time between two commits. */
  observedSales(range: {
    readonly fromMs: number;
    readonly toMs: number;
  }): AsyncIterable<ObservedSale>;
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
  const { driver, programme, readProgramme, calendar, clock } = options;
  const { schedule = setImmediate, schoolYearOf, readTransfers } = options;
  const books = { schoolYearOf, readTransfers };
  const run = createRunner(options);
  const line = createWaitingLine();
  const turnstile = createTurnstile();
  let running: Promise<void> | null = null;
  let stopped: StoreStoppedError | null = null;
  let closed = false;

  function execute(command: Command): Promise<Answer> {
    if (stopped) return Promise.reject(stopped);
    if (closed) return Promise.resolve({ type: "unavailable", error: new Error("closed") });
    const why = options.closed?.(command) ?? null;
    if (why) return Promise.resolve({ type: "closed", ...why });
    if (line.size() >= QUEUE_MAX || !turnstile.enter(command)) {
      return Promise.resolve({ type: "overloaded" });
    }
    return new Promise<Answer>((resolve, reject) => {
      line.addCommand({ command, arrivedMs: clock.monotonicMs(), resolve, reject });
      wake();
    }).finally(() => turnstile.leave(command));
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
    while (line.size() > 0 && !stopped) {
      await turn();
      const alone = line.takeAlone();
      if (alone) {
        await alone.run();
        continue;
      }
      const batch = line.takeCommands(BATCH_MAX);
      if (batch.length > 0) await commitTogether(batch);
      for (const read of line.takeReads()) await read.run();
    }
  }

  async function commitTogether(batch: readonly Waiting[]): Promise<void> {
    const ran: Ran[] = [];
    try {
      await driver.begin();
      for (const waiting of batch) ran.push(await run(waiting.command));
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

  /** Before the commit was asked for, nothing is in doubt: the transaction is dropped, and all of it may come again. */
  async function giveUp(batch: readonly Waiting[], error: unknown): Promise<void> {
    if (!(error instanceof TransactionLostError)) {
      try {
        await driver.rollback();
      } catch (rollbackError) {
        stop(batch, rollbackError);
        return;
      }
    }
    const agents = new Set(
      batch.flatMap(({ command }) => (command.type === "load" ? [command.agent.id] : [])),
    );
    // An agent's events stay in their order: none is stored that was sent after one which is not.
    const lost = [...batch, ...line.takeEventsOf(agents)];
    for (const waiting of lost) waiting.resolve({ type: "unavailable", error });
  }

  function stop(batch: readonly Waiting[], cause: unknown): void {
    stopped = new StoreStoppedError("a commit is in doubt; the process stops and recovers by id", {
      cause,
    });
    for (const waiting of batch) waiting.reject(stopped);
    const { commands, works } = line.takeAll();
    for (const waiting of commands) waiting.reject(stopped);
    for (const work of works) void work.run();
    options.onDoubt?.(cause);
  }

  function inTurn<T>(kind: Work["kind"], work: () => T | Promise<T>): Promise<T> {
    if (stopped) return Promise.reject(stopped);
    if (closed) return Promise.reject(new Error("the store is closed"));
    if (line.size() >= QUEUE_MAX || line.isFullFor(kind)) {
      return Promise.reject(new StoreBusyError("too much waits for the store"));
    }
    return new Promise<T>((resolve, reject) => {
      const run = async () => {
        try {
          if (stopped) throw stopped;
          resolve(await work());
        } catch (error) {
          reject(error);
        }
      };
      line.addWork({ kind, run });
      wake();
    });
  }

  const alone = <T>(work: () => T | Promise<T>) => inTurn("alone", work);

  /** Work in a transaction of its own, durable when it settles. */
  async function committed<T>(work: () => Awaitable<T>): Promise<T> {
    let result: T;
    try {
      await driver.begin();
      result = await work();
    } catch (error) {
      await giveUp([], error);
      throw error;
    }
    try {
      await driver.sync();
    } catch (error) {
      stop([], error);
      throw stopped ?? error;
    }
    return result;
  }

  /** The driver's load inside a transaction that the trail's rows share. */
  const loadWithTrail = (batch: LoadBatch, trail: readonly EventRow[]) =>
    committed(async () => {
      for (const row of trail) await driver.applyEvent(row, []);
      await driver.load(batch);
    });

  async function status(terminalId: string, id: string): Promise<StatusAnswer | null> {
    const stored = await inTurn("sales", () => driver.findAttempt(terminalId, id));
    if (!stored || stored.attempt.kind === "inquiry") return null;
    return statusOf(stored, clock.nowMs());
  }

  async function tillDay(query: Omit<TillDayQuery, "nowMs">): Promise<TillDay> {
    const asked = { ...query, nowMs: clock.nowMs() };
    const { moves, held } = await inTurn("sales", () => driver.tillDay(asked));
    // What is only recorded moves no grant, so its unit is the programme's to say.
    const unitOf = (move: TillMove) => programme.avantages.get(move.avantage)?.unit ?? move.unit;
    return { moves: moves.map((move) => ({ ...move, unit: unitOf(move) })), held };
  }

  // Before the first decision under it: the queue keeps the order.
  void alone(() => driver.keepProgramme(programme)).catch(() => undefined);

  return {
    execute,
    status,
    tillDay,
    load: (batch, trail = []) =>
      alone(() => (trail.length === 0 ? driver.load(batch) : loadWithTrail(batch, trail))),
    verify: () => alone(() => verifyLedger(driver.ledger(), { readProgramme, calendar, books })),
    replay: () => alone(() => replayLedger(driver.ledger(), readProgramme)),
    beneficiary: (id) => inTurn("file", () => driver.readBeneficiary({ id, card: null })),
    terminalByCertificate: async (fingerprint) => driver.terminalByCertificate(fingerprint),
    agentByCertificate: async (fingerprint) => driver.agentByCertificate(fingerprint),
    agent: async (id) => driver.agent(id),
    place: async (terminalId) => driver.place(terminalId),
    chain: createChainSteps({
      chain: driver.chain,
      runAlone: (work) => alone(() => committed(work)),
    }),
    holders: createHolderSteps({
      driver,
      clock,
      pinTriesMax: programme.settings.pinTriesMax,
      transact: (work) => alone(() => committed(work)),
    }),
    settlement: createSettlementSteps({
      driver,
      programme,
      readProgramme,
      schoolYearOf,
      clock,
      transact: (work) => alone(() => committed(work)),
      readAlone: alone,
    }),
    terminals: createTerminalSteps({
      driver,
      transact: (work) => alone(() => committed(work)),
      readAlone: alone,
    }),
    observedSales: (range) => observedSales({ ...range, driver, readAlone: alone }),
    waiting: () => line.size(),
    async close() {
      if (closed) return;
      closed = true;
      while (running) await running;
      await driver.close();
    },
  };
}
