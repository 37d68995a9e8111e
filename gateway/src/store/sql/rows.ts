// Rows as a database gives them, and their way into the core's nouns.

import type { Unit } from "@pass-tpe/protocol";
import type { FiledPartner } from "../../core/loading/file.js";
import type { Convention, Grant, Proof, Suspension, Terminal } from "../../core/model.js";

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

/** A partner by its id. */
export const PARTNER = "SELECT * FROM partners WHERE id = ?";

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

/** Conventions by their partner's id. */
export const CONVENTIONS_OF_PARTNER =
  "SELECT * FROM conventions WHERE partner_id = ? ORDER BY from_ms, reference";

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

/** Agréments by their partner's id. */
export const AGREMENTS_OF_PARTNER =
  "SELECT avantage FROM agrements WHERE partner_id = ? ORDER BY avantage";

export interface AgrementRow {
  avantage: string;
}

/** A grant's columns, in the order of {@link GrantValues}. */
export const GRANT_COLUMNS = `id, avantage, campaign, unit, amount, supplement_amount, supplement_flag, spent,
  from_ms, to_ms, first_day, last_day, age_from_ms, age_to_ms, rule, revoked`;

export type GrantValues = readonly [
  id: string,
  avantage: string,
  campaign: string | null,
  unit: Unit,
  amount: number,
  supplementAmount: number | null,
  supplementFlag: string | null,
  spent: number,
  fromMs: number | null,
  toMs: number,
  firstDay: string | null,
  lastDay: string,
  ageFromMs: number | null,
  ageToMs: number | null,
  rule: string,
  revoked: 0 | 1,
];

export function grantOfValues([
  id,
  avantage,
  campaign,
  unit,
  amount,
  extra,
  partnerFlag,
  spent,
  fromMs,
  toMs,
  firstDay,
  lastDay,
  ageFromMs,
  ageToMs,
  rule,
  revoked,
]: GrantValues): Grant {
  return {
    id,
    avantage,
    campaign,
    unit,
    amount,
    supplement: extra === null || partnerFlag === null ? null : { amount: extra, partnerFlag },
    spent,
    window: { fromMs, toMs, firstDay, lastDay },
    ageWindow: ageFromMs === null || ageToMs === null ? null : { fromMs: ageFromMs, toMs: ageToMs },
    rule,
    revoked: revoked === 1,
  };
}

export interface GrantRow {
  id: string;
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
  revoked: 0 | 1;
}

export function grantOf(row: GrantRow): Grant {
  return grantOfValues([
    row.id,
    row.avantage,
    row.campaign,
    row.unit,
    row.amount,
    row.supplement_amount,
    row.supplement_flag,
    row.spent,
    row.from_ms,
    row.to_ms,
    row.first_day,
    row.last_day,
    row.age_from_ms,
    row.age_to_ms,
    row.rule,
    row.revoked,
  ]);
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
