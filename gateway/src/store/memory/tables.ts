// The memory driver's tables: maps whose every change can be taken back.

import type { FiledAccount, FiledPartner, FiledSuspension } from "../../core/loading/file.js";
import type {
  Account,
  Card,
  Convention,
  Grant,
  Hold,
  Proof,
  Terminal,
  Visit,
} from "../../core/model.js";
import type { Credential } from "../../core/ports.js";
import type {
  BankAccount,
  EquipmentDeclaration,
  Justificatif,
} from "../../core/settlement/model.js";
import type {
  AttemptRow,
  EntryRow,
  EventRow,
  OperationRow,
  OwnedHold,
  ReportRow,
  ReversalRow,
  StoredProgramme,
} from "../driver.js";
import type { GapDay, GapRow } from "../gap/driver.js";
import type { LedgerKeys } from "../key-use/driver.js";
import type { AgentRecord, PointOfSaleRecord, TerminalRecord } from "../records.js";
import type { ActivationCodeRow, RenewalRow } from "../terminals/driver.js";

export interface StoredCard extends Card {
  readonly accountId: string;
  readonly credential: Credential | null;
  readonly sealedNumber: Uint8Array;
  /** The indexes of its number and its chip, in hex. */
  readonly number: string;
  readonly identifier: string | null;
}

type StoredAccount = Account & FiledAccount;
type StoredTerminal = Terminal &
  Pick<TerminalRecord, "certificateFingerprint" | "certificateExpiresAtMs" | "enrolledAtMs">;
type StoredConvention = Convention & { readonly partnerId: string };
type StoredSuspension = FiledSuspension & { readonly liftedRef: string | null };

interface StoredVisit extends Visit {
  readonly pointOfSaleId: string;
  readonly terminalId: string;
  readonly attemptId: string;
}

export interface Table<V> {
  get(key: string): V | undefined;
  has(key: string): boolean;
  put(key: string, value: V): void;
  drop(key: string): void;
  values(): readonly V[];
}

/** Rows that are only ever added. */
export interface Journal<V> {
  add(value: V): void;
  rows(): readonly V[];
}

/** What was done, so that it can be taken back in the reverse order. */
export class UndoLog {
  #steps: (() => void)[] = [];

  push(step: () => void): void {
    this.#steps.push(step);
  }

  get length(): number {
    return this.#steps.length;
  }

  undoTo(length: number): void {
    while (this.#steps.length > length) this.#steps.pop()?.();
  }

  forget(): void {
    this.#steps = [];
  }
}

/** An empty table. */
export function createTable<V>(undo: UndoLog): Table<V> {
  const rows = new Map<string, V>();
  const restore = (key: string, before: V | undefined) => () =>
    before === undefined ? rows.delete(key) : rows.set(key, before);
  return {
    get: (key) => rows.get(key),
    has: (key) => rows.has(key),
    put(key, value) {
      undo.push(restore(key, rows.get(key)));
      rows.set(key, value);
    },
    drop(key) {
      undo.push(restore(key, rows.get(key)));
      rows.delete(key);
    },
    values: () => [...rows.values()],
  };
}

function createJournal<V>(undo: UndoLog): Journal<V> {
  const rows: V[] = [];
  return {
    add(value) {
      rows.push(value);
      undo.push(() => rows.pop());
    },
    rows: () => [...rows],
  };
}

export type Tables = ReturnType<typeof createTables>;

/** Makes empty tables. What belongs to an account or to a partner is one row of its own, in the order of ids. */
export function createTables() {
  const undo = new UndoLog();
  return {
    undo,
    partners: createTable<FiledPartner>(undo),
    conventions: createTable<StoredConvention>(undo),
    agrements: createTable<readonly string[]>(undo),
    bankAccounts: createTable<BankAccount>(undo),
    declarations: createTable<readonly EquipmentDeclaration[]>(undo),
    justificatifs: createTable<readonly Justificatif[]>(undo),
    pointsOfSale: createTable<PointOfSaleRecord>(undo),
    terminals: createTable<StoredTerminal>(undo),
    /** The last one of each terminal. */
    activationCodes: createTable<ActivationCodeRow>(undo),
    renewals: createTable<RenewalRow>(undo),
    agents: createTable<AgentRecord>(undo),
    accounts: createTable<StoredAccount>(undo),
    cards: createTable<StoredCard>(undo),
    grants: createTable<readonly Grant[]>(undo),
    suspensions: createTable<readonly StoredSuspension[]>(undo),
    visits: createTable<readonly StoredVisit[]>(undo),
    proofs: createTable<Proof>(undo),
    appCodes: createTable<number>(undo),
    attempts: createTable<AttemptRow>(undo),
    reversals: createTable<ReversalRow>(undo),
    operations: createJournal<OperationRow>(undo),
    holds: createTable<OwnedHold>(undo),
    programmes: createTable<StoredProgramme>(undo),
    ledgerKeys: createTable<LedgerKeys>(undo),
    gaps: createTable<GapRow>(undo),
    gapDays: createTable<GapDay>(undo),
    reports: createTable<ReportRow>(undo),
    entries: createJournal<EntryRow>(undo),
    events: createJournal<EventRow>(undo),
    /** Who has what nobody else may have, by what it is: a card's number, a terminal's certificate. */
    owners: createTable<string>(undo),
  };
}

/** One key of two ids. */
export const keyOf = (one: string, other: string): string => `${one} ${other}`;

export const hexOf = (index: Uint8Array): string => Buffer.from(index).toString("hex");

export const numberKey = (hex: string): string => `number ${hex}`;
export const identifierKey = (hex: string): string => `identifier ${hex}`;
export const terminalCertificateKey = (fingerprint: string): string => `terminal ${fingerprint}`;
export const agentCertificateKey = (fingerprint: string): string => `agent ${fingerprint}`;
export const initialKeyKey = (initialKeyId: string): string => `initial key ${initialKeyId}`;

/** A list with one item of an id put in, in the order of ids. */
export function withItem<T extends { readonly id: string }>(
  items: readonly T[],
  item: T,
): readonly T[] {
  const others = items.filter(({ id }) => id !== item.id);
  return [...others, item].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** An account's holds, in the order of the sales that placed them. */
export function holdsOf(tables: Tables, accountId: string): readonly Hold[] {
  return tables.holds
    .values()
    .filter((hold) => hold.accountId === accountId)
    .map(({ accountId: _, ...hold }) => hold)
    .sort((a, b) => (keyOf(a.terminalId, a.attemptId) < keyOf(b.terminalId, b.attemptId) ? -1 : 1));
}

/** A partner's conventions, the earliest first. */
export function conventionsOf(tables: Tables, partnerId: string): readonly Convention[] {
  return tables.conventions
    .values()
    .filter((it) => it.partnerId === partnerId)
    .map(({ partnerId: _, ...convention }) => convention)
    .sort((a, b) => a.fromMs - b.fromMs || (a.reference < b.reference ? -1 : 1));
}
