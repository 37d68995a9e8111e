// What a restore from a backup lost: nothing is sold until the terminals have compared their days, or somebody signs.

import type { Agent } from "./core/loading/event.js";
import type { Clock, Closed, Command, Random } from "./core/ports.js";
import type { TillDifference } from "./core/till-differences.js";
import type { Logger } from "./http/observe.js";
import type { Driver } from "./store/driver.js";
import { type Gap, type GapDay, type GapRow, isGapOpen } from "./store/gap/driver.js";
import { gapMessage } from "./store/gap/message.js";
import { createGapSteps, type GapSteps } from "./store/gap/steps.js";
import { COMMAND_LINE, TERMINAL, trailRow } from "./trail.js";

/** A terminal that sold in so many days before the gap is asked for its days, whatever has become of it. */
const SOLD_SINCE_DAYS = 7;
const DAY_MS = 24 * 3_600_000;

/** A gap lasts until somebody acts: tills need not ask more often. */
const RETRY_AFTER_MS = 30_000;

/** Half a day: no Paris day is stepped over, whatever the clocks do. */
const STEP_MS = DAY_MS / 2;

/** What would go on as if nothing were lost. Reversals end doubts, and events are sent anew. */
const REFUSED: readonly Command["type"][] = ["authorize", "inquire", "capture", "refund"];

/** A gap as the operator sees it. */
export interface SeenGap {
  readonly no: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Paris civil dates. */
  readonly days: readonly string[];
  /** Whether it keeps sales closed. */
  readonly isOpen: boolean;
  /** Until it is, nothing is settled. */
  readonly isSigned: boolean;
  readonly endedAtMs: number | null;
  /** What keeps it from closing by itself. */
  readonly missing: readonly { readonly terminalId: string; readonly days: readonly string[] }[];
  /** What tills have and the ledger has not, or the other way round. */
  readonly differences: readonly (TillDifference & Pick<GapDay, "terminalId" | "day">)[];
}

export interface Gaps {
  /** Why a command may not be decided now; null where it may. */
  closed(command: Pick<Command, "type">): Closed | null;
  isOpen(): boolean;
  /** Whether nobody has signed for a gap yet: what was paid in it is not known. */
  isUnsigned(): boolean;
  /** Notes that a terminal has compared a day. Settles once it is durable. */
  compared(day: {
    readonly terminalId: string;
    readonly day: string;
    readonly differences: readonly TillDifference[];
  }): Promise<void>;
  list(): Promise<readonly SeenGap[]>;
  /**
   * Hears how the gaps of the ledger are, as a text that is another one once one of them was opened or ended, here or through
   * another gateway or a command: then they are read again. Settles once they are; a reading that fails is tried again
   * by the next call.
   */
  hear(mark: string): Promise<void>;
  /** Ends a gap that somebody answers for, reconciled or not; false where none of this number is unsigned. */
  sign(no: number, why: string, by: Agent): Promise<boolean>;
}

/** @param parts.found the gaps of the ledger, as they are at the start. */
export function createGaps(parts: {
  readonly store: { readonly gaps: GapSteps };
  readonly found: readonly GapRow[];
  readonly dayOf: (instantMs: number) => string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}): Gaps {
  const { store, found, dayOf, clock, random, log } = parts;
  const steps = store.gaps;
  const unsigned = new Map<number, GapRow>();
  let heard: string | null = null;
  const open = () => [...unsigned.values()].filter(isGapOpen);
  const daysOf = (gap: GapRow) => daysBetween(gap, dayOf);

  function take(gaps: readonly GapRow[]): void {
    const before = new Map(unsigned);
    unsigned.clear();
    for (const gap of gaps) {
      if (gap.signed === null) unsigned.set(gap.no, gap);
      tell(gap, before.get(gap.no));
    }
  }

  /** What is new of a gap. */
  function tell(gap: GapRow, before: GapRow | undefined): void {
    const about = { gap: gap.no, ...told(gap) };
    if (gap.signed !== null) {
      if (before !== undefined) log.warn(about, SIGNED);
    } else if (isGapOpen(gap)) {
      if (before === undefined) log.fatal(about, LOST);
    } else if (before === undefined || isGapOpen(before)) {
      log.warn(about, RECONCILED);
    }
  }
  take(found);

  function closed({ type }: Pick<Command, "type">): Closed | null {
    const [gap] = open();
    if (gap === undefined || !REFUSED.includes(type)) return null;
    const { from, to } = told(gap);
    const detail = `The gateway was restored from a backup and may have lost sales from ${from} to ${to} (gap ${gap.no}). Tills: close the day with reconcile(). Operator: \`pass-tpe gap show\`, then \`gap sign\`.`;
    return { detail, retryAfterMs: RETRY_AFTER_MS };
  }

  async function seen(gap: GapRow): Promise<SeenGap> {
    const [days, compared] = [daysOf(gap), await steps.days(gap.no)];
    const missing = gap.terminalIds.flatMap((terminalId) => {
      const own = compared.filter((it) => it.terminalId === terminalId).map(({ day }) => day);
      const left = days.filter((day) => !own.includes(day));
      return left.length === 0 ? [] : [{ terminalId, days: left }];
    });
    const { no, fromMs, toMs, reconciled, signed } = gap;
    const isOpen = isGapOpen(gap);
    return {
      no,
      fromMs,
      toMs,
      days,
      isOpen,
      isSigned: signed !== null,
      endedAtMs: (reconciled ?? signed)?.atMs ?? null,
      missing: isOpen ? missing : [],
      differences: compared.flatMap(({ terminalId, day, differences }) =>
        differences.map((it) => ({ terminalId, day, ...it })),
      ),
    };
  }

  return {
    closed,
    isOpen: () => open().length > 0,
    isUnsigned: () => unsigned.size > 0,

    async compared(day) {
      if (open().length === 0) return;
      const nowMs = clock.nowMs();
      const trailOf = (gap: Gap) => {
        const came = { outcome: "applied" } as const;
        const act = { type: "gap.reconciled", subject: subjectOf(gap), by: TERMINAL } as const;
        const notes = [`last terminal ${day.terminalId}`];
        return trailRow({ ...act, nowMs, came, notes }, random);
      };
      const over = await steps.compared({ ...day, atMs: nowMs }, { daysOf, trailOf });
      for (const gap of over) {
        tell(gap, unsigned.get(gap.no));
        unsigned.set(gap.no, gap);
      }
    },

    async list() {
      const list: SeenGap[] = [];
      for (const gap of await steps.all()) list.push(await seen(gap));
      return list;
    },

    async hear(mark) {
      if (mark === heard) return;
      const all = await servedGaps(steps, clock.nowMs());
      take(all);
      heard = mark;
    },

    async sign(no, why, by) {
      // Another gateway may have been told of it, or have ended it.
      const gap = (await steps.all()).find((it) => it.no === no);
      if (gap === undefined) return false;
      const act = { type: "gap.signed", subject: subjectOf(gap), by } as const;
      const { missing } = await seen(gap);
      const notes = [`why ${why}`, `not compared ${missing.length} terminals`];
      const came = { outcome: "applied" } as const;
      const row = trailRow({ ...act, nowMs: clock.nowMs(), came, notes }, random);
      const isSigned = await steps.sign(no, row);
      if (!isSigned) return false;
      unsigned.delete(no);
      log.warn({ gap: no }, SIGNED);
      return true;
    },
  };
}

