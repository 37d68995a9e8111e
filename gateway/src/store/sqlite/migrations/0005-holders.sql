-- The holders' own accounts, in which a PIN is set. Neither a birth date nor a password nor a PIN can be read here.

CREATE TABLE holder_accounts (
  beneficiary_id TEXT PRIMARY KEY REFERENCES accounts (id),
  -- Keyed digests, 16 bytes each, of the PINs that the birth date makes.
  refused_pins BLOB NOT NULL CHECK (length(refused_pins) % 16 = 0),
  opening_code_hash BLOB,
  opening_expires_at_ms INTEGER,
  password_salt BLOB,
  password_hash BLOB,
  password_params TEXT,
  failures INTEGER NOT NULL CHECK (failures >= 0),
  next_try_at_ms INTEGER NOT NULL,
  CHECK ((opening_code_hash IS NULL) = (opening_expires_at_ms IS NULL)),
  CHECK ((password_salt IS NULL) = (password_hash IS NULL)),
  CHECK ((password_salt IS NULL) = (password_params IS NULL))
) STRICT, WITHOUT ROWID;

-- Tries for a dossier without an account, so that it waits as any other. Slots are few, whatever strangers send. A count
-- lapses a day after its next_try_at_ms, here as in holder_accounts.
CREATE TABLE stranger_tries (
  slot INTEGER PRIMARY KEY,
  failures INTEGER NOT NULL CHECK (failures >= 0),
  next_try_at_ms INTEGER NOT NULL
) STRICT;
