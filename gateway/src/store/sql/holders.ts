// The holders' accounts, in which they set their PIN.

import { assert } from "../../core/assert.js";
import { NO_TRIES, type Tries } from "../../core/login-throttle.js";
import type { CardStatus } from "../../core/model.js";
import type { HolderCard, HolderDriver, HolderRow } from "../holders/driver.js";
import type { Sql } from "./sql.js";

interface HolderSqlRow {
  beneficiary_id: string;
  refused_pins: Uint8Array;
  opening_code_hash: Uint8Array | null;
  opening_expires_at_ms: number | null;
  password_salt: Uint8Array | null;
  password_hash: Uint8Array | null;
  password_params: string | null;
  failures: number;
  next_try_at_ms: number;
}

function rowOf(row: HolderSqlRow): HolderRow {
  const { opening_code_hash: codeHash, opening_expires_at_ms: expiresAtMs } = row;
  const { password_salt: salt, password_hash: hash, password_params: params } = row;
  return {
    beneficiary: row.beneficiary_id,
    refusedPins: row.refused_pins,
    opening: codeHash && expiresAtMs !== null ? { codeHash, expiresAtMs } : null,
    password: salt && hash && params !== null ? { salt, hash, params } : null,
    tries: { failures: row.failures, nextTryAtMs: row.next_try_at_ms },
  };
}

interface HolderCardRow {
  id: string;
  status: CardStatus;
  last_four: string;
  number_encrypted: Uint8Array;
  pin_salt: Uint8Array | null;
  pin_verifier: Uint8Array | null;
  pin_key_version: number | null;
  pin_failures: number;
}

function cardOf(row: HolderCardRow): HolderCard {
  const { pin_salt: pinSalt, pin_verifier: pinVerifier, pin_key_version: pinKeyVersion } = row;
  return {
    id: row.id,
    status: row.status,
    lastFour: row.last_four,
    sealedNumber: row.number_encrypted,
    credential:
      pinSalt && pinVerifier && pinKeyVersion !== null
        ? { pinSalt, pinVerifier, pinKeyVersion }
        : null,
    pinFailures: row.pin_failures,
  };
}

/**
 * Prepares the holders' accounts.
 *
 * @param order.newest by what a card that was made later than another comes before it, in SQL.
 */
export function holderTables(sql: Sql, order: { readonly newest: string }): HolderDriver {
  const beneficiary = sql.prepare<{ readonly id: string }>("SELECT id FROM accounts WHERE id = ?");
  const find = sql.prepare<HolderSqlRow>("SELECT * FROM holder_accounts WHERE beneficiary_id = ?");
  const put = prepareHolderPut(sql);
  const strangerTries = sql.prepare<Tries>(
    `SELECT failures, next_try_at_ms AS "nextTryAtMs" FROM stranger_tries WHERE slot = ?`,
  );
  const putStrangerTries = sql.prepare(
    `INSERT INTO stranger_tries (slot, failures, next_try_at_ms) VALUES (?, ?, ?)
     ON CONFLICT (slot) DO UPDATE SET failures = excluded.failures, next_try_at_ms = excluded.next_try_at_ms`,
  );
  const cards = sql.prepare<HolderCardRow>(
    `SELECT id, status, last_four, number_encrypted, pin_salt, pin_verifier, pin_key_version, pin_failures
     FROM cards WHERE account_id = ? ORDER BY ${order.newest}`,
  );
  const setPin = sql.prepare(
    `UPDATE cards SET pin_salt = ?, pin_verifier = ?, pin_key_version = ?, pin_failures = 0
     WHERE id = ? AND status = 'ACTIVE'`,
  );

  return {
    isBeneficiary: async (id) => (await beneficiary.get(id)) !== undefined,
    async find(id) {
      const row = await find.get(id);
      return row ? rowOf(row) : null;
    },
    put,
    strangerTries: async (slot) => (await strangerTries.get(slot)) ?? NO_TRIES,
    async putStrangerTries(slot, { failures, nextTryAtMs }) {
      await putStrangerTries.run(slot, failures, nextTryAtMs);
    },
    cards: async (id) => (await cards.all(id)).map(cardOf),
    async setPin(cardId, { pinSalt, pinVerifier, pinKeyVersion }) {
      const changed = await setPin.run(pinSalt, pinVerifier, pinKeyVersion, cardId);
      assert(changed === 1, "a PIN is set on an active card");
    },
  };
}

function prepareHolderPut(sql: Sql): HolderDriver["put"] {
  const put = sql.prepare(
    `INSERT INTO holder_accounts (beneficiary_id, refused_pins, opening_code_hash, opening_expires_at_ms,
       password_salt, password_hash, password_params, failures, next_try_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (beneficiary_id) DO UPDATE SET refused_pins = excluded.refused_pins,
       opening_code_hash = excluded.opening_code_hash, opening_expires_at_ms = excluded.opening_expires_at_ms,
       password_salt = excluded.password_salt, password_hash = excluded.password_hash,
       password_params = excluded.password_params, failures = excluded.failures,
       next_try_at_ms = excluded.next_try_at_ms`,
  );
  return async (row) => {
    const { opening, password, tries } = row;
    await put.run(
      row.beneficiary,
      row.refusedPins,
      opening?.codeHash ?? null,
      opening?.expiresAtMs ?? null,
      password?.salt ?? null,
      password?.hash ?? null,
      password?.params ?? null,
      tries.failures,
      tries.nextTryAtMs,
    );
  };
}