const LOST = "a restore lost what came after: nothing is sold";
const SIGNED = "an operator signed for the gap: it is closed";
const RECONCILED =
  "every terminal has compared its days: sales go on. Settlements do once an operator has signed for the gap";

/** The gaps of a ledger that is about to be served, and for which days tills may have sold elsewhere until now. */
export function gapsAtStart(driver: Driver, nowMs: number): Promise<readonly GapRow[]> {
  return servedGaps(gapStepsAlone(driver), nowMs);
}

async function servedGaps(steps: GapSteps, nowMs: number): Promise<readonly GapRow[]> {
  const found = await steps.all();
  const isKnown = found.every(({ servedAtMs }) => servedAtMs !== null);
  return isKnown ? found : steps.serve(nowMs);
}

/** For whoever has the ledger to itself. */
export function gapStepsAlone(driver: Driver): GapSteps {
  return createGapSteps({
    driver,
    async transact(work) {
      await driver.begin("alone");
      const result = await work();
      await driver.sync();
      return result;
    },
    readAlone: async (work) => work(),
  });
}

/** Opens the gap of a restore: from its last instant until now. */
export function openGap(parts: {
  readonly steps: GapSteps;
  readonly fromMs: number;
  readonly nowMs: number;
  readonly sign: (message: Uint8Array) => Uint8Array;
  readonly random: Random;
}): Promise<Gap> {
  const { steps, nowMs, sign, random } = parts;
  const fromMs = Math.min(parts.fromMs, nowMs);
  const times = { fromMs, toMs: nowMs };
  return steps.open(fromMs - SOLD_SINCE_DAYS * DAY_MS, ({ no, link, terminalIds }) => {
    const { from, to } = told(times);
    const notes = [`from ${from}`, `to ${to}`, `terminals ${terminalIds.length}`];
    const act = { type: "gap.opened", subject: subjectOf({ no }), by: COMMAND_LINE } as const;
    const trail = trailRow({ ...act, nowMs, came: { outcome: "applied" }, notes }, random);
    const chained = { linkNo: link?.no ?? 0, linkHash: link?.hash ?? null };
    const gap = { no, ...times, ...chained, openedEventId: trail.id, terminalIds };
    return { gap: { ...gap, signature: sign(gapMessage(gap)) }, trail };
  });
}

/** What a gap is called in the audit trail. */
export const subjectOf = ({ no }: Pick<Gap, "no">): string => `gap ${no}`;

function told({ fromMs, toMs }: Pick<Gap, "fromMs" | "toMs">) {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

/** The Paris days that a gap touches. */
function daysBetween(gap: GapRow, dayOf: (instantMs: number) => string) {
  const { fromMs } = gap;
  const toMs = Math.max(gap.toMs, gap.servedAtMs ?? 0);
  const days = new Set<string>();
  for (let atMs = fromMs; atMs < toMs; atMs += STEP_MS) days.add(dayOf(atMs));
  days.add(dayOf(toMs));
  return [...days];
}
