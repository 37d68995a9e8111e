// Rows as SQLite gives them, and their way into the core's nouns.

import type { Unit } from "@pass-tpe/protocol";
import type { FiledPartner } from "../../core/loading/file.js";
import type {
  Card,
  CardStatus,
  Convention,
  Grant,
  Proof,
  Suspension,
  Terminal,
} from "../../core/model.js";
import type { Credential } from "../../core/ports.js";

export interface TerminalRow {
  id: string;
  status: "active" | "revoked";
  point_of_sale_id: string;
  initial_key_id: string | null;
  ksn_counter: number;
  pos_name: string;
  pos_city: string;
  partner_id: string;
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

export interface PartnerRow {
  id: string;
  name: string;
  status: "active" | "suspended";
  /** JSON arrays. */
  types: string;
  flags: string;
}

export function partnerOf(row: PartnerRow): FiledPartner {
  const { id, name, status } = row;
  return { id, name, status, types: JSON.parse(row.types), flags: JSON.parse(row.flags) };
}

export interface ConventionRow {
  reference: string;
  state: Convention["state"];
  from_ms: number;
  to_ms: number;
  signature_reference: string | null;
  signed_at_ms: number | null;
  /** JSON: cents by avantage. */
  tariffs: string;
}

export function conventionOf(row: ConventionRow): Convention {
  const { signature_reference: reference, signed_at_ms: atMs } = row;
  const tariffs: Readonly<Record<string, number>> = JSON.parse(row.tariffs);
  return {
    reference: row.reference,
    state: row.state,
    fromMs: row.from_ms,
    toMs: row.to_ms,
    signature: reference === null || atMs === null ? null : { reference, atMs },
    ...(Object.keys(tariffs).length > 0 && { tariffs }),
  };
}

export interface CardRow {
  id: string;
  account_id: string;
  status: CardStatus;
  generation: string;
  last_four: string;
  number_encrypted: Buffer;
  message_counter: number;
  pin_salt: Buffer | null;
  pin_verifier: Buffer | null;
  pin_key_version: number | null;
  pin_failures: number;
  tapped_day: string | null;
  tapped_cents: number | null;
  holder: string;
  last_decision_at_ms: number;
}

export function cardOf(row: Omit<CardRow, "holder" | "last_decision_at_ms">): Card {
  const { tapped_day: day, tapped_cents: cents } = row;
  return {
    id: row.id,
    status: row.status,
    generation: row.generation,
    lastFour: row.last_four,
    messageCounter: row.message_counter,
    pinSet: row.pin_verifier !== null,
    pinFailures: row.pin_failures,
    tapped: day === null || cents === null ? null : { day, cents },
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
  supplement_amount: number | null;
  supplement_flag: string | null;
  spent: number;
  from_ms: number | null;
  to_ms: number;
  first_day: string | null;
  last_day: string;
  age_from_ms: number | null;
  age_to_ms: number | null;
  rule: string;
  revoked: number;
}

export function grantOf(row: GrantRow): Grant {
  const { supplement_amount: extra, supplement_flag: partnerFlag } = row;
  const { age_from_ms: fromMs, age_to_ms: toMs } = row;
  return {
    id: row.id,
    avantage: row.avantage,
    campaign: row.campaign,
    unit: row.unit,
    amount: row.amount,
    supplement: extra === null || partnerFlag === null ? null : { amount: extra, partnerFlag },
    spent: row.spent,
    window: {
      fromMs: row.from_ms,
      toMs: row.to_ms,
      firstDay: row.first_day,
      lastDay: row.last_day,
    },
    ageWindow: fromMs === null || toMs === null ? null : { fromMs, toMs },
    rule: row.rule,
    revoked: row.revoked === 1,
  };
}

export interface SuspensionRow {
  id: string;
  campaign: string;
  /** JSON. */
  avantages: string;
}

export function suspensionOf({ id, campaign, avantages }: SuspensionRow): Suspension {
  return { id, campaign, avantages: JSON.parse(avantages) };
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
