-- After the approval: holds, captures, refunds; what partners are owed and paid; the chain over all of it.

-- Other states than before, and whose terminal it was. A CHECK cannot be altered, so the table is made anew.
CREATE TABLE newer_attempts (
  seq INTEGER PRIMARY KEY,
  terminal_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('authorization', 'inquiry', 'tombstone')),
  state TEXT NOT NULL CHECK (state IN ('held', 'approved', 'declined', 'reversed', 'expired')),
  fingerprint BLOB,
  code TEXT NOT NULL,
  account_id TEXT,
  partner_id TEXT,
  avantage TEXT,
  decided_at_ms INTEGER NOT NULL,
  programme_hash TEXT NOT NULL REFERENCES programmes (hash),
  rules_version INTEGER NOT NULL,
  input TEXT,
  effects_digest BLOB,
  answer TEXT,
  -- By the id first: a refund looks for it at every terminal that ever made it for its partner.
  UNIQUE (id, terminal_id)
) STRICT;
INSERT INTO newer_attempts (seq, terminal_id, id, kind, state, fingerprint, code, account_id, partner_id, avantage,
    decided_at_ms, programme_hash, rules_version, input, effects_digest, answer)
  SELECT seq, terminal_id, id, kind, state, fingerprint, code, account_id,
    -- What nobody can read is for replay to name, not a reason not to start.
    CASE WHEN json_valid(input) THEN json_extract(input, '$.snapshot.partner.id') END, avantage,
    decided_at_ms, programme_hash, rules_version, input, effects_digest, answer
  FROM attempts ORDER BY seq;
DROP TABLE attempts;
ALTER TABLE newer_attempts RENAME TO attempts;
CREATE INDEX attempts_by_account ON attempts (account_id, decided_at_ms) WHERE account_id IS NOT NULL;
CREATE INDEX attempts_by_terminal ON attempts (terminal_id, decided_at_ms);
-- What has become of a sale changes; what was asked, decided and answered does not.
CREATE TRIGGER attempts_are_never_changed BEFORE UPDATE OF seq, terminal_id, id, kind, fingerprint, code, account_id,
  partner_id, avantage, decided_at_ms, programme_hash, rules_version, input, effects_digest, answer ON attempts
BEGIN SELECT RAISE (ABORT, 'decisions are append-only'); END;
CREATE TRIGGER attempts_are_never_removed BEFORE DELETE ON attempts
BEGIN SELECT RAISE (ABORT, 'decisions are append-only'); END;

CREATE TABLE newer_reversals (
  seq INTEGER PRIMARY KEY,
  terminal_id TEXT NOT NULL,
  id TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('automatic', 'manual')),
  asked_by TEXT NOT NULL,
  units INTEGER NOT NULL CHECK (units >= 0),
  at_ms INTEGER NOT NULL,
  answer TEXT NOT NULL,
  UNIQUE (terminal_id, id)
) STRICT;
INSERT INTO newer_reversals (terminal_id, id, reason, asked_by, units, at_ms, answer)
  SELECT terminal_id, id, reason, 'terminal ' || terminal_id,
    coalesce((SELECT -sum(e.units) FROM entries e
      WHERE e.terminal_id = r.terminal_id AND e.attempt_id = r.id AND e.units < 0), 0),
    at_ms, answer
  FROM reversals r ORDER BY at_ms, terminal_id, id;
DROP TABLE reversals;
ALTER TABLE newer_reversals RENAME TO reversals;
CREATE INDEX reversals_by_terminal ON reversals (terminal_id, at_ms);
CREATE TRIGGER reversals_are_never_changed BEFORE UPDATE ON reversals
BEGIN SELECT RAISE (ABORT, 'reversals are append-only'); END;
CREATE TRIGGER reversals_are_never_removed BEFORE DELETE ON reversals
BEGIN SELECT RAISE (ABORT, 'reversals are append-only'); END;

