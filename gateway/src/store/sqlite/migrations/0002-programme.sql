-- The whole programme: who is loaded by whom, what is suspended, what was visited, and grants beside their account.

ALTER TABLE accounts ADD COLUMN etablissement TEXT;
ALTER TABLE accounts ADD COLUMN charter_accepted_on TEXT;

-- What taps took without a PIN on the last day of such a tap.
ALTER TABLE cards ADD COLUMN tapped_day TEXT;
ALTER TABLE cards ADD COLUMN tapped_cents INTEGER;
CREATE INDEX cards_by_account ON cards (account_id);

-- JSON arrays of the programme's words.
ALTER TABLE partners ADD COLUMN types TEXT NOT NULL DEFAULT '[]';
ALTER TABLE partners ADD COLUMN flags TEXT NOT NULL DEFAULT '[]';

ALTER TABLE conventions ADD COLUMN signature_reference TEXT;
ALTER TABLE conventions ADD COLUMN signed_at_ms INTEGER;

ALTER TABLE attempts ADD COLUMN effects_digest BLOB;
-- Within an account the time of decisions never runs backwards.
CREATE INDEX attempts_by_account ON attempts (account_id, decided_at_ms) WHERE account_id IS NOT NULL;

-- One account's grants lie side by side: a sale reads one place, however many accounts there are.
CREATE TABLE owned_grants (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  id TEXT NOT NULL,
  avantage TEXT NOT NULL,
  campaign TEXT,
  unit TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  supplement_amount INTEGER CHECK (supplement_amount > 0),
  supplement_flag TEXT,
  spent INTEGER NOT NULL DEFAULT 0,
  from_ms INTEGER,
  to_ms INTEGER NOT NULL,
  first_day TEXT,
  last_day TEXT NOT NULL,
  age_from_ms INTEGER,
  age_to_ms INTEGER,
  rule TEXT NOT NULL,
  revoked INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1)),
  PRIMARY KEY (account_id, id),
  CHECK (spent >= 0 AND spent <= amount + coalesce(supplement_amount, 0)),
  CHECK ((supplement_amount IS NULL) = (supplement_flag IS NULL)),
  CHECK ((age_from_ms IS NULL) = (age_to_ms IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO owned_grants (account_id, id, avantage, campaign, unit, amount, spent, from_ms, to_ms, first_day, last_day, rule)
  SELECT account_id, id, avantage, campaign, unit, amount, spent, from_ms, to_ms, first_day, last_day, ''
  FROM grants ORDER BY account_id, id;

CREATE TABLE owned_entries (
  seq INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL,
  grant_id TEXT NOT NULL,
  terminal_id TEXT NOT NULL,
  attempt_id TEXT NOT NULL,
  units INTEGER NOT NULL CHECK (units <> 0),
  at_ms INTEGER NOT NULL,
  FOREIGN KEY (account_id, grant_id) REFERENCES owned_grants (account_id, id)
) STRICT;
INSERT INTO owned_entries (seq, account_id, grant_id, terminal_id, attempt_id, units, at_ms)
  SELECT seq, account_id, grant_id, terminal_id, attempt_id, units, at_ms FROM entries ORDER BY seq;

-- Foreign keys stay in force: what refers goes before what it refers to.
DROP TABLE entries;
DROP TABLE grants;
ALTER TABLE owned_grants RENAME TO grants;
ALTER TABLE owned_entries RENAME TO entries;

CREATE INDEX entries_by_attempt ON entries (terminal_id, attempt_id);
CREATE TRIGGER entries_are_never_changed BEFORE UPDATE ON entries
BEGIN SELECT RAISE (ABORT, 'entries are append-only'); END;
CREATE TRIGGER entries_are_never_removed BEFORE DELETE ON entries
BEGIN SELECT RAISE (ABORT, 'entries are append-only'); END;

-- `avantages` is JSON: an array of codes, or the string "ALL". Never a motive.
CREATE TABLE suspensions (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  id TEXT NOT NULL,
  campaign TEXT NOT NULL,
  avantages TEXT NOT NULL,
  decision_ref TEXT NOT NULL,
  decided_at_ms INTEGER NOT NULL,
  lifted_at_ms INTEGER,
  lifted_ref TEXT,
  PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE visits (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  point_of_sale_id TEXT NOT NULL,
  avantage TEXT NOT NULL,
  terminal_id TEXT NOT NULL,
  attempt_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (account_id, point_of_sale_id, avantage)
) STRICT, WITHOUT ROWID;

CREATE TABLE agents (
  id TEXT PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('operator', 'region', 'etablissement')),
  etablissement TEXT,
  status TEXT NOT NULL CHECK (status IN ('active', 'revoked')),
  certificate_fingerprint TEXT NOT NULL UNIQUE,
  CHECK ((role = 'etablissement') = (etablissement IS NOT NULL))
) STRICT;

-- The audit trail, append-only. An event that was refused may come again under its id; any other is there once.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  role TEXT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'unchanged', 'refused')),
  refusal TEXT,
  notes TEXT NOT NULL,
  CHECK ((outcome = 'refused') = (refusal IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX events_are_made_once ON events (id) WHERE outcome <> 'refused';
CREATE INDEX events_by_subject ON events (subject);

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE (ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
BEGIN SELECT RAISE (ABORT, 'the audit trail is append-only'); END;

CREATE TABLE incivility_reports (
  partner_id TEXT NOT NULL REFERENCES partners (id),
  report TEXT NOT NULL,
  beneficiary TEXT NOT NULL,
  received_on TEXT NOT NULL,
  PRIMARY KEY (partner_id, report)
) STRICT, WITHOUT ROWID;
