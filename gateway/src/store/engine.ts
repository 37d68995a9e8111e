// The store above any driver: one writer, group commit, the same id always the same answer.

import type { StatusAnswer, TillMove } from "@pass-tpe/protocol";
import { ClosedError } from "../core/closed-error.js";
import type { HolderStore } from "../core/holders.js";
import type { OpenedEvidence, Store } from "../core/ports.js";
import type { ObservedSale } from "../core/settlement/observed-sale.js";
import type { SettlementStore } from "../core/settlement/ports.js";
import { type ChainSteps, createChainSteps } from "./chain/seal.js";
import type { Awaitable, EventRow, TillDay, TillDayQuery } from "./driver.js";
import { createGapSteps, type GapSteps } from "./gap/steps.js";
import { createHolderSteps } from "./holders/steps.js";
import { observedSales } from "./observed-sales.js";
import type { StoreOptions } from "./options.js";
import type { LoadBatch } from "./records.js";
import { type ReplayReport, replayLedger } from "./replay.js";
import { createSettlementSteps } from "./settlement/steps.js";
import { statusOf } from "./status.js";
import { createTerminalSteps, type TerminalSteps } from "./terminals/steps.js";
import { type VerifyReport, verifyLedger } from "./verify.js";
import { createWriter } from "./writer.js";

export { RUN_AGAIN_WITHIN_MS, TRIES_MAX } from "./reruns.js";
export { BATCH_MAX, QUEUE_MAX, StoreBusyError, StoreStoppedError } from "./writer.js";

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
  /** What a restore from a backup lost, each step between two commits. */
  readonly gaps: GapSteps;
  /** The books of reimbursement, each step between two commits. */
  readonly settlement: SettlementStore;
  /** How terminals get their credentials, each step between two commits. */
  readonly terminals: TerminalSteps;
  /** Sales that took something in `[fromMs, toMs)`, a page at a time between two commits. */
  observedSales(range: {
    readonly fromMs: number;
    readonly toMs: number;
  }): AsyncIterable<ObservedSale>;
  /** @throws ClosedError where nothing may be stamped with the clock just now. */
  checkClock(): void;
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
  const { schoolYearOf, readTransfers } = options;
  const books = { schoolYearOf, readTransfers };
  const { execute, inTurn, committed, atOnce, lastCommit, waiting, close } = createWriter(options);
  const alone = <T>(work: () => T | Promise<T>) => inTurn("alone", work);

  const transact = <T>(work: () => Awaitable<T>) => alone(() => committed(work));

  const atOneInstant = <T>(work: () => Promise<T>) =>
    alone(() => (driver.atOneInstant ? driver.atOneInstant(work) : work()));

  /** What others write meanwhile does not come between two reads of the work. */
  const readTogether = async <T>(work: () => Awaitable<T>): Promise<T> =>
    driver.readTogether ? driver.readTogether(async () => work()) : work();

  const readAlone = <T>(work: () => T | Promise<T>) => alone(() => readTogether(work));

  function checkClock(): void {
    const why = options.clockClosed?.() ?? null;
    if (why) throw new ClosedError(why);
  }

  /** In its turn: the clock may have jumped while it waited. */
  const transactInTime = <T>(work: () => Awaitable<T>) =>
    alone(() => {
      checkClock();
      return committed(work);
    });

  /** The driver's load inside a transaction that the trail's rows share. */
  const loadWithTrail = (batch: LoadBatch, trail: readonly EventRow[]) =>
    committed(async () => {
      for (const row of trail) await driver.applyEvent(row, []);
      await driver.load(batch);
    });

  let confirming: Promise<void> | null = null;

  /**
   * Whatever was read by now is where commits are: a database may show what no standby has yet, and lose it with its server.
   * A commit of nothing waits until that is not so any more. Who has read before it began shares it.
   */
  function confirmed(): Promise<void> {
    if (!driver.database) return Promise.resolve();
    if (confirming) return confirming;
    const mine = inTurn("sales", () => {
      confirming = null;
      return committed(() => undefined, "others");
    });
    confirming = mine;
    // One that was refused a turn is nobody's any more.
    mine.catch(() => {
      if (confirming === mine) confirming = null;
    });
    return mine;
  }

  async function status(terminalId: string, id: string): Promise<StatusAnswer | null> {
    const stored = await inTurn("sales", () =>
      readTogether(() => driver.findAttempt(terminalId, id)),
    );
    if (!stored || stored.attempt.kind === "inquiry") return null;
    await confirmed();
    return statusOf(stored, clock.nowMs());
  }

  async function tillDay(query: Omit<TillDayQuery, "nowMs">): Promise<TillDay> {
    const asked = { ...query, nowMs: clock.nowMs() };
    const { moves, held } = await inTurn("sales", () => readTogether(() => driver.tillDay(asked)));
    await confirmed();
    // What is only recorded moves no grant, so its unit is the programme's to say.
    const unitOf = (move: TillMove) => programme.avantages.get(move.avantage)?.unit ?? move.unit;
    return { moves: moves.map((move) => ({ ...move, unit: unitOf(move) })), held };
  }

  // The programme is kept by the first transaction that is durable: this one, or else one after it.
  void transact(() => undefined).catch(() => undefined);

  return {
    execute,
    status,
    tillDay,
    load: (batch, trail = []) => alone(() => loadWithTrail(batch, trail)),
    verify: () =>
      atOneInstant(() => verifyLedger(driver.ledger(), { readProgramme, calendar, books })),
    replay: () => atOneInstant(() => replayLedger(driver.ledger(), readProgramme)),
    beneficiary: (id) =>
      inTurn("file", () => readTogether(() => driver.readBeneficiary({ id, card: null }))),
    terminalByCertificate: (print) => atOnce(() => driver.terminalByCertificate(print)),
    agentByCertificate: (print) => atOnce(() => driver.agentByCertificate(print)),
    agent: (id) => atOnce(() => driver.agent(id)),
    place: (terminalId) => atOnce(() => driver.place(terminalId)),
    chain: createChainSteps({
      chain: driver.chain,
      readBehind: (work) => inTurn("chain", work),
      // Sales of other gateways wait for none of it.
      runBetween: (work) => alone(() => committed(work, "others")),
      lastCommit,
    }),
    holders: createHolderSteps({
      driver,
      clock,
      pinTriesMax: programme.settings.pinTriesMax,
      transact: transactInTime,
    }),
    gaps: createGapSteps({ driver, transact, readAlone }),
    settlement: createSettlementSteps({
      driver,
      programme,
      readProgramme,
      schoolYearOf,
      clock,
      transact: transactInTime,
      readAlone,
    }),
    terminals: createTerminalSteps({ driver, transact: transactInTime, readAlone }),
    observedSales: (range) => observedSales({ ...range, driver, readAlone }),
    checkClock,
    waiting,
    close,
  };
}
