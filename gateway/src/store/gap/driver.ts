// What a restore from a backup lost, as a driver keeps it: from when to when, whose days it touches, how it ended.

import type { Awaitable } from "../rows.js";

/** Between the last instant that was restored and the restore itself, sales may have been made that are not here. */
export interface Gap {
  /** 1, 2, 3 … */
  readonly no: number;
  readonly fromMs: number;
  /** When it was restored. */
  readonly toMs: number;
  /** The last link of the chain that was restored; 0 and null where there was none. */
  readonly linkNo: number;
  readonly linkHash: Uint8Array | null;
  /** Its row in the audit trail. */
  readonly openedEventId: string;
  /** The terminals that must compare their days before it closes by itself, in the order of ids. */
  readonly terminalIds: readonly string[];
  /** By the audit key, over `gapMessage`: nobody else makes a gap. */
  readonly signature: Uint8Array;
}

/** One of the steps that end a gap; its row in the audit trail says by whom and why. */
export interface GapEnd {
  readonly atMs: number;
  readonly eventId: string;
}

export interface GapRow extends Gap {
  /** When a gateway first served it: until then tills may have sold elsewhere. Null before. */
  readonly servedAtMs: number | null;
  /** Every terminal has compared its days: what was sold is known. */
  readonly reconciled: GapEnd | null;
  /** An operator answers for it, also for what no till knows. */
  readonly signed: GapEnd | null;
}

export const GAP_ENDINGS = ["reconciled", "signed"] as const;
export type GapEnding = (typeof GAP_ENDINGS)[number];

/** Whether a gap keeps sales closed. */
export const isGapOpen = ({ reconciled, signed }: GapRow): boolean =>
  reconciled === null && signed === null;

export type Side = "sales" | "reversals" | "refunds";

/** Where a till's journal and the ledger differ on one avantage of one day; both sides by count and value. */
export interface GapDifference {
  readonly avantage: string;
  readonly unit: string;
  readonly side: Side;
  readonly tillCount: number;
  readonly tillValue: number;
  readonly ledgerCount: number;
  readonly ledgerValue: number;
}

/** A day that a terminal compared since the restore. */
export interface GapDay {
  readonly gapNo: number;
  readonly terminalId: string;
  /** Paris civil date. */
  readonly day: string;
  readonly atMs: number;
  readonly differences: readonly GapDifference[];
}

/** Reads see what is durable, and what the open transaction wrote. Writes belong into an open transaction. */
export interface GapDriver {
  /** In the order of their numbers. */
  all(): Awaitable<readonly GapRow[]>;
  open(gap: Gap): Awaitable<void>;
  /** Notes that a gateway serves it, for the first time. */
  serve(no: number, atMs: number): Awaitable<void>;
  /** Ends a gap in a way that it has not ended yet. */
  end(no: number, how: GapEnding, end: GapEnd): Awaitable<void>;
  /** Keeps a day in the place of an earlier comparison of it. */
  putDay(day: GapDay): Awaitable<void>;
  /** In the order of terminals and days. */
  days(gapNo: number): Awaitable<readonly GapDay[]>;
  /** Terminals that are active, or made a sale since an instant, in the order of ids. */
  terminalsSince(sinceMs: number): Awaitable<readonly string[]>;
}
