// Counts presentations for all gateways on one database: by the rules of one gateway's memory, a batch at a time.

import type { Presented } from "../../core/ports.js";
import type { Bucket, SharedLimits } from "../../core/shared-limits.js";
import {
  type Alarmed,
  cardBucket,
  ENUMERATION_COUNT,
  isGuess,
  isLock,
  PIN_LOCKED_COUNT,
  SUSPECT,
  WINDOW_MS,
} from "./guesses.js";
import { takeForEach } from "./shared-turns.js";

const ENUMERATION = "enumeration";
const PIN_LOCKED = "pin locked";

/** One bucket for each: once in a window it may be told. */
const TOLD = { burst: 1, intervalMs: WINDOW_MS };

/**
 * Builds the counts.
 *
 * @param options.nowMs the wall clock: those of all gateways agree within a second, or they are not ready.
 */
export function createSharedPresentations(options: {
  readonly cardPerMinute: number;
  readonly shared: SharedLimits;
  readonly nowMs: () => number;
  readonly alarmed: Alarmed;
}) {
  const { cardPerMinute, shared, alarmed } = options;
  const card = cardBucket(cardPerMinute);

  /** Null for what was answered before, which takes no turn. */
  async function admitTogether(batch: readonly Presented[]): Promise<readonly (number | null)[]> {
    const nowMs = options.nowMs();
    const query = { alarm: ENUMERATION, sinceMs: nowMs - WINDOW_MS };
    const guesses = await shared.notedOf(batch, query);
    const waitsMs: (number | null)[] = guesses.map((count) => (count === null ? null : 0));
    const take = async (of: readonly [number, string][], bucket: Bucket) => {
      const keys = of.map(([, key]) => key);
      const takenMs = await takeForEach(shared, keys, { bucket, nowMs });
      for (const [index, [at]] of of.entries()) waitsMs[at] = takenMs[index] ?? null;
    };
    // First, so that a suspect terminal does not use up the turns of cards that it has no right to.
    const ofSuspects = batch.flatMap(({ terminalId }, at): [number, string][] =>
      (guesses[at] ?? 0) >= ENUMERATION_COUNT ? [[at, `suspect ${terminalId}`]] : [],
    );
    await take(ofSuspects, SUSPECT);
    if (card === null) return waitsMs;
    const ofCards = batch.flatMap(({ cardKey }, at): [number, string][] =>
      waitsMs[at] === 0 && cardKey !== null ? [[at, `card ${cardKey}`]] : [],
    );
    await take(ofCards, card);
    return waitsMs;
  }

  /** Whether it raises the alarm: once in each window, whichever gateway is the one that tells. */
  async function note(alarm: string, thing: string, at: Asked): Promise<boolean> {
    const { terminalId, count } = at;
    const nowMs = options.nowMs();
    const noted = { alarm, terminalId, thing };
    const often = await shared.note(noted, { nowMs, sinceMs: nowMs - WINDOW_MS });
    if (often < count) return false;
    const told = [`told ${alarm} ${terminalId}`];
    const [waitMs] = await takeForEach(shared, told, { bucket: TOLD, nowMs });
    return waitMs === 0;
  }

  return {
    admitTogether,
    admit: async (presented: Presented) => (await admitTogether([presented]))[0] ?? 0,
    async noteDecision(decided: Presented & { readonly code: string }): Promise<void> {
      const { terminalId, cardKey, id, code } = decided;
      if (isGuess(code)) {
        const at = { terminalId, count: ENUMERATION_COUNT };
        // What names no card counts each time.
        const thing = cardKey === null ? `id ${id}` : `card ${cardKey}`;
        if (await note(ENUMERATION, thing, at)) alarmed.onEnumeration(terminalId);
      }
      if (isLock(code)) {
        const at = { terminalId, count: PIN_LOCKED_COUNT };
        if (await note(PIN_LOCKED, `id ${id}`, at)) alarmed.onPinLocked(terminalId);
      }
    },
  };
}

interface Asked {
  readonly terminalId: string;
  /** How many of them raise it. */
  readonly count: number;
}
