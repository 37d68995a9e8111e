// The small driver below a store: read, apply, sync. Batching, waiting and recovery stand above it.

import type { TillMove } from "@pass-tpe/protocol";
import type { Effect } from "../core/decision.js";
import type { LoadedCard } from "../core/loading/event.js";
import type { BeneficiaryFile, FiledSuspension, PartnerFile } from "../core/loading/file.js";
import type { LoadWrite } from "../core/loading/loaded.js";
import type { Account, Card, Grant, Hold, Snapshot } from "../core/model.js";
import type { Credential, KnownAgent, KnownTerminal, Locator, Place } from "../core/ports.js";
import type { SharedLimits } from "../core/shared-limits.js";
import type { ChainDriver } from "./chain/driver.js";
import type { Database } from "./database.js";
import type { GapDriver } from "./gap/driver.js";
import type { HolderDriver } from "./holders/driver.js";
import type { KeyUseDriver } from "./key-use/driver.js";
import type { LedgerBooks, SaleBooks } from "./ledger-books.js";
import type { LedgerFiles } from "./ledger-files.js";
import type { LedgerMove } from "./ledger-move.js";
import type { LoadBatch } from "./records.js";
import type {
  AttemptRow,
  Awaitable,
  EntryRow,
  EventRow,
  OperationRow,
  ReportRow,
  ReversalRow,
  Rows,
  StoredProgramme,
} from "./rows.js";
import type { SettlementDriver } from "./settlement/driver.js";
import type { Shared } from "./shared.js";
import type { TerminalDriver } from "./terminals/driver.js";
import type { Upkeep } from "./upkeep.js";

export * from "./rows.js";

export interface StoredAttempt {
  readonly attempt: AttemptRow;
  readonly reversal: ReversalRow | null;
  readonly capture: OperationRow | null;
  /** In the order of their making. */
  readonly refunds: readonly OperationRow[];
  /** While it is held, and was not written as expired. */
  readonly hold: OwnedHold | null;
}

/** What a sale moved so far, with its account and its grant as they stand now. */
export interface SaleRows {
  readonly account: Account | null;
  /** The one that it drew on or holds; null where it drew on none. */
  readonly grant: Grant | null;
  /** All holds of its account, those that have expired included. */
  readonly holds: readonly Hold[];
  /** In the grant's unit. */
  readonly taken: number;
  readonly returned: number;
}

/** What a decision needs to read, at one instant. */
export interface CaseRows {
  readonly snapshot: Snapshot;
  /** Null where there is no card, or no PIN, or where a chip named the card: no PIN comes with a tap. */
  readonly credential: Credential | null;
  /** The card's number, encrypted; null where there is no card, or a chip named it. */
  readonly sealedNumber: Uint8Array | null;
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
  /** A capture makes its sale an approved one. */
  readonly operation: OperationRow | null;
}

/** By what a sale's or an inquiry's case is read. */
export interface CaseQuery {
  readonly terminalId: string;
  readonly locator: Locator | null;
  readonly appCodeKey: string | null;
  /** Read the account's approved sales that took something since this instant; null: the programme does not ask for them. */
  readonly salesSinceMs: number | null;
}

/** What a command of a batch is about to read: the attempt of its id, and its case. */
export interface Ahead extends CaseQuery {
  readonly id: string;
}

/** Who may write while a transaction is open: other gateways too, or nobody. */
export type Company = "others" | "alone";

/**
 * A driver holds one transaction at a time: `begin`, any number of reads and applies, then `sync` or `rollback`.
 * Reads see what was applied before them in the same transaction.
 */
