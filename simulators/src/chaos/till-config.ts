// What one till's process is given: who it is, where its files are, and who its customers are.

import { readFileSync } from "node:fs";
import type { Deadlines } from "@pass-tpe/terminal-sdk";

/** Shorter than an integrator's: a day has to pass in minutes. */
export const RUN_DEADLINES: Partial<Deadlines> = {
  saleMs: 4_000,
  tryMs: 1_200,
  marginMs: 800,
  readMs: 2_000,
  reversalMs: 1_500,
  profileMs: 1_500,
  heartbeatMs: 1_000,
};
export const IDLE_MS_MAX = 80;

/** A young person's card with everything that presents it. */
export interface HeldCard {
  /** As world and ledger name it. */
  readonly name: string;
  readonly cardNumber: string;
  /** The printed code. */
  readonly qr: string;
  readonly pin: string;
  readonly uidHex: string;
  readonly metaReadKeyHex: string;
  readonly fileReadKeyHex: string;
}

/** The cards that one till sees. */
export interface Customers {
  /** Come to this till alone. */
  readonly own: readonly HeldCard[];
  /** Are at every till at once, and what they were granted runs out. */
  readonly shared: readonly HeldCard[];
  /** Somebody guesses the PINs of these, at every till. */
  readonly attacked: readonly HeldCard[];
}

export interface TillConfig {
  readonly terminal: string;
  /** Its way to the gateway. */
  readonly gateway: string;
  /** Path of its credentials. */
  readonly credentials: string;
  readonly journal: string;
  readonly pinKeyFile: string;
  readonly factsFile: string;
  readonly seed: number;
  /** From when the chips of shared cards count: all tills together must not show a message twice by accident. */
  readonly startedAtMs: number;
  readonly customers: Customers;
  readonly deadlines: Partial<Deadlines>;
  /** Between two sales, at most. */
  readonly idleMsMax: number;
}

/** What the parent says to a till, and what it answers. */
export type ToTill = { readonly type: "settle" };
export type FromTill =
  /** Its first customer was served. */
  | { readonly type: "selling" }
  | {
      readonly type: "settled";
      /** What a person would have to look at: the till's day and the gateway's differ for good. */
      readonly differences: readonly string[];
    };

/** Reads what {@link TillConfig} was written to. */
export function readTillConfig(path: string): TillConfig {
  return JSON.parse(readFileSync(path, "utf8"));
}