-- Open ones alone: what became of a hold stands with its attempt.
CREATE TABLE holds (
  terminal_id TEXT NOT NULL,
  attempt_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  grant_id TEXT NOT NULL,
  units INTEGER NOT NULL CHECK (units > 0),
  expires_at_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, attempt_id),
  FOREIGN KEY (account_id, grant_id) REFERENCES grants (account_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_by_account ON holds (account_id);

-- Captures and refunds, append-only.
CREATE TABLE operations (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('capture', 'refund')),
  terminal_id TEXT NOT NULL,
  attempt_id TEXT NOT NULL,
  id TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked INTEGER,
  units INTEGER NOT NULL CHECK (units > 0),
  at_ms INTEGER NOT NULL,
  programme_hash TEXT NOT NULL REFERENCES programmes (hash),
  input TEXT NOT NULL,
  answer TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_capture_of_a_sale ON operations (terminal_id, attempt_id) WHERE kind = 'capture';
CREATE UNIQUE INDEX refunds_are_made_once ON operations (asked_by, id) WHERE kind = 'refund';
CREATE INDEX operations_by_sale ON operations (terminal_id, attempt_id);
CREATE INDEX refunds_by_time ON operations (asked_by, at_ms) WHERE kind = 'refund';
CREATE INDEX captures_by_time ON operations (terminal_id, at_ms) WHERE kind = 'capture';
CREATE TRIGGER operations_are_never_changed BEFORE UPDATE ON operations
BEGIN SELECT RAISE (ABORT, 'operations are append-only'); END;
CREATE TRIGGER operations_are_never_removed BEFORE DELETE ON operations
BEGIN SELECT RAISE (ABORT, 'operations are append-only'); END;

-- Cents for each unit of an avantage, JSON.
ALTER TABLE conventions ADD COLUMN tariffs TEXT NOT NULL DEFAULT '{}';

CREATE TABLE bank_accounts (
  partner_id TEXT PRIMARY KEY REFERENCES partners (id),
  holder TEXT NOT NULL,
  iban TEXT NOT NULL,
  bic TEXT
) STRICT, WITHOUT ROWID;

-- `types` is a JSON array; an empty one says "not concerned".
CREATE TABLE equipment_declarations (
  partner_id TEXT NOT NULL REFERENCES partners (id),
  school_year TEXT NOT NULL,
  types TEXT NOT NULL,
  PRIMARY KEY (partner_id, school_year)
) STRICT, WITHOUT ROWID;

CREATE TABLE justificatifs (
  partner_id TEXT NOT NULL REFERENCES partners (id),
  reference TEXT NOT NULL,
  school_year TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('PHOTO_STICKER', 'FACTURE_FLOCAGE', 'PHOTO_FLOCAGE')),
  received_on TEXT NOT NULL,
  rejected_on TEXT,
  PRIMARY KEY (partner_id, reference)
) STRICT, WITHOUT ROWID;

-- How far the ledger has become lines: one row.
CREATE TABLE accrued (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  attempts_seq INTEGER NOT NULL,
  operations_seq INTEGER NOT NULL,
  reversals_seq INTEGER NOT NULL
) STRICT;
INSERT INTO accrued VALUES (1, 0, 0, 0);

