// Reads the card that a presentation names, with its account, and what of the account there is to read beside it.

import type { Account, Card, CardStatus } from "../../core/model.js";
import type { Credential } from "../../core/ports.js";
import type { Sqlite } from "./database.js";

/** A card as a case is read from it. */
export interface CaseCard {
  readonly card: Card;
  readonly account: Account;
  /** Whether there is any to read. */
  readonly has: {
    readonly holds: boolean;
    readonly suspensions: boolean;
    readonly visits: boolean;
  };
  /** Null where a chip named the card, too: no PIN comes with a tap. */
  readonly credential: Credential | null;
  /** Null where a chip named the card. */
  readonly sealedNumber: Uint8Array | null;
}

/**
 * A card with its account as one text, in the order of {@link CaseCardValues}, because each value by itself costs more. What
 * is empty for most accounts is asked for here, so that it is read only where there is something.
 */
const CASE_CARD_JSON = `json_array(
  cards.id, account_id, status, generation, last_four, message_counter, pin_failures, tapped_day, tapped_cents,
  pin_verifier IS NOT NULL, holder, last_decision_at_ms,
  EXISTS (SELECT 1 FROM holds WHERE holds.account_id = cards.account_id),
  EXISTS (SELECT 1 FROM suspensions WHERE suspensions.account_id = cards.account_id AND lifted_at_ms IS NULL),
  EXISTS (SELECT 1 FROM visits WHERE visits.account_id = cards.account_id AND point_of_sale_id = ?))`;

type CaseCardValues = readonly [
  id: string,
  accountId: string,
  status: CardStatus,
  generation: string,
  lastFour: string,
  messageCounter: number,
  pinFailures: number,
  tappedDay: string | null,
  tappedCents: number | null,
  pinSet: 0 | 1,
  holder: string,
  lastDecisionAtMs: number,
  holds: 0 | 1,
  suspensions: 0 | 1,
  visits: 0 | 1,
];

/** What a PIN is held to. Each is copied out of SQLite by itself: 2 µs that a tap is spared. */
type SecretValues = readonly [
  sealedNumber: Buffer,
  pinSalt: Buffer | null,
  pinVerifier: Buffer | null,
  pinKeyVersion: number | null,
];

const SECRET_COLUMNS = "number_encrypted, pin_salt, pin_verifier, pin_key_version";

const NO_SECRETS = { credential: null, sealedNumber: null };

function secretsOf([sealedNumber, pinSalt, pinVerifier, pinKeyVersion]: SecretValues) {
  const isSet = pinSalt !== null && pinVerifier !== null && pinKeyVersion !== null;
  return { credential: isSet ? { pinSalt, pinVerifier, pinKeyVersion } : null, sealedNumber };
}

function caseCardOf(
  json: string,
  secrets: Pick<CaseCard, "credential" | "sealedNumber">,
): CaseCard {
  const [
    id,
    accountId,
    status,
    generation,
    lastFour,
    messageCounter,
    pinFailures,
    day,
    cents,
    pinSet,
    holder,
    lastDecisionAtMs,
    holds,
    suspensions,
    visits,
  ]: CaseCardValues = JSON.parse(json);
  return {
    card: {
      id,
      status,
      generation,
      lastFour,
      messageCounter,
      pinSet: pinSet === 1,
      pinFailures,
      tapped: day === null || cents === null ? null : { day, cents },
    },
    account: { id: accountId, holder, lastDecisionAtMs },
    has: { holds: holds === 1, suspensions: suspensions === 1, visits: visits === 1 },
    ...secrets,
  };
}

/** By what a card is found in its table. */
type Key = "number_index" | "identifier_index" | "id";

/** Prepares the reads of cards at a point of sale. */
export function prepareCards(db: Sqlite) {
  const prepare = <Row>(columns: string, key: Key) =>
    db.prepare<[pointOfSaleId: string, key: Uint8Array | string], Row>(
      `SELECT ${columns} FROM cards JOIN accounts ON accounts.id = account_id WHERE cards.${key} = ?`,
    );
  const bareBy = (key: Key) => {
    const card = prepare<string>(CASE_CARD_JSON, key).pluck();
    return (value: Uint8Array | string, pointOfSaleId: string): CaseCard | null => {
      const json = card.get(pointOfSaleId, value);
      return json === undefined ? null : caseCardOf(json, NO_SECRETS);
    };
  };
  const wholeBy = (key: Key) => {
    const columns = `${CASE_CARD_JSON}, ${SECRET_COLUMNS}`;
    const card = prepare<readonly [string, ...SecretValues]>(columns, key).raw();
    return (value: Uint8Array | string, pointOfSaleId: string): CaseCard | null => {
      const row = card.get(pointOfSaleId, value);
      if (!row) return null;
      const [json, ...secrets] = row;
      return caseCardOf(json, secretsOf(secrets));
    };
  };
  return {
    number: wholeBy("number_index"),
    id: wholeBy("id"),
    identifier: bareBy("identifier_index"),
    /** As much as is read by the identifier. */
    idBare: bareBy("id"),
  };
}
