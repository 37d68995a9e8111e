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
import { translate } from "./placeholders.js";
import type { RunQuery } from "./sql.js";

export interface CaseCard {
  readonly card: Card;
  readonly accountId: string;
  readonly holder: Holder;
  /** Null where a chip named the card, too: no PIN comes with a tap. */
  readonly credential: Credential | null;
  /** Null where a chip named the card. */
  readonly sealedNumber: Uint8Array | null;
}

/** A card by what names it, and the terminal that it is presented at. */
export interface Presented {
  readonly value: string | Uint8Array;
  readonly terminalId: string;
}

/** What is read beside the cards that are asked for. */
export interface ReadBeside {
  /** The accounts' sales since then; null for none. */
  readonly salesSinceMs: number | null;
  /** Read in place of each card that is not there, so that its absence does not show in the time. */
  readonly standInId: string | null;
}

interface CaseCardRow extends Partial<SecretsRow> {
  /** Of the presentations, from 1. */
  readonly no: number;
  readonly is_there: 0 | 1;
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

/**
 * A card after the other, by its index: OFFSET and LIMIT keep the planner from reading a whole table for a handful.
 *
 * @param type of what names a card.
 * @param found a card's id by it.
 * @param secrets what a PIN is held to, or nothing.
 */
const caseCards = (
  type: "bytea" | "text",
  found: string,
  secrets: string,
) => `SELECT k.no, k.found IS NOT NULL AS is_there, c.id, c.account_id, c.status, c.generation,
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
      WHERE v.account_id = a.id AND t.id = k.terminal_id) AS visits,
    (SELECT coalesce(json_agg(r.decided_at_ms ORDER BY r.decided_at_ms), '[]')::text FROM
      (SELECT decided_at_ms FROM attempts
       WHERE account_id = a.id AND decided_at_ms >= $3::bigint AND kind = 'authorization'
         AND state IN ('approved', 'held', 'expired') AND code NOT IN (${CODES_OF_RECORDS})
       ORDER BY decided_at_ms DESC LIMIT ${RECENT_SALES_MAX}) r) AS sales${secrets}
  FROM (SELECT p.terminal_id, p.no, (${found}) AS found
      FROM unnest($1::${type}[], $2::text[]) WITH ORDINALITY AS p (value, terminal_id, no) OFFSET 0) k
    CROSS JOIN LATERAL (SELECT * FROM cards WHERE id = coalesce(k.found, $4) LIMIT 1) c
    CROSS JOIN LATERAL (SELECT * FROM accounts WHERE id = c.account_id LIMIT 1) a`;

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

/** Reads presented cards, each in its place: null where it is not there. */
export type ReadCardsByName = (
  presented: readonly Presented[],
  beside: ReadBeside,
) => Promise<readonly (CaseCard | null)[]>;

/** Prepares the reads of cards, by what names them. */
export function prepareCardsByName(run: RunQuery) {
  function by(type: "bytea" | "text", found: string, secrets = SECRETS): ReadCardsByName {
    const { name, text } = translate(caseCards(type, found, secrets));
    return async (presented, { salesSinceMs, standInId }) => {
      const cards: (CaseCard | null)[] = presented.map(() => null);
      if (presented.length === 0) return cards;
      const values = presented.map(({ value }) => value);
      const terminals = presented.map(({ terminalId }) => terminalId);
      const asked = [values, terminals, salesSinceMs, standInId];
      const { rows } = await run({ name, text, values: asked }, false);
      for (const row of rows as readonly CaseCardRow[]) {
        if (row.is_there === 1) cards[row.no - 1] = caseCardOf(row);
      }
      return cards;
    };
  }
  return {
    number: by("bytea", "SELECT id FROM cards WHERE number_index = p.value"),
    /** A tap brings no PIN. */
    identifier: by("bytea", "SELECT id FROM cards WHERE identifier_index = p.value", ""),
    proof: by("text", "SELECT card_id FROM proofs WHERE ref = p.value"),
  };
}