CREATE TABLE settlements (
  last_day TEXT PRIMARY KEY,
  cutoff_ms INTEGER NOT NULL UNIQUE,
  created_at_ms INTEGER NOT NULL,
  file BLOB,
  accounts TEXT,
  CHECK ((file IS NULL) = (accounts IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE payments (
  settlement TEXT NOT NULL REFERENCES settlements (last_day),
  partner_id TEXT NOT NULL REFERENCES partners (id),
  no INTEGER NOT NULL,
  holder TEXT NOT NULL,
  iban TEXT NOT NULL,
  bic TEXT,
  amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
  lines INTEGER NOT NULL CHECK (lines > 0),
  state TEXT NOT NULL CHECK (state IN ('BATCHED', 'PAID', 'REJECTED')),
  reason TEXT,
  -- The settlement in whose accounts the return stands.
  return_booked_in TEXT REFERENCES settlements (last_day),
  -- When the bank made the last report that was heard of it.
  said_at_ms INTEGER,
  PRIMARY KEY (settlement, partner_id),
  UNIQUE (settlement, no),
  CHECK (return_booked_in IS NULL OR state = 'REJECTED')
) STRICT, WITHOUT ROWID;
CREATE INDEX returns_to_book ON payments (settlement, no) WHERE state = 'REJECTED' AND return_booked_in IS NULL;

CREATE TABLE settlement_lines (
  no INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('sale', 'reversal', 'refund')),
  terminal_id TEXT NOT NULL,
  sale_id TEXT NOT NULL,
  refund_id TEXT,
  partner_id TEXT NOT NULL REFERENCES partners (id),
  avantage TEXT NOT NULL,
  unit TEXT NOT NULL,
  units INTEGER NOT NULL CHECK (units <> 0),
  taken_at_ms INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  amount_cents INTEGER NOT NULL,
  held_for_papers INTEGER NOT NULL CHECK (held_for_papers IN (0, 1)),
  school_year TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ACCRUED', 'HELD', 'RELEASED', 'BATCHED', 'PAID', 'REJECTED')),
  holds TEXT NOT NULL,
  settlement TEXT,
  FOREIGN KEY (settlement, partner_id) REFERENCES payments (settlement, partner_id),
  CHECK ((state IN ('BATCHED', 'PAID')) = (settlement IS NOT NULL)),
  CHECK ((state = 'HELD') = (holds <> '[]'))
) STRICT;
-- A refund's id is its asker's: two askers may have made the same for one sale, so that it names no line.
CREATE UNIQUE INDEX a_sale_is_one_line ON settlement_lines (terminal_id, sale_id) WHERE kind = 'sale';
CREATE UNIQUE INDEX a_reversal_is_one_line ON settlement_lines (terminal_id, sale_id) WHERE kind = 'reversal';
CREATE INDEX refund_lines_of_a_sale ON settlement_lines (terminal_id, sale_id) WHERE kind = 'refund';
CREATE INDEX open_lines ON settlement_lines (partner_id, at_ms) WHERE settlement IS NULL;
CREATE INDEX lines_by_payment ON settlement_lines (settlement, partner_id) WHERE settlement IS NOT NULL;
CREATE INDEX lines_by_partner ON settlement_lines (partner_id, no);
CREATE INDEX payments_by_partner ON payments (partner_id);
CREATE TRIGGER what_is_owed_is_never_changed BEFORE UPDATE OF no, kind, terminal_id, sale_id, refund_id, partner_id,
  avantage, unit, units, taken_at_ms, at_ms, amount_cents, held_for_papers, school_year ON settlement_lines
BEGIN SELECT RAISE (ABORT, 'what is owed for a movement never changes'); END;
CREATE TRIGGER lines_are_never_removed BEFORE DELETE ON settlement_lines
BEGIN SELECT RAISE (ABORT, 'what is owed is append-only'); END;
CREATE TRIGGER a_payment_file_is_made_once BEFORE UPDATE OF file, accounts ON settlements WHEN OLD.file IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a payment file is made once'); END;

-- Which lines each payment was made of, returned payments too. Append-only.
CREATE TABLE payment_lines (
  settlement TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  line_no INTEGER NOT NULL REFERENCES settlement_lines (no),
  PRIMARY KEY (settlement, partner_id, line_no),
  FOREIGN KEY (settlement, partner_id) REFERENCES payments (settlement, partner_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX payments_of_a_line ON payment_lines (line_no);
CREATE TRIGGER payment_lines_are_never_changed BEFORE UPDATE ON payment_lines
BEGIN SELECT RAISE (ABORT, 'what a payment was made of is append-only'); END;
CREATE TRIGGER payment_lines_are_never_removed BEFORE DELETE ON payment_lines
BEGIN SELECT RAISE (ABORT, 'what a payment was made of is append-only'); END;

-- What is asked stands there before it is done: `asked`. A CHECK cannot be altered.
CREATE TABLE newer_events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  role TEXT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('asked', 'applied', 'unchanged', 'refused')),
  refusal TEXT,
  notes TEXT NOT NULL,
  CHECK ((outcome = 'refused') = (refusal IS NOT NULL))
) STRICT;
INSERT INTO newer_events (seq, id, agent_id, role, type, subject, at_ms, fingerprint, outcome, refusal, notes)
  SELECT seq, id, agent_id, role, type, subject, at_ms, fingerprint, outcome, refusal, notes FROM events ORDER BY seq;
DROP TABLE events;
ALTER TABLE newer_events RENAME TO events;
CREATE UNIQUE INDEX events_are_made_once ON events (id) WHERE outcome <> 'refused';
CREATE INDEX events_by_subject ON events (subject);
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE (ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
BEGIN SELECT RAISE (ABORT, 'the audit trail is append-only'); END;

-- One link for each row that was committed, in the order of sealing; heads are signed and exported.
CREATE TABLE links (
  no INTEGER PRIMARY KEY,
  source TEXT NOT NULL CHECK (source IN ('attempts', 'operations', 'reversals', 'entries', 'events')),
  row_seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  UNIQUE (source, row_seq)
) STRICT;
CREATE TRIGGER links_are_never_changed BEFORE UPDATE ON links
BEGIN SELECT RAISE (ABORT, 'the chain is append-only'); END;
CREATE TRIGGER links_are_never_removed BEFORE DELETE ON links
BEGIN SELECT RAISE (ABORT, 'the chain is append-only'); END;

CREATE TABLE heads (
  no INTEGER PRIMARY KEY REFERENCES links (no),
  hash BLOB NOT NULL,
  at_ms INTEGER NOT NULL,
  signature BLOB NOT NULL
) STRICT;
CREATE TRIGGER heads_are_never_changed BEFORE UPDATE ON heads
BEGIN SELECT RAISE (ABORT, 'heads are append-only'); END;
CREATE TRIGGER heads_are_never_removed BEFORE DELETE ON heads
BEGIN SELECT RAISE (ABORT, 'heads are append-only'); END;
