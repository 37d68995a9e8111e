// Reads the card that a presentation names, with its account and all that an account may still do, in one statement.

import type { Card, CardStatus } from "../../core/model.js";
import type { Credential } from "../../core/ports.js";
import { RECENT_SALES_MAX, RECORD_CODES } from "../rows.js";
import type { Holder } from "../sql/case-holder.js";
import { type HoldSqlRow, holdOf } from "../sql/ledger-rows.js";
import {
  GRANT_COLUMNS,
  type GrantValues,
  grantOfValues,
  type SuspensionRow,
  suspensionOf,
} from "../sql/rows.js";
import type { Sql } from "../sql/sql.js";

export interface CaseCard {
  readonly card: Card;
  readonly accountId: string;
  readonly holder: Holder;
  /** Null where a chip named the card, too: no PIN comes with a tap. */
  readonly credential: Credential | null;
  /** Null where a chip named the card. */
  readonly sealedNumber: Uint8Array | null;
}

/** Where a card is presented, and whether its account's sales since an instant are asked for. */
export interface CaseAt {
  readonly terminalId: string;
  readonly salesSinceMs: number | null;
}

interface CaseCardRow extends Partial<SecretsRow> {
  readonly id: string;
  readonly account_id: string;
  readonly status: CardStatus;
  readonly generation: string;
  readonly last_four: string;
  readonly message_counter: number;
  readonly pin_failures: number;
  readonly tapped_day: string | null;
  readonly tapped_cents: number | null;
  readonly pin_set: 0 | 1;
  readonly holder: string;
  readonly last_decision_at_ms: number;
  /** JSON, each of them. */
  readonly grants: string;
  readonly holds: string;
  readonly suspensions: string;
  readonly visits: string;
  readonly sales: string;
}

interface SecretsRow {
  readonly number_encrypted: Uint8Array;
  readonly pin_salt: Uint8Array | null;
  readonly pin_verifier: Uint8Array | null;
  readonly pin_key_version: number | null;
}

const SECRETS = ", c.number_encrypted, c.pin_salt, c.pin_verifier, c.pin_key_version";

const CODES_OF_RECORDS = RECORD_CODES.map((code) => `'${code}'`).join(", ");

/** @param key by what the card is found. @param secrets what a PIN is held to, or nothing. */
const caseCard = (
  key: string,
  secrets: string,
) => `SELECT c.id, c.account_id, c.status, c.generation,
    c.last_four, c.message_counter, c.pin_failures, c.tapped_day, c.tapped_cents,
    c.pin_verifier IS NOT NULL AS pin_set, a.holder, a.last_decision_at_ms,
    (SELECT coalesce(json_agg(json_build_array(${GRANT_COLUMNS}) ORDER BY id), '[]')::text
      FROM grants WHERE account_id = a.id) AS grants,
    (SELECT coalesce(json_agg(h ORDER BY h.terminal_id, h.attempt_id), '[]')::text
      FROM holds h WHERE h.account_id = a.id) AS holds,
    (SELECT coalesce(json_agg(s ORDER BY s.id), '[]')::text
      FROM suspensions s WHERE s.account_id = a.id AND s.lifted_at_ms IS NULL) AS suspensions,
    (SELECT coalesce(json_agg(json_build_array(v.avantage, v.at_ms) ORDER BY v.avantage), '[]')::text
      FROM visits v JOIN terminals t ON t.point_of_sale_id = v.point_of_sale_id
      WHERE v.account_id = a.id AND t.id = @terminalId) AS visits,
    (SELECT coalesce(json_agg(r.decided_at_ms ORDER BY r.decided_at_ms), '[]')::text FROM
      (SELECT decided_at_ms FROM attempts
       WHERE account_id = a.id AND decided_at_ms >= CAST(@salesSinceMs AS BIGINT) AND kind = 'authorization'
         AND state IN ('approved', 'held', 'expired') AND code NOT IN (${CODES_OF_RECORDS})
       ORDER BY decided_at_ms DESC LIMIT ${RECENT_SALES_MAX}) r) AS sales${secrets}
  FROM cards c JOIN accounts a ON a.id = c.account_id WHERE ${key}`;

function holderOf(row: CaseCardRow): Holder {
  const grants: readonly GrantValues[] = JSON.parse(row.grants);
  const holds: readonly HoldSqlRow[] = JSON.parse(row.holds);
  const suspensions: readonly SuspensionRow[] = JSON.parse(row.suspensions);
  const visits: readonly (readonly [string, number])[] = JSON.parse(row.visits);
  const { account_id: id, holder, last_decision_at_ms: lastDecisionAtMs } = row;
  return {
    account: { id, holder, lastDecisionAtMs },
    grants: grants.map(grantOfValues),
    holds: holds.map(holdOf),
    suspensions: suspensions.map(suspensionOf),
    visits: visits.map(([avantage, atMs]) => ({ avantage, atMs })),
    recentSalesMs: JSON.parse(row.sales),
  };
}

function credentialOf(row: CaseCardRow): Credential | null {
  const { pin_salt: pinSalt, pin_verifier: pinVerifier, pin_key_version: pinKeyVersion } = row;
  const isSet = pinSalt && pinVerifier && pinKeyVersion !== undefined && pinKeyVersion !== null;
  return isSet ? { pinSalt, pinVerifier, pinKeyVersion } : null;
}

function caseCardOf(row: CaseCardRow): CaseCard {
  const { tapped_day: day, tapped_cents: cents } = row;
  return {
    card: {
      id: row.id,
      status: row.status,
      generation: row.generation,
      lastFour: row.last_four,
      messageCounter: row.message_counter,
      pinSet: row.pin_set === 1,
      pinFailures: row.pin_failures,
      tapped: day === null || cents === null ? null : { day, cents },
    },
    accountId: row.account_id,
    holder: holderOf(row),
    credential: credentialOf(row),
    sealedNumber: row.number_encrypted ?? null,
  };
}

/** Prepares the reads of cards, by what names them. */
export function prepareCaseCards(sql: Sql) {
  const by = (key: string, secrets = SECRETS) => {
    const read = sql.prepare<CaseCardRow>(caseCard(key, secrets));
    return async (value: string | Uint8Array, { terminalId, salesSinceMs }: CaseAt) => {
      const row = await read.get({ value, terminalId, salesSinceMs });
      return row ? caseCardOf(row) : null;
    };
  };
  return {
    number: by("c.number_index = @value"),
    identifier: by("c.identifier_index = @value", ""),
    proof: by("c.id = (SELECT card_id FROM proofs WHERE ref = @value)"),
    id: by("c.id = @value"),
    /** As much as is read by the identifier. */
    idBare: by("c.id = @value", ""),
  };
}
