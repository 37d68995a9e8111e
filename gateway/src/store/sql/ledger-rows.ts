// Rows of what was decided, moved and told, as a database gives them, and their way into the driver's records.

import type { SaleState } from "../../core/life.js";
import type { Hold } from "../../core/model.js";
import type {
  AttemptKind,
  AttemptRow,
  EntryRow,
  EventRow,
  LedgerCard,
  OperationRow,
  OwnedHold,
  ReportRow,
  ReversalRow,
} from "../driver.js";

export interface AttemptSqlRow {
  terminal_id: string;
  id: string;
  kind: AttemptKind;
  state: SaleState;
  fingerprint: Uint8Array | null;
  code: string;
  account_id: string | null;
  partner_id: string | null;
  avantage: string | null;
  decided_at_ms: number;
  programme_hash: string;
  rules_version: number;
  input: string | null;
  effects_digest: Uint8Array | null;
  answer: string | null;
}

export function attemptOf(row: AttemptSqlRow): AttemptRow {
  return {
    terminalId: row.terminal_id,
    id: row.id,
    kind: row.kind,
    state: row.state,
    fingerprint: row.fingerprint,
    code: row.code,
    accountId: row.account_id,
    partnerId: row.partner_id,
    avantage: row.avantage,
    decidedAtMs: row.decided_at_ms,
    programmeHash: row.programme_hash,
    rulesVersion: row.rules_version,
    input: row.input,
    effectsDigest: row.effects_digest,
    answer: row.answer,
  };
}

export interface ReversalSqlRow {
  terminal_id: string;
  id: string;
  reason: ReversalRow["reason"];
  asked_by: string;
  units: number;
  at_ms: number;
  answer: string;
}

export function reversalOf(row: ReversalSqlRow): ReversalRow {
  return {
    terminalId: row.terminal_id,
    id: row.id,
    reason: row.reason,
    askedBy: row.asked_by,
    units: row.units,
    atMs: row.at_ms,
    answer: row.answer,
  };
}

export interface OperationSqlRow {
  kind: OperationRow["kind"];
  terminal_id: string;
  attempt_id: string;
  id: string;
  asked_by: string;
  asked: number | null;
  units: number;
  at_ms: number;
  programme_hash: string;
  input: string;
  answer: string;
}

export function operationOf(row: OperationSqlRow): OperationRow {
  return {
    kind: row.kind,
    terminalId: row.terminal_id,
    attemptId: row.attempt_id,
    id: row.id,
    askedBy: row.asked_by,
    asked: row.asked,
    units: row.units,
    atMs: row.at_ms,
    programmeHash: row.programme_hash,
    input: row.input,
    answer: row.answer,
  };
}

export interface HoldSqlRow {
  terminal_id: string;
  attempt_id: string;
  account_id: string;
  grant_id: string;
  units: number;
  expires_at_ms: number;
}

export function holdOf(row: HoldSqlRow): Hold {
  return {
    terminalId: row.terminal_id,
    attemptId: row.attempt_id,
    grantId: row.grant_id,
    units: row.units,
    expiresAtMs: row.expires_at_ms,
  };
}

export function ownedHoldOf(row: HoldSqlRow): OwnedHold {
  return { ...holdOf(row), accountId: row.account_id };
}

export interface LedgerCardRow {
  id: string;
  message_counter: number;
  pin_failures: number;
  tapped_day: string | null;
  tapped_cents: number | null;
}

export function ledgerCardOf(row: LedgerCardRow): LedgerCard {
  const { id, message_counter, pin_failures, tapped_day: day, tapped_cents: cents } = row;
  const tapped = day === null || cents === null ? null : { day, cents };
  return { id, messageCounter: message_counter, pinFailures: pin_failures, tapped };
}

export interface EntrySqlRow {
  account_id: string;
  grant_id: string;
  terminal_id: string;
  attempt_id: string;
  units: number;
  at_ms: number;
}

export function entryOf(row: EntrySqlRow): EntryRow {
  return {
    accountId: row.account_id,
    grantId: row.grant_id,
    terminalId: row.terminal_id,
    attemptId: row.attempt_id,
    units: row.units,
    atMs: row.at_ms,
  };
}

export interface EventSqlRow {
  id: string;
  agent_id: string;
  role: EventRow["role"];
  type: string;
  subject: string;
  at_ms: number;
  fingerprint: Uint8Array;
  outcome: EventRow["outcome"];
  refusal: string | null;
  /** JSON. */
  notes: string;
}

export function eventOf(row: EventSqlRow): EventRow {
  return {
    id: row.id,
    agentId: row.agent_id,
    role: row.role,
    type: row.type,
    subject: row.subject,
    atMs: row.at_ms,
    fingerprint: row.fingerprint,
    outcome: row.outcome,
    refusal: row.refusal,
    notes: JSON.parse(row.notes),
  };
}

export interface ReportSqlRow {
  partner_id: string;
  report: string;
  beneficiary: string;
  received_on: string;
}

export function reportOf(row: ReportSqlRow): ReportRow {
  return {
    partnerId: row.partner_id,
    report: row.report,
    beneficiary: row.beneficiary,
    receivedOn: row.received_on,
  };
}