export interface Driver {
  /**
   * @param company whether others may write meanwhile, where several gateways share a database; they may where nothing is said.
   * @throws when no transaction can be begun; nothing has changed then.
   */
  begin(company?: Company): Awaitable<void>;
  findAttempt(terminalId: string, id: string): Awaitable<StoredAttempt | null>;
  /** Null when the terminal is unknown. */
  readCase(query: CaseQuery): Awaitable<CaseRows | null>;
  /**
   * Where the database is some way away: reads together what a batch is about to read one by one, right after `begin`.
   * From then on until the transaction's end an `apply` is sent and not waited for: `settle` tells how it ended.
   */
  readonly ahead?: {
    read(batch: readonly Ahead[]): Promise<void>;
    /**
     * Settles once everything applied has been. To be called before `sync`.
     *
     * @throws SpoiledError when a change met a bug; whatever else `apply` throws.
     */
    settle(): Promise<void>;
  };
  readSale(terminalId: string, id: string): Awaitable<SaleRows>;
  /** The sales of this id that were made at a partner, whichever of its terminals made them. */
  findSalesOfPartner(partnerId: string, id: string): Awaitable<readonly StoredAttempt[]>;
  /** A refund by whoever asked for it and by its own id. */
  findRefund(askedBy: string, id: string): Awaitable<OperationRow | null>;
  /** What a terminal did in a time, in the order of its making; and how many open holds it has. */
  tillDay(query: TillDayQuery): Awaitable<TillDay>;
  /**
   * Applies a change as a whole or not at all.
   *
   * @throws BugError when an effect does not find what it expects (a stale read).
   * @throws TransactionLostError when the whole transaction is gone.
   */
  apply(change: Change): Awaitable<void>;
  /**
   * Resolves once everything applied is durable.
   *
   * @throws TransactionLostError where certainly nothing was stored. Any other failure leaves durability in doubt.
   */
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
  /** The same agent as a command of the open transaction sees it. */
  findAgent(id: string): Awaitable<KnownAgent | null>;
  /**
   * Operator data, idempotent: all of it or nothing, within the open transaction or else in one of its own.
   *
   * @throws LoadRefusedError that names the record which does not fit.
   */
  load(batch: LoadBatch): Awaitable<void>;
  terminalByCertificate(fingerprint: string): Awaitable<KnownTerminal | null>;
  place(terminalId: string): Awaitable<Place | null>;
  /** The same place as a command of the open transaction sees it. */
  findPlace(terminalId: string): Awaitable<Place | null>;
  /** The latest instant that the last decisions, operations and events were stamped with; null where there is none. */
  lastInstantMs(): Awaitable<number | null>;
  /** The next attempts that were decided in `[fromMs, toMs)`, in the order of their making. */
  attemptsPage(query: AttemptsPageQuery): Awaitable<AttemptsPage>;
  /** The books of reimbursement. */
  readonly settlement: SettlementDriver;
  /** How terminals get their credentials, and keep them. */
  readonly terminals: TerminalDriver;
  /** The chain over everything that was committed. */
  readonly chain: ChainDriver;
  /** The accounts in which holders set their PIN. */
  readonly holders: HolderDriver;
  /** What is still under which key version. */
  readonly keyUse: KeyUseDriver;
  /** What a restore from a backup lost, until it is reconciled or signed for. */
  readonly gaps: GapDriver;
  /** Where the ledger has moved to, or is about to come from; null where it stays. */
  move(): Awaitable<LedgerMove | null>;
  /** What several gateways count together for their limits. Left out where there is one, which counts in its memory. */
  readonly limits?: SharedLimits;
  /** Of a driver whose files are archived while it is in use. */
  readonly ledgerFiles?: LedgerFiles;
  /** Of a driver that has something to do between commits. */
  readonly upkeep?: Upkeep;
  /** Everything that verification and replay read; nothing is written while they do. */
  ledger(): Ledger;
  /**
   * Meanwhile the ledger is read as it stands at one instant, whatever others write, for as long as it takes. Left out
   * where there are no others, as is `readTogether`.
   */
  atOneInstant?<T>(work: () => Promise<T>): Promise<T>;
  /** Left out where the ledger is in a file of this machine. */
  readonly database?: Database;
  /**
   * What other gateways may have changed of what this one has in memory. Left out where there are no others.
   *
   * @param linkNo of the link whose hash is wanted. @throws where the database does not answer.
   */
  shared?(linkNo: number): Promise<Shared>;
  /** Several reads that must agree, between two commits: what they find stands as it was at one instant. They write nothing. */
  readTogether?<T>(work: () => Promise<T>): Promise<T>;
  close(): Awaitable<void>;
}

export interface TillDayQuery {
  readonly terminalId: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Holds that are over by then wait for nothing. */
  readonly nowMs: number;
}

export interface AttemptsPageQuery {
  readonly fromMs: number;
  readonly toMs: number;
  /** Where the last page ended; null for the first. */
  readonly after: number | null;
  readonly max: number;
}

export interface AttemptsPage {
  readonly rows: readonly LedgerAttempt[];
  /** Where the next page begins; null where there is none. */
  readonly next: number | null;
}

export interface TillDay {
  readonly moves: readonly TillMove[];
  readonly held: number;
}

export interface Ledger {
  programmes(): Rows<StoredProgramme>;
  /** In the order of their making, each with what became of it and what it moved. */
  attempts(): Rows<LedgerAttempt>;
  /** The same, each with what is owed for it. */
  sales(): Rows<LedgerSale>;
  /** In the order of their making. */
  entries(): Rows<EntryRow>;
  /** Entries that no attempt owns up to. */
  strayEntries(): Rows<EntryRow>;
  /** Reversals of no attempt. */
  strayReversals(): Rows<ReversalRow>;
  grants(): Rows<OwnedGrant>;
  /** Lifted ones too. */
  suspensions(): Rows<OwnedSuspension>;
  /** Of sales that wait for their capture, and those that expired without being written as such. */
  holds(): Rows<OwnedHold>;
  /** Captures and refunds of no attempt. */
  strayOperations(): Rows<OperationRow>;
  /** The audit trail in the order of its making: of one beneficiary or partner, or all of it. */
  events(query: { readonly subject: string | null }): Rows<EventRow>;
  cards(): Rows<LedgerCard>;
  /** Of reimbursement. */
  readonly books: LedgerBooks;
}

export interface LedgerAttempt extends StoredAttempt {
  readonly entries: readonly EntryRow[];
}

export interface LedgerSale {
  readonly row: LedgerAttempt;
  readonly books: SaleBooks;
}

export interface OwnedGrant extends Grant {
  readonly accountId: string;
}

export interface OwnedHold extends Hold {
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

/** Another gateway was there first, or stood in the way: the same can be run again at once, on what it has written. */
export class OvertakenError extends TransactionLostError {}

/** The connection is lost, or of no use any more: the same can be run again on another, if there is one. */
export class ConnectionLostError extends TransactionLostError {}

/** One of a batch's changes met a bug, and took the others with it: without looking ahead each stands by itself. */
export class SpoiledError extends TransactionLostError {}

/** A batch does not fit what is stored, and nothing of it was. Who must act: the operator; the message names the record. */
export class LoadRefusedError extends Error {
  override readonly name = "LoadRefusedError";
}
