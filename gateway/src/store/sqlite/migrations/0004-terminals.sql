-- The life of a terminal's credentials: how it gets them, and how they are replaced before they end. Nothing secret.

-- Null for a terminal of before this schema, until it is enrolled again.
ALTER TABLE terminals ADD COLUMN certificate_expires_at_ms INTEGER;
ALTER TABLE terminals ADD COLUMN enrolled_at_ms INTEGER;

-- The last code that was made for a terminal, which may not be there yet: a newer one voids it. `digest` is the
-- SHA-256 of its secret. Once used, it keeps what was issued for it, for a terminal that did not get the answer.
CREATE TABLE activation_codes (
  terminal_id TEXT PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  point_of_sale_id TEXT NOT NULL REFERENCES points_of_sale (id),
  expires_at_ms INTEGER NOT NULL,
  used_at_ms INTEGER,
  key_hash BLOB,
  certificate TEXT,
  certificate_fingerprint TEXT UNIQUE,
  certificate_expires_at_ms INTEGER,
  initial_key_id TEXT UNIQUE,
  CHECK ((used_at_ms IS NULL) = (key_hash IS NULL)),
  CHECK ((used_at_ms IS NULL) = (certificate IS NULL)),
  CHECK ((used_at_ms IS NULL) = (certificate_fingerprint IS NULL)),
  CHECK ((used_at_ms IS NULL) = (certificate_expires_at_ms IS NULL)),
  CHECK ((used_at_ms IS NULL) = (initial_key_id IS NULL))
) STRICT, WITHOUT ROWID;

-- What was issued anew and is not in force yet: the terminal's certificate in use stays good until it confirms.
-- Without an initial key the terminal goes on with the one that it has, or with none.
CREATE TABLE certificate_renewals (
  terminal_id TEXT PRIMARY KEY REFERENCES terminals (id),
  asked_at_ms INTEGER NOT NULL,
  key_hash BLOB NOT NULL,
  certificate TEXT NOT NULL,
  certificate_fingerprint TEXT NOT NULL UNIQUE,
  certificate_expires_at_ms INTEGER NOT NULL,
  initial_key_id TEXT UNIQUE
) STRICT, WITHOUT ROWID;
