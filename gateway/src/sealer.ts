// Seals behind the sales: every few seconds what was committed since becomes links, and the last of them a signed head.

import type { Clock } from "./core/ports.js";
import type { HeadRow, LinkRow } from "./store/chain/driver.js";
import { headMessage } from "./store/chain/link.js";
import { type ChainSteps, SEALED_PER_STEP_MAX } from "./store/chain/seal.js";

/** How long what was committed stands unsealed, at most and without a backlog. */
export const SEAL_EVERY_MS = 5_000;

/** Between two steps of one run, so that what tills sent meanwhile comes first. */
export const STEP_PAUSE_MS = 10;

/** The most steps of one run, so that a gateway with a backlog stops in time as well. The rest is the next run's. */
export const STEPS_PER_RUN_MAX = 200;

export interface SealerOptions {
  readonly chain: ChainSteps;
  readonly sign: (message: Uint8Array) => Uint8Array;
  /** Puts a head where whoever changes the database cannot reach it. A head is kept only after that. */
  readonly exportHead: (head: HeadRow) => Promise<void>;
  readonly clock: Pick<Clock, "nowMs">;
  /** Called when a run failed. The next one takes up what it left: nothing is lost, and nothing sealed twice. */
  readonly onError: (error: unknown) => void;
  readonly sealEveryMs?: number;
  /** Runs something later, once; returns what calls it off. */
  readonly after?: (delayMs: number, run: () => void) => () => void;
}

export interface Sealer {
  /** Seals now; what is under way is finished first. Never throws: see `onError`. */
  run(): Promise<void>;
  /** Seals once more, then never again. */
  close(): Promise<void>;
}

function afterTimeout(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

/** Starts a sealer; its first run comes after `sealEveryMs`. */
export function createSealer(options: SealerOptions): Sealer {
  const { chain, sign, exportHead, clock, onError } = options;
  const { sealEveryMs = SEAL_EVERY_MS, after = afterTimeout } = options;
  let last: Promise<void> = Promise.resolve();
  let closed = false;
  let callOff = plan();

  function plan(): () => void {
    return after(sealEveryMs, () => {
      void run().then(() => {
        if (!closed) callOff = plan();
      });
    });
  }

  function run(): Promise<void> {
    last = last.then(seal).catch(onError);
    return last;
  }

  async function seal(): Promise<void> {
    const unsigned = await sealSteps();
    if (unsigned === null) return;
    const { no, hash } = unsigned;
    const head = { no, hash, atMs: clock.nowMs() };
    const signed: HeadRow = { ...head, signature: sign(headMessage(head)) };
    await exportHead(signed);
    await chain.keepHead(signed);
  }

  async function sealSteps(): Promise<LinkRow | null> {
    for (let step = 1; ; step += 1) {
      const { sealed, unsigned } = await chain.seal();
      if (sealed < SEALED_PER_STEP_MAX || step === STEPS_PER_RUN_MAX) return unsigned;
      await new Promise<void>((resolve) => after(STEP_PAUSE_MS, resolve));
    }
  }

  return {
    run,
    async close() {
      closed = true;
      callOff();
      await run();
    },
  };
}
