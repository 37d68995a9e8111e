// A day as data: what tills do and what goes wrong, and when. The same plan plays the same way, step for step.

import type { StockPlan } from "./world/stock.js";

/** Something that a till does; times are milliseconds since the world began. */
export interface Act {
  readonly atMs: number;
  /** Place of its terminal. One act at a time each: one whose turn comes late is begun late. */
  readonly terminal: number;
  readonly deed: Deed;
}

export type Deed =
  | SaleDeed
  /** What an earlier sale act of the same terminal made; nothing happens where it was not approved, or is not known. */
  | { readonly type: "capture"; readonly of: number; readonly units: number | null }
  | { readonly type: "refund"; readonly of: number; readonly units: number | null }
  | { readonly type: "reverse"; readonly of: number }
  | { readonly type: "inquire"; readonly card: number };

export interface SaleDeed {
  readonly type: "sale";
  readonly card: number;
  readonly how: "tap" | "code" | "number";
  readonly pin: "right" | "wrong";
  readonly avantage: string;
  readonly purchaseCents: number;
  readonly quantity: number | null;
  readonly exact: boolean;
  readonly holds: boolean;
  /** What happens at the reader beside that. */
  readonly mishap:
    | null
    /** The card is torn off after so many commands, and tapped again. */
    | { readonly type: "torn"; readonly afterApdus: number }
    /** It is tapped a second time so much later, while the first tap is under way. */
    | { readonly type: "doubleTap"; readonly afterMs: number }
    /** Another card is tapped first, so much earlier. */
    | { readonly type: "twoCards"; readonly other: number; readonly beforeMs: number }
    /** The till cancels so much after it began, or after the request has left; nothing happens where none does. */
    | { readonly type: "cancel"; readonly since: "begun" | "sent"; readonly afterMs: number }
    /** A message that was sent before, of the sale act with this place, is presented by somebody who recorded it. */
    | { readonly type: "replay"; readonly of: number };
}

/** Something that goes wrong. */
export type Fault =
  | {
      readonly type: "network";
      readonly fromMs: number;
      readonly untilMs: number;
      /** Null: all of them. */
      readonly terminal: number | null;
      readonly what:
        | "partition"
        | "refuse"
        | "loseUp"
        | "loseDown"
        | "slow"
        | "cutUp"
        | "cutDown"
        | "duplicate";
      /** Of each connection or message within the time. */
      readonly probability: number;
    }
  /** The gateway is killed at an instant, or in the course of its n-th commit (from 1); it starts again so much later. */
  | {
      readonly type: "gatewayDies";
      readonly when:
        | { readonly atMs: number }
        | { readonly commit: number; readonly phase: "before" | "within" | "after" };
      readonly downMs: number;
    }
  /** The n-th commit fails; or those within a time: every one where the disk is full, and the first otherwise. */
  | {
      readonly type: "commitFails";
      readonly when:
        | { readonly commit: number }
        | { readonly fromMs: number; readonly untilMs: number };
      readonly how: "full" | "doubtKept" | "doubtLost";
      readonly downMs: number;
    }
  /** Commits take so long. */
  | {
      readonly type: "slowCommits";
      readonly fromMs: number;
      readonly untilMs: number;
      readonly takeMs: number;
    }
  /** A till's process is killed at an instant, or at its n-th use of its disk (from 1). */
  | {
      readonly type: "terminalDies";
      readonly terminal: number;
      readonly when: { readonly atMs: number } | { readonly diskUse: number };
      readonly downMs: number;
    }
  /** The n-th use of a till's disk fails; the till is opened again so much later. */
  | {
      readonly type: "terminalDiskFails";
      readonly terminal: number;
      readonly diskUse: number;
      readonly downMs: number;
    }
  /** A machine's clock is wrong by so much from an instant on. Null: the gateway's. */
  | {
      readonly type: "skew";
      readonly terminal: number | null;
      readonly fromMs: number;
      readonly ms: number;
    };

export interface Plan {
  readonly seed: number;
  readonly stock: StockPlan;
  readonly acts: readonly Act[];
  readonly faults: readonly Fault[];
  /** After this nothing new goes wrong, and what is down is started: everything must come to rest. */
  readonly healsAtMs: number;
}
