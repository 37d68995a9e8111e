// The holders' accounts on SQLite.

import { assert } from "../../core/assert.js";
import { NO_TRIES, type Tries } from "../../core/login-throttle.js";
import type { CardStatus } from "../../core/model.js";
import type { HolderCard, HolderDriver, HolderRow } from "../holders/driver.js";
import type { Sqlite } from "./database.js";

interface HolderSqlRow {
  beneficiary_id: string;
  refused_pins: Buffer;
  opening_code_hash: Buffer | null;
  opening_expires_at_ms: number | null;
  password_salt: Buffer | null;
  password_hash: Buffer | null;
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
  number_encrypted: Buffer;
  pin_salt: Buffer | null;
  pin_verifier: Buffer | null;
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
 * Prepares the accounts of a database.
 *
 * @param guarded tells a bug from a database that fails; every call goes through it.
 */
export function sqliteHolders(db: Sqlite, guarded: <T>(work: () => T) => T): HolderDriver {
  const beneficiary = db.prepare<[string], number>("SELECT 1 FROM accounts WHERE id = ?").pluck();
  const find = db.prepare<[string], HolderSqlRow>(
    "SELECT * FROM holder_accounts WHERE beneficiary_id = ?",
  );
  const put = db.prepare(
    "INSERT OR REPLACE INTO holder_accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const strangerTries = db.prepare<[number], Tries>(
    "SELECT failures, next_try_at_ms AS nextTryAtMs FROM stranger_tries WHERE slot = ?",
  );
  const putStrangerTries = db.prepare("INSERT OR REPLACE INTO stranger_tries VALUES (?, ?, ?)");
  // A card keeps its rowid for life, and the next one has a higher one.
  const cards = db.prepare<[string], HolderCardRow>(
    `SELECT id, status, last_four, number_encrypted, pin_salt, pin_verifier, pin_key_version, pin_failures
     FROM cards WHERE account_id = ? ORDER BY rowid DESC`,
  );
  const setPin = db.prepare(
    `UPDATE cards SET pin_salt = ?, pin_verifier = ?, pin_key_version = ?, pin_failures = 0
     WHERE id = ? AND status = 'ACTIVE'`,
  );

  return {
    isBeneficiary: (id) => guarded(() => beneficiary.get(id) !== undefined),
    find: (id) =>
      guarded(() => {
        const row = find.get(id);
        return row ? rowOf(row) : null;
      }),
    put: (row) =>
      guarded(() => {
        const { opening, password, tries } = row;
        put.run(
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
      }),
    strangerTries: (slot) => guarded(() => strangerTries.get(slot) ?? NO_TRIES),
    putStrangerTries: (slot, { failures, nextTryAtMs }) =>
      void guarded(() => putStrangerTries.run(slot, failures, nextTryAtMs)),
    cards: (id) => guarded(() => cards.all(id).map(cardOf)),
    setPin: (cardId, { pinSalt, pinVerifier, pinKeyVersion }) =>
      guarded(() => {
        const { changes } = setPin.run(pinSalt, pinVerifier, pinKeyVersion, cardId);
        assert(changes === 1, "a PIN is set on an active card");
      }),
  };
}
