// The small driver below a store: read, apply, sync. Batching, waiting and recovery stand above it.

import type { Effect } from "../core/decision.js";
import type { LoadedCard, Role } from "../core/loading/event.js";
import type { BeneficiaryFile, FiledSuspension, PartnerFile } from "../core/loading/file.js";
import type { LoadWrite } from "../core/loading/loaded.js";
import type { Card, Grant, Snapshot } from "../core/model.js";
import type { Credential, KnownAgent, KnownTerminal, Locator, Place } from "../core/ports.js";
import type { LoadBatch } from "./records.js";

export type Awaitable<T> = T | Promise<T>;

/** Rows one after the other, so that what is big never stands in memory as a whole. */
export type Rows<T> = Iterable<T> | AsyncIterable<T>;

/** Approvals by which nothing was taken: they count neither as money nor as a sale too many. */
export const RECORD_CODES: readonly string[] = ["APPROVED_RECORD", "APPROVED_SAME_VISIT"];

/** The most of an account's approved sales that a case carries: the newest. */
export const RECENT_SALES_MAX = 100;

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
  /** SHA-256 of the decision's effects, so that a replay compares those too; null for a tombstone. */
  readonly effectsDigest: Uint8Array | null;
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

/** One act of the operator, the Région or an établissement: the audit trail is append-only. */
export interface EventRow {
  /** Made by the sender. One that was refused may come again. */
  readonly id: string;
  readonly agentId: string;
  readonly role: Role;
  readonly type: string;
  /** The beneficiary or partner that it is about. */
  readonly subject: string;
  readonly atMs: number;
  readonly fingerprint: Uint8Array;
  readonly outcome: "applied" | "unchanged" | "refused";
  /** Why it was refused; null otherwise. */
  readonly refusal: string | null;
  readonly notes: readonly string[];
}

/** An incivility report: received by mail, and without any effect at a till. */
export interface ReportRow {
  readonly partnerId: string;
  readonly report: string;
  readonly beneficiary: string;
  /** Paris civil date. */
  readonly receivedOn: string;
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

/** Units that an attempt took from a grant. */
export interface Debit {
  readonly grant: Grant;
  readonly units: number;
}

/** By what a card is told from every other. */
export type BroughtCard = Pick<LoadedCard, "id" | "numberIndex" | "identifierIndex">;

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
    /** Read the account's approved sales that took something since this instant; null: the programme does not ask for them. */
    readonly salesSinceMs: number | null;
  }): Awaitable<CaseRows | null>;
  /** What an attempt took, with its grants as they stand now. */
  readDebits(terminalId: string, id: string): Awaitable<readonly Debit[]>;
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
  /** The event as it was applied; a refused one is not found. */
  findEvent(id: string): Awaitable<EventRow | null>;
  /** `card`: the one that the event brings, if any; taken where its id, number or chip stands for another already. */
  readBeneficiary(query: {
    readonly id: string;
    readonly card: BroughtCard | null;
  }): Awaitable<BeneficiaryFile>;
  readPartner(query: {
    readonly id: string;
    readonly pointOfSaleId: string | null;
    readonly conventionReference: string | null;
  }): Awaitable<PartnerFile>;
  /**
   * Writes an event into the audit trail with what it changes, as a whole or not at all.
   *
   * @throws BugError and TransactionLostError as `apply` does.
   */
  applyEvent(event: EventRow, writes: readonly LoadWrite[]): Awaitable<void>;
  /** The audit trail in the order of its making: of one beneficiary or partner, or all of it. */
  events(query: { readonly subject: string | null }): Rows<EventRow>;
  /** The register of incivility reports. */
  reports(): Rows<ReportRow>;
  agentByCertificate(fingerprint: string): Awaitable<KnownAgent | null>;
  agent(id: string): Awaitable<KnownAgent | null>;
  /**
   * Operator data, idempotent: all of it or nothing, within the open transaction or else in one of its own.
   *
   * @throws LoadRefusedError that names the record which does not fit.
   */
  load(batch: LoadBatch): Awaitable<void>;
  terminalByCertificate(fingerprint: string): Awaitable<KnownTerminal | null>;
  place(terminalId: string): Awaitable<Place | null>;
  /** Everything that verification and replay read; nothing is written while they do. */
  ledger(): Ledger;
  close(): Awaitable<void>;
}

/** A programme's data as it was loaded, JSON. */
export interface StoredProgramme {
  readonly hash: string;
  readonly json: string;
}

export interface Ledger {
  programmes(): Rows<StoredProgramme>;
  /** In the order of their making, each with what became of it and what it moved. */
  attempts(): Rows<LedgerAttempt>;
  /** In the order of their making. */
  entries(): Rows<EntryRow>;
  /** Entries that no attempt owns up to. */
  strayEntries(): Rows<EntryRow>;
  /** Reversals of no attempt. */
  strayReversals(): Rows<ReversalRow>;
  grants(): Rows<OwnedGrant>;
  /** Lifted ones too. */
  suspensions(): Rows<OwnedSuspension>;
  /** The audit trail in the order of its making: of one beneficiary or partner, or all of it. */
  events(query: { readonly subject: string | null }): Rows<EventRow>;
  cards(): Rows<LedgerCard>;
}

export interface LedgerAttempt extends StoredAttempt {
  readonly entries: readonly EntryRow[];
}

export interface OwnedGrant extends Grant {
  readonly accountId: string;
}

export interface OwnedSuspension extends FiledSuspension {
  readonly accountId: string;
}

export type LedgerCard = Pick<Card, "id" | "messageCounter" | "pinFailures" | "tapped">;

/** The transaction ended under our feet, with nothing of it stored: every sale in it can be sent again. */
export class TransactionLostError extends Error {
  override readonly name = "TransactionLostError";
}

/** A batch does not fit what is stored, and nothing of it was. Who must act: the operator; the message names the record. */
export class LoadRefusedError extends Error {
  override readonly name = "LoadRefusedError";
}
