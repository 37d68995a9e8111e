// Gaps over a driver: each step stands alone, in one transaction with its row of the audit trail.

import type { Driver } from "../driver.js";
import type { Awaitable, EventRow } from "../rows.js";
import { type Gap, type GapDay, type GapRow, isGapOpen } from "./driver.js";

export interface GapSteps {
  all(): Promise<readonly GapRow[]>;
  days(gapNo: number): Promise<readonly GapDay[]>;
  /**
   * Opens a gap that a restore left.
   *
   * @param found.sinceMs terminals that sold since then must compare their days.
   * @param found.lastLinkNo the last link that was restored; the chain's last where it is left out.
   */
  open(
    found: { readonly sinceMs: number; readonly lastLinkNo?: number | undefined },
    make: (found: Found) => Opening,
  ): Promise<Gap>;
  /** Notes of every gap that was never served that it is now. @returns all gaps. */
  serve(atMs: number): Promise<readonly GapRow[]>;
  /**
   * Keeps a day that a terminal compared, for every gap that is open and touches it, and ends those in which nothing is
   * missing any more.
   *
   * @returns the gaps that were reconciled by it.
   */
  compared(
    day: Omit<GapDay, "gapNo">,
    judge: {
      /** The days that a gap touches. */
      readonly daysOf: (gap: GapRow) => readonly string[];
      readonly trailOf: (gap: Gap) => EventRow;
    },
  ): Promise<readonly GapRow[]>;
  /** Ends a gap that somebody signs for, reconciled or not; false where none of this number is unsigned. */
  sign(no: number, trail: EventRow): Promise<boolean>;
}

/** What a new gap is made from. */
export interface Found {
  readonly no: number;
  readonly link: { readonly no: number; readonly hash: Uint8Array } | null;
  readonly terminalIds: readonly string[];
}

interface Opening {
  readonly gap: Gap;
  readonly trail: EventRow;
}

/** @param options.transact runs work in a transaction of its own between two commits; it settles once it is durable. */
export function createGapSteps(options: {
  readonly driver: Pick<Driver, "gaps" | "chain" | "applyEvent">;
  readonly transact: <T>(work: () => Awaitable<T>) => Promise<T>;
  /** Runs a read when nothing else is under way. */
  readonly readAlone: <T>(work: () => T | Promise<T>) => Promise<T>;
}): GapSteps {
  const { driver, transact, readAlone } = options;
  const { gaps, chain } = driver;
  const note = (row: EventRow) => driver.applyEvent(row, []);

  async function isWhole(gap: Gap, days: readonly string[]): Promise<boolean> {
    const compared = new Set(
      (await gaps.days(gap.no)).map(({ terminalId, day }) => `${terminalId} ${day}`),
    );
    return gap.terminalIds.every((id) => days.every((day) => compared.has(`${id} ${day}`)));
  }

  async function linkOf(no: number): Promise<Found["link"]> {
    const hash = await chain.hashOf(no);
    return hash && { no, hash };
  }

  return {
    all: () => readAlone(async () => gaps.all()),
    days: (gapNo) => readAlone(async () => gaps.days(gapNo)),

    open: ({ sinceMs, lastLinkNo }, make) =>
      transact(async () => {
        const no = ((await gaps.all()).at(-1)?.no ?? 0) + 1;
        const link = lastLinkNo === undefined ? await chain.lastLink() : await linkOf(lastLinkNo);
        const terminalIds = await gaps.terminalsSince(sinceMs);
        const { gap, trail } = make({ no, link, terminalIds });
        await gaps.open(gap);
        await note(trail);
        return gap;
      }),

    serve: (atMs) =>
      transact(async () => {
        for (const { no, servedAtMs } of await gaps.all()) {
          if (servedAtMs === null) await gaps.serve(no, atMs);
        }
        return gaps.all();
      }),

    compared: (day, { daysOf, trailOf }) =>
      transact(async () => {
        const ended: GapRow[] = [];
        for (const gap of (await gaps.all()).filter(isGapOpen)) {
          const days = daysOf(gap);
          if (!days.includes(day.day)) continue;
          await gaps.putDay({ ...day, gapNo: gap.no });
          if (!(await isWhole(gap, days))) continue;
          const trail = trailOf(gap);
          const reconciled = { atMs: trail.atMs, eventId: trail.id };
          await note(trail);
          await gaps.end(gap.no, "reconciled", reconciled);
          ended.push({ ...gap, reconciled });
        }
        return ended;
      }),

    sign: (no, trail) =>
      transact(async () => {
        const gap = (await gaps.all()).find((it) => it.no === no);
        if (gap === undefined || gap.signed !== null) return false;
        await note(trail);
        await gaps.end(no, "signed", { atMs: trail.atMs, eventId: trail.id });
        return true;
      }),
  };
}
