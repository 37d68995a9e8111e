// Rows as SQLite gives them, and their way into the core's nouns.

import type { Unit } from "@pass-tpe/protocol";
import type { Card, CardStatus, Convention, Grant, Proof, Terminal } from "../../core/model.js";
import type { Credential } from "../../core/ports.js";
import type { AttemptKind, AttemptRow, AttemptState, EntryRow, ReversalRow } from "../driver.js";

export interface TerminalRow {
  id: string;
  status: "active" | "revoked";
  point_of_sale_id: string;
  initial_key_id: string | null;
  ksn_counter: number;
  pos_name: string;
  pos_city: string;
  partner_id: string;
  partner_name: string;
  partner_status: "active" | "suspended";
}

export function terminalOf(row: TerminalRow): Terminal {
  return {
    id: row.id,
    status: row.status,
    pointOfSaleId: row.point_of_sale_id,
    initialKeyId: row.initial_key_id,
    ksnCounter: row.ksn_counter,
  };
}

export interface ConventionRow {
  reference: string;
  state: Convention["state"];
  from_ms: number;
  to_ms: number;
}

export function conventionOf(row: ConventionRow): Convention {
  return { reference: row.reference, state: row.state, fromMs: row.from_ms, toMs: row.to_ms };
}

export interface CardRow {
  id: string;
  account_id: string;
  status: CardStatus;
  generation: string;
  last_four: string;
  message_counter: number;
  pin_salt: Buffer | null;
  pin_verifier: Buffer | null;
  pin_key_version: number | null;
  pin_failures: number;
  holder: string;
  last_decision_at_ms: number;
}

export function cardOf(row: CardRow): Card {
  return {
    id: row.id,
    status: row.status,
    generation: row.generation,
    lastFour: row.last_four,
    messageCounter: row.message_counter,
    pinSet: row.pin_verifier !== null,
    pinFailures: row.pin_failures,
  };
}

export function credentialOf(row: CardRow): Credential | null {
  const { pin_salt: pinSalt, pin_verifier: pinVerifier, pin_key_version: pinKeyVersion } = row;
  if (!pinSalt || !pinVerifier || pinKeyVersion === null) return null;
  return { pinSalt, pinVerifier, pinKeyVersion };
}

export interface GrantRow {
  id: string;
  account_id: string;
  avantage: string;
  campaign: string | null;
  unit: Unit;
  amount: number;
  spent: number;
  from_ms: number | null;
  to_ms: number;
  first_day: string | null;
  last_day: string;
}

export function grantOf(row: GrantRow): Grant {
  return {
    id: row.id,
    avantage: row.avantage,
    campaign: row.campaign,
    unit: row.unit,
    amount: row.amount,
    spent: row.spent,
    window: {
      fromMs: row.from_ms,
      toMs: row.to_ms,
      firstDay: row.first_day,
      lastDay: row.last_day,
    },
  };
}

export interface ProofRow {
  ref: string;
  terminal_id: string;
  card_id: string;
  channel: Proof["channel"];
  expires_at_ms: number;
  used: number;
}

export function proofOf(row: ProofRow): Proof {
  return {
    ref: row.ref,
    terminalId: row.terminal_id,
    cardId: row.card_id,
    channel: row.channel,
    expiresAtMs: row.expires_at_ms,
    used: row.used === 1,
  };
}

export interface AttemptSqlRow {
  terminal_id: string;
  id: string;
  kind: AttemptKind;
  state: AttemptState;
  fingerprint: Buffer | null;
  code: string;
  account_id: string | null;
  avantage: string | null;
  decided_at_ms: number;
  programme_hash: string;
  rules_version: number;
  input: string | null;
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
    avantage: row.avantage,
    decidedAtMs: row.decided_at_ms,
    programmeHash: row.programme_hash,
    rulesVersion: row.rules_version,
    input: row.input,
    answer: row.answer,
  };
}

export interface ReversalSqlRow {
  terminal_id: string;
  id: string;
  reason: ReversalRow["reason"];
  at_ms: number;
  answer: string;
}

export function reversalOf(row: ReversalSqlRow): ReversalRow {
  return {
    terminalId: row.terminal_id,
    id: row.id,
    reason: row.reason,
    atMs: row.at_ms,
    answer: row.answer,
  };
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
