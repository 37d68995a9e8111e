// Seals behind the sales: every few seconds what was committed since becomes links, and the last of them a signed head.

import type { After, Clock } from "./core/ports.js";
import { afterTimeout } from "./http/after.js";
import type { HeadRow, LinkRow } from "./store/chain/driver.js";
import { headMessage } from "./store/chain/link.js";
import {
  type ChainSteps,
  SEALED_PER_STEP_MAX,
  type SealedElsewhere,
  type SealedStep,
} from "./store/chain/seal.js";
import type { ChainPoint } from "./store/shared.js";

/** How long what was committed stands unsealed, at most and without a backlog. */
const SEAL_EVERY_MS = 5_000;

/** The most steps of one run, so that a gateway with a backlog stops in time as well. The next run follows at once. */
export const STEPS_PER_RUN_MAX = 200;

/** How long one export of a head may take: a medium that stalls holds up neither sealing nor a shutdown for longer. */
export const EXPORT_LIMIT_MS = 10_000;

/** Where heads are exported to takes none. Who must act: the operator; nothing is lost, the chain grows meanwhile. */
export class ExportStalledError extends Error {
  override readonly name = "ExportStalledError";
}

const LOOK = "look at the medium that heads are exported to; what is committed is sealed meanwhile";
const TOO_SLOW = `exporting a head took longer than ${EXPORT_LIMIT_MS} ms: ${LOOK}`;
const STILL_EXPORTING = `an earlier export of a head has not ended yet: ${LOOK}`;

export interface SealerOptions {
  readonly chain: ChainSteps;
  readonly sign: (message: Uint8Array) => Uint8Array;
  /**
   * Puts a head where whoever changes the database cannot reach it; one at a time. A head is kept only after that, and
   * not where it took longer than {@link EXPORT_LIMIT_MS}.
   */
  readonly exportHead: (head: HeadRow) => Promise<void>;
  /** The last head that was exported before, where the chain has it: the chain must go on to have it. */
  readonly exported?: ChainPoint | null | undefined;
  readonly clock: Pick<Clock, "nowMs">;
  /** Called when a run failed. The next one takes up what it left: nothing is lost, and nothing sealed twice. */
  readonly onError: (error: unknown) => void;
  readonly sealEveryMs?: number;
  /** Runs something later, once; returns what calls it off. */
  readonly after?: After;
}

export interface Sealer {
  /** Seals now; what is under way is finished first. Never throws: see `onError`. */
  run(): Promise<void>;
  /**
   * How long something has stood without an exported head, in milliseconds; 0 where the last run left nothing so. Where
   * another gateway seals: since this one first saw something, and no new head after it.
   */
  unexportedMs(): number;
  /** Seals once more, then never again. */
  close(): Promise<void>;
}

/** Starts a sealer; its first run comes after `sealEveryMs`. */
export function createSealer(options: SealerOptions): Sealer {
  const { chain, sign, exportHead, clock, onError } = options;
  const { sealEveryMs = SEAL_EVERY_MS, after = afterTimeout } = options;
  let last: Promise<void> = Promise.resolve();
  let closed = false;
  let isBehind = false;
  let isExporting = false;
  let unexportedSinceMs: number | null = null;
  let exported = options.exported ?? null;
  /** The last head of another gateway that seals. */
  let seenHeadNo: number | null = null;
  let callOff = planAfter(sealEveryMs);

  function planAfter(delayMs: number): () => void {
    return after(delayMs, () => {
      void run().then(() => {
        if (!closed) callOff = planAfter(isBehind ? 0 : sealEveryMs);
      });
    });
  }

  function run(): Promise<void> {
    last = last.then(seal).catch((error) => {
      unexportedSinceMs ??= clock.nowMs();
      // Another gateway may be able to, or to export.
      chain.leave();
      onError(error);
    });
    return last;
  }

  async function seal(): Promise<void> {
    isBehind = false;
    if (exported !== null) await chain.hold(exported);
    exported = null;
    const { unsigned, elsewhere } = await sealSteps();
    if (elsewhere) {
      watchOther(elsewhere);
      return;
    }
    if (unsigned !== null) await signAndExport(unsigned);
    unexportedSinceMs = null;
  }

  /** Between two runs of the other something new is committed: as long as its heads go on, nothing older is left. */
  function watchOther({ headNo, isBehind }: SealedElsewhere): void {
    if (!isBehind || headNo !== seenHeadNo) unexportedSinceMs = null;
    if (isBehind) unexportedSinceMs ??= clock.nowMs();
    seenHeadNo = headNo;
  }

  async function signAndExport({ no, hash }: LinkRow): Promise<void> {
    const head = { no, hash, atMs: clock.nowMs() };
    const signed: HeadRow = { ...head, signature: sign(headMessage(head)) };
    // What was exported cannot be taken back: the chain still has what was read of it.
    await chain.hold(signed);
    await exportInTime(signed);
    await chain.keepHead(signed);
  }

  /** What still runs when its time is over is left alone, and nothing is exported beside it. */
  async function exportInTime(head: HeadRow): Promise<void> {
    if (isExporting) throw new ExportStalledError(STILL_EXPORTING);
    let stopTimer = () => {};
    const limit = new Promise<never>((_, reject) => {
      stopTimer = after(EXPORT_LIMIT_MS, () => reject(new ExportStalledError(TOO_SLOW)));
    });
    await Promise.race([exportAlone(head), limit]).finally(() => stopTimer());
  }

  async function exportAlone(head: HeadRow): Promise<void> {
    isExporting = true;
    try {
      await exportHead(head);
    } finally {
      isExporting = false;
    }
  }

  /** Without a pause: within each step and after it the store goes on with what waits for it. */
  async function sealSteps(): Promise<SealedStep> {
    for (let step = 1; ; step += 1) {
      const done = await chain.seal();
      if (done.sealed < SEALED_PER_STEP_MAX) return done;
      isBehind = step === STEPS_PER_RUN_MAX;
      if (isBehind) return done;
    }
  }

  return {
    run,
    unexportedMs: () =>
      unexportedSinceMs === null ? 0 : Math.max(0, clock.nowMs() - unexportedSinceMs),
    async close() {
      closed = true;
      callOff();
      await run();
    },
  };
}
