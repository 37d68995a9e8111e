-- The first schema: who may sell, who may buy, what was decided, what moved.

CREATE TABLE partners (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active', 'suspended'))
) STRICT;

CREATE TABLE conventions (
  reference TEXT PRIMARY KEY,
  partner_id TEXT NOT NULL REFERENCES partners (id),
  state TEXT NOT NULL,
  from_ms INTEGER NOT NULL,
  to_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX conventions_by_partner ON conventions (partner_id);

CREATE TABLE agrements (
  partner_id TEXT NOT NULL REFERENCES partners (id),
  avantage TEXT NOT NULL,
  PRIMARY KEY (partner_id, avantage)
) STRICT, WITHOUT ROWID;

CREATE TABLE points_of_sale (
  id TEXT PRIMARY KEY,
  partner_id TEXT NOT NULL REFERENCES partners (id),
  name TEXT NOT NULL,
  city TEXT NOT NULL
) STRICT;

CREATE TABLE terminals (
  id TEXT PRIMARY KEY,
  point_of_sale_id TEXT NOT NULL REFERENCES points_of_sale (id),
  status TEXT NOT NULL CHECK (status IN ('active', 'revoked')),
  certificate_fingerprint TEXT NOT NULL UNIQUE,
  initial_key_id TEXT UNIQUE,
  ksn_counter INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  last_decision_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Card numbers and chip identifiers are never here in clear: an HMAC to find them, and the number encrypted.
CREATE TABLE cards (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  status TEXT NOT NULL,
  generation TEXT NOT NULL,
  last_four TEXT NOT NULL,
  number_index BLOB NOT NULL UNIQUE,
  number_encrypted BLOB NOT NULL,
  identifier_index BLOB UNIQUE,
  message_counter INTEGER NOT NULL DEFAULT 0,
  pin_salt BLOB,
  pin_verifier BLOB,
  pin_key_version INTEGER,
  pin_failures INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE grants (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  avantage TEXT NOT NULL,
  campaign TEXT,
  unit TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  spent INTEGER NOT NULL DEFAULT 0 CHECK (spent >= 0 AND spent <= amount),
  from_ms INTEGER,
  to_ms INTEGER NOT NULL,
  first_day TEXT,
  last_day TEXT NOT NULL
) STRICT;
CREATE INDEX grants_by_account ON grants (account_id);

-- Every programme that was decided under, as loaded, so that its decisions can be made again.
CREATE TABLE programmes (
  hash TEXT PRIMARY KEY,
  json TEXT NOT NULL
) STRICT;

CREATE TABLE attempts (
  seq INTEGER PRIMARY KEY,
  terminal_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('authorization', 'inquiry', 'tombstone')),
  state TEXT NOT NULL CHECK (state IN ('approved', 'declined', 'reversed')),
  fingerprint BLOB,
  code TEXT NOT NULL,
  account_id TEXT,
  avantage TEXT,
  decided_at_ms INTEGER NOT NULL,
  programme_hash TEXT NOT NULL REFERENCES programmes (hash),
  rules_version INTEGER NOT NULL,
  input TEXT,
  answer TEXT,
  UNIQUE (terminal_id, id)
) STRICT;

CREATE TABLE reversals (
  terminal_id TEXT NOT NULL,
  id TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('automatic', 'manual')),
  at_ms INTEGER NOT NULL,
  answer TEXT NOT NULL,
  PRIMARY KEY (terminal_id, id)
) STRICT, WITHOUT ROWID;

-- Append-only: a correction is a new entry.
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL,
  grant_id TEXT NOT NULL REFERENCES grants (id),
  terminal_id TEXT NOT NULL,
  attempt_id TEXT NOT NULL,
  units INTEGER NOT NULL CHECK (units <> 0),
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX entries_by_attempt ON entries (terminal_id, attempt_id);

CREATE TRIGGER entries_are_never_changed BEFORE UPDATE ON entries
BEGIN SELECT RAISE (ABORT, 'entries are append-only'); END;
CREATE TRIGGER entries_are_never_removed BEFORE DELETE ON entries
BEGIN SELECT RAISE (ABORT, 'entries are append-only'); END;

CREATE TABLE proofs (
  ref TEXT PRIMARY KEY,
  terminal_id TEXT NOT NULL,
  card_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX proofs_by_expiry ON proofs (expires_at_ms);

CREATE TABLE app_codes (
  key TEXT PRIMARY KEY,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX app_codes_by_expiry ON app_codes (expires_at_ms);
