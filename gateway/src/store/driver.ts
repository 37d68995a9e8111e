// The small driver below a store: read, apply, sync. Batching, waiting and recovery stand above it.

import type { Effect } from "../core/decision.js";
import type { Grant, Snapshot } from "../core/model.js";
import type { Credential, KnownTerminal, Locator, Place } from "../core/ports.js";
import type { LoadBatch } from "./records.js";

export type Awaitable<T> = T | Promise<T>;

export type AttemptKind = "authorization" | "inquiry" | "tombstone";
export type AttemptState = "approved" | "declined" | "reversed";

/** An attempt and its answer, as stored: what makes the same id give the same answer for ever. */
export interface AttemptRow {
  readonly terminalId: string;
  readonly id: string;
  readonly kind: AttemptKind;
  readonly state: AttemptState;
  /** Keyed digest of the request; null for a tombstone, which has seen none. */
  readonly fingerprint: Uint8Array | null;
  /** The precise code. */
  readonly code: string;
  readonly accountId: string | null;
  readonly avantage: string | null;
  readonly decidedAtMs: number;
  readonly programmeHash: string;
  /** The version of the core's rules that decided. */
  readonly rulesVersion: number;
  /** What the decision was made from, as JSON without secrets; null for a tombstone. */
  readonly input: string | null;
  /** The answer as sent, JSON; null for a tombstone. */
  readonly answer: string | null;
}

export interface ReversalRow {
  readonly terminalId: string;
  readonly id: string;
  readonly reason: "automatic" | "manual";
  readonly atMs: number;
  readonly answer: string;
}

/** One movement on a grant: positive units were taken, negative ones given back. Append-only. */
export interface EntryRow {
  readonly accountId: string;
  readonly grantId: string;
  readonly terminalId: string;
  readonly attemptId: string;
  readonly units: number;
  readonly atMs: number;
}

export interface StoredAttempt {
  readonly attempt: AttemptRow;
  readonly reversal: ReversalRow | null;
}

/** What a decision needs to read, at one instant. */
export interface CaseRows {
  readonly snapshot: Snapshot;
  readonly credential: Credential | null;
}

/** All changes of one attempt. Applied as a whole or not at all. */
export interface Change {
  readonly terminalId: string;
  readonly attemptId: string;
  readonly accountId: string | null;
  /** The instant of the decision; an account's time may be ahead of the clock. */
  readonly atMs: number;
  /** The gateway's clock when it was applied. */
  readonly clockMs: number;
  readonly effects: readonly Effect[];
  /** A new attempt, or null where an existing one is reversed. */
  readonly attempt: AttemptRow | null;
  readonly reversal: ReversalRow | null;
}

/**
 * A driver holds one transaction at a time: `begin`, any number of reads and applies, then `sync` or `rollback`.
 * Reads see what was applied before them in the same transaction.
 */
export interface Driver {
  /** @throws when no transaction can be begun; nothing has changed then. */
  begin(): Awaitable<void>;
  findAttempt(terminalId: string, id: string): Awaitable<StoredAttempt | null>;
  /** Null when the terminal is unknown. */
  readCase(query: {
    readonly terminalId: string;
    readonly locator: Locator | null;
    readonly appCodeKey: string | null;
  }): Awaitable<CaseRows | null>;
  /** What an attempt took, with its grants as they stand now. */
  readDebits(
    terminalId: string,
    id: string,
  ): Awaitable<readonly { readonly grant: Grant; readonly units: number }[]>;
  /**
   * Applies a change as a whole or not at all.
   *
   * @throws BugError when an effect does not find what it expects (a stale read).
   * @throws TransactionLostError when the whole transaction is gone.
   */
  apply(change: Change): Awaitable<void>;
  /** Resolves once everything applied is durable. A failure leaves durability in doubt. */
  sync(): Awaitable<void>;
  /** Gives up the transaction. */
  rollback(): Awaitable<void>;
  /** Keeps a programme under its hash, so that what was decided under it can be decided again. Idempotent. */
  keepProgramme(programme: StoredProgramme): Awaitable<void>;
  /** Operator data, in a transaction of its own, idempotent. */
  load(batch: LoadBatch): Awaitable<void>;
  terminalByCertificate(fingerprint: string): Awaitable<KnownTerminal | null>;
  place(terminalId: string): Awaitable<Place | null>;
  /** Every attempt and entry, in the order of their making. For verification. */
  ledger(): Awaitable<Ledger>;
  close(): Awaitable<void>;
}

/** A programme's data as it was loaded, JSON. */
export interface StoredProgramme {
  readonly hash: string;
  readonly json: string;
}

export interface Ledger {
  readonly programmes: readonly StoredProgramme[];
  readonly attempts: readonly AttemptRow[];
  readonly reversals: readonly ReversalRow[];
  readonly entries: readonly EntryRow[];
  readonly grants: readonly (Grant & { readonly accountId: string })[];
  readonly cards: readonly {
    readonly id: string;
    readonly messageCounter: number;
    readonly pinFailures: number;
  }[];
}

/** The transaction ended under our feet, with nothing of it stored: every sale in it can be sent again. */
export class TransactionLostError extends Error {
  override readonly name = "TransactionLostError";
}
