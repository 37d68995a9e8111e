-- The whole schema, as SQLite's has become by its migrations. Text is compared by its bytes, as SQLite does it.
--
-- What can be partitioned by account: accounts, cards, grants, holds, suspensions, visits, entries, holder_accounts; each has the
-- account in it, and nothing of one account refers to another's. What cannot: attempts, reversals and operations, whose keys
-- are made by terminals and hold over all accounts (a unique key of a partitioned table must contain what it is partitioned
-- by; and an attempt that names nobody has no account); the unique index of a card's number and of its chip, for the same
-- reason; the chain, whose order is over everything; the books of reimbursement, which are by partner and by period.
--
-- Nothing here is a row that every sale writes, or locks: attempts and operations name their programme without a
-- foreign key, because its check would lock the programme's one row in each sale. Whoever decides keeps the programme
-- first, and replay names what was decided under one that is gone.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- One row for each open transaction of a gateway, written before anything else, removed by its next one: by it a gateway that
-- got no answer to its commit finds out whether it was made. A void one belongs to a transaction that can never be.
CREATE TABLE commit_tokens (
  token UUID PRIMARY KEY,
  is_void BIGINT NOT NULL CHECK (is_void IN (0, 1)),
  made_at TIMESTAMPTZ NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

CREATE TABLE partners (
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'suspended')),
  -- JSON arrays of the programme's words.
  types TEXT COLLATE "C" NOT NULL DEFAULT '[]',
  flags TEXT COLLATE "C" NOT NULL DEFAULT '[]'
);

CREATE TABLE conventions (
  reference TEXT COLLATE "C" PRIMARY KEY,
  partner_id TEXT COLLATE "C" NOT NULL REFERENCES partners (id),
  state TEXT COLLATE "C" NOT NULL,
  from_ms BIGINT NOT NULL,
  to_ms BIGINT NOT NULL,
  signature_reference TEXT COLLATE "C",
  signed_at_ms BIGINT,
  -- Cents for each unit of an avantage, JSON.
  tariffs TEXT COLLATE "C" NOT NULL DEFAULT '{}'
);
CREATE INDEX conventions_by_partner ON conventions (partner_id);

CREATE TABLE agrements (
  partner_id TEXT COLLATE "C" NOT NULL REFERENCES partners (id),
  avantage TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (partner_id, avantage)
);

CREATE TABLE points_of_sale (
  id TEXT COLLATE "C" PRIMARY KEY,
  partner_id TEXT COLLATE "C" NOT NULL REFERENCES partners (id),
  name TEXT COLLATE "C" NOT NULL,
  city TEXT COLLATE "C" NOT NULL
);
CREATE INDEX points_of_sale_by_partner ON points_of_sale (partner_id);

CREATE TABLE terminals (
  id TEXT COLLATE "C" PRIMARY KEY,
  point_of_sale_id TEXT COLLATE "C" NOT NULL REFERENCES points_of_sale (id),
  status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'revoked')),
  certificate_fingerprint TEXT COLLATE "C" NOT NULL UNIQUE,
  initial_key_id TEXT COLLATE "C" UNIQUE,
  ksn_counter BIGINT NOT NULL DEFAULT 0,
  certificate_expires_at_ms BIGINT,
  enrolled_at_ms BIGINT
) WITH (fillfactor = 80);
CREATE INDEX terminals_by_point_of_sale ON terminals (point_of_sale_id);

-- The last code that was made for a terminal, which may not be there yet: a newer one voids it. `digest` is the
-- SHA-256 of its secret. Once used, it keeps what was issued for it, for a terminal that did not get the answer.
CREATE TABLE activation_codes (
  terminal_id TEXT COLLATE "C" PRIMARY KEY,
  digest BYTEA NOT NULL UNIQUE,
  point_of_sale_id TEXT COLLATE "C" NOT NULL REFERENCES points_of_sale (id),
  expires_at_ms BIGINT NOT NULL,
  used_at_ms BIGINT,
  key_hash BYTEA,
  certificate TEXT COLLATE "C",
  certificate_fingerprint TEXT COLLATE "C" UNIQUE,
  certificate_expires_at_ms BIGINT,
  initial_key_id TEXT COLLATE "C" UNIQUE,
  CHECK ((used_at_ms IS NULL) = (key_hash IS NULL)),
  CHECK ((used_at_ms IS NULL) = (certificate IS NULL)),
  CHECK ((used_at_ms IS NULL) = (certificate_fingerprint IS NULL)),
  CHECK ((used_at_ms IS NULL) = (certificate_expires_at_ms IS NULL)),
  CHECK ((used_at_ms IS NULL) = (initial_key_id IS NULL))
);

-- What was issued anew and is not in force yet: the terminal's certificate in use stays good until it confirms.
-- Without an initial key the terminal goes on with the one that it has, or with none.
CREATE TABLE certificate_renewals (
  terminal_id TEXT COLLATE "C" PRIMARY KEY REFERENCES terminals (id),
  asked_at_ms BIGINT NOT NULL,
  key_hash BYTEA NOT NULL,
  certificate TEXT COLLATE "C" NOT NULL,
  certificate_fingerprint TEXT COLLATE "C" NOT NULL UNIQUE,
  certificate_expires_at_ms BIGINT NOT NULL,
  initial_key_id TEXT COLLATE "C" UNIQUE
);

-- Locked by whoever reads it to change anything of it: one row for each young person, and never one for many.
CREATE TABLE accounts (
  id TEXT COLLATE "C" PRIMARY KEY,
  holder TEXT COLLATE "C" NOT NULL,
  last_decision_at_ms BIGINT NOT NULL DEFAULT 0,
  etablissement TEXT COLLATE "C",
  charter_accepted_on TEXT COLLATE "C"
) WITH (fillfactor = 80);

-- Card numbers and chip identifiers are never here in clear: an HMAC to find them, and the number encrypted.
CREATE TABLE cards (
  id TEXT COLLATE "C" PRIMARY KEY,
  account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
  status TEXT COLLATE "C" NOT NULL,
  generation TEXT COLLATE "C" NOT NULL,
  last_four TEXT COLLATE "C" NOT NULL,
  number_index BYTEA NOT NULL UNIQUE,
  number_encrypted BYTEA NOT NULL,
  identifier_index BYTEA UNIQUE,
  message_counter BIGINT NOT NULL DEFAULT 0,
  pin_salt BYTEA,
  pin_verifier BYTEA,
  pin_key_version BIGINT,
  pin_failures BIGINT NOT NULL DEFAULT 0,
  -- What taps took without a PIN on the last day of such a tap.
  tapped_day TEXT COLLATE "C",
  tapped_cents BIGINT,
  -- Of an account's cards the newest has the highest.
  seq BIGINT GENERATED ALWAYS AS IDENTITY
) WITH (fillfactor = 80);
CREATE INDEX cards_by_account ON cards (account_id);

CREATE TABLE grants (
  account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
  id TEXT COLLATE "C" NOT NULL,
  avantage TEXT COLLATE "C" NOT NULL,
  campaign TEXT COLLATE "C",
  unit TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL CHECK (amount >= 0),
  supplement_amount BIGINT CHECK (supplement_amount > 0),
  supplement_flag TEXT COLLATE "C",
  spent BIGINT NOT NULL DEFAULT 0,
  from_ms BIGINT,
  to_ms BIGINT NOT NULL,
  first_day TEXT COLLATE "C",
  last_day TEXT COLLATE "C" NOT NULL,
  age_from_ms BIGINT,
  age_to_ms BIGINT,
  rule TEXT COLLATE "C" NOT NULL,
  revoked BIGINT NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1)),
  PRIMARY KEY (account_id, id),
  CHECK (spent >= 0 AND spent <= amount + coalesce(supplement_amount, 0)),
  CHECK ((supplement_amount IS NULL) = (supplement_flag IS NULL)),
  CHECK ((age_from_ms IS NULL) = (age_to_ms IS NULL))
) WITH (fillfactor = 80);

-- `avantages` is JSON: an array of codes, or the string "ALL". Never a motive.
CREATE TABLE suspensions (
  account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
  id TEXT COLLATE "C" NOT NULL,
  campaign TEXT COLLATE "C" NOT NULL,
  avantages TEXT COLLATE "C" NOT NULL,
  decision_ref TEXT COLLATE "C" NOT NULL,
  decided_at_ms BIGINT NOT NULL,
  lifted_at_ms BIGINT,
  lifted_ref TEXT COLLATE "C",
  PRIMARY KEY (account_id, id)
);

CREATE TABLE visits (
  account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
  point_of_sale_id TEXT COLLATE "C" NOT NULL,
  avantage TEXT COLLATE "C" NOT NULL,
  terminal_id TEXT COLLATE "C" NOT NULL,
  attempt_id TEXT COLLATE "C" NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (account_id, point_of_sale_id, avantage)
);

-- The holders' own accounts, in which a PIN is set. Neither a birth date nor a password nor a PIN can be read here.
CREATE TABLE holder_accounts (
  beneficiary_id TEXT COLLATE "C" PRIMARY KEY REFERENCES accounts (id),
  -- Keyed digests, 16 bytes each, of the PINs that the birth date makes.
  refused_pins BYTEA NOT NULL CHECK (octet_length(refused_pins) % 16 = 0),
  opening_code_hash BYTEA,
  opening_expires_at_ms BIGINT,
  password_salt BYTEA,
  password_hash BYTEA,
  password_params TEXT COLLATE "C",
  failures BIGINT NOT NULL CHECK (failures >= 0),
  next_try_at_ms BIGINT NOT NULL,
  CHECK ((opening_code_hash IS NULL) = (opening_expires_at_ms IS NULL)),
  CHECK ((password_salt IS NULL) = (password_hash IS NULL)),
  CHECK ((password_salt IS NULL) = (password_params IS NULL))
);

-- Tries for a dossier without an account, so that it waits as any other. Slots are few, whatever strangers send. A count
-- lapses a day after its next_try_at_ms, here as in holder_accounts.
CREATE TABLE stranger_tries (
  slot BIGINT PRIMARY KEY,
  failures BIGINT NOT NULL CHECK (failures >= 0),
  next_try_at_ms BIGINT NOT NULL
);

-- Every programme that was decided under, as loaded, so that its decisions can be made again.
CREATE TABLE programmes (
  hash TEXT COLLATE "C" PRIMARY KEY,
  json TEXT COLLATE "C" NOT NULL
);

-- `seq` is in the order of writing, not of commits: see chain.ts.
CREATE TABLE attempts (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  terminal_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('authorization', 'inquiry', 'tombstone')),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('held', 'approved', 'declined', 'reversed', 'expired')),
  fingerprint BYTEA,
  code TEXT COLLATE "C" NOT NULL,
  account_id TEXT COLLATE "C",
  partner_id TEXT COLLATE "C",
  avantage TEXT COLLATE "C",
  decided_at_ms BIGINT NOT NULL,
  programme_hash TEXT COLLATE "C" NOT NULL,
  rules_version BIGINT NOT NULL,
  input TEXT COLLATE "C",
  effects_digest BYTEA,
  answer TEXT COLLATE "C",
  -- By the id first: a refund looks for it at every terminal that ever made it for its partner.
  UNIQUE (id, terminal_id)
);
-- Within an account the time of decisions never runs backwards.
CREATE INDEX attempts_by_account ON attempts (account_id, decided_at_ms) WHERE account_id IS NOT NULL;
CREATE INDEX attempts_by_terminal ON attempts (terminal_id, decided_at_ms);
-- What has become of a sale changes; what was asked, decided and answered does not.
CREATE TRIGGER attempts_are_never_changed BEFORE UPDATE OF seq, terminal_id, id, kind, fingerprint, code, account_id,
  partner_id, avantage, decided_at_ms, programme_hash, rules_version, input, effects_digest, answer ON attempts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('decisions are append-only');
CREATE TRIGGER attempts_are_never_removed BEFORE DELETE OR TRUNCATE ON attempts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('decisions are append-only');

CREATE TABLE reversals (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  terminal_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL CHECK (reason IN ('automatic', 'manual')),
  asked_by TEXT COLLATE "C" NOT NULL,
  units BIGINT NOT NULL CHECK (units >= 0),
  at_ms BIGINT NOT NULL,
  answer TEXT COLLATE "C" NOT NULL,
  UNIQUE (terminal_id, id)
);
CREATE INDEX reversals_by_terminal ON reversals (terminal_id, at_ms);
CREATE TRIGGER reversals_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reversals
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('reversals are append-only');

-- Captures and refunds, append-only.
CREATE TABLE operations (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('capture', 'refund')),
  terminal_id TEXT COLLATE "C" NOT NULL,
  attempt_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  asked_by TEXT COLLATE "C" NOT NULL,
  asked BIGINT,
  units BIGINT NOT NULL CHECK (units > 0),
  at_ms BIGINT NOT NULL,
  programme_hash TEXT COLLATE "C" NOT NULL,
  input TEXT COLLATE "C" NOT NULL,
  answer TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX one_capture_of_a_sale ON operations (terminal_id, attempt_id) WHERE kind = 'capture';
CREATE UNIQUE INDEX refunds_are_made_once ON operations (asked_by, id) WHERE kind = 'refund';
CREATE INDEX operations_by_sale ON operations (terminal_id, attempt_id);
CREATE INDEX refunds_by_time ON operations (asked_by, at_ms) WHERE kind = 'refund';
CREATE INDEX captures_by_time ON operations (terminal_id, at_ms) WHERE kind = 'capture';
CREATE TRIGGER operations_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON operations
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('operations are append-only');

-- Append-only: a correction is a new entry.
CREATE TABLE entries (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id TEXT COLLATE "C" NOT NULL,
  grant_id TEXT COLLATE "C" NOT NULL,
  terminal_id TEXT COLLATE "C" NOT NULL,
  attempt_id TEXT COLLATE "C" NOT NULL,
  units BIGINT NOT NULL CHECK (units <> 0),
  at_ms BIGINT NOT NULL,
  FOREIGN KEY (account_id, grant_id) REFERENCES grants (account_id, id)
);
CREATE INDEX entries_by_attempt ON entries (attempt_id, terminal_id);
CREATE TRIGGER entries_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('entries are append-only');

-- Open ones alone: what became of a hold stands with its attempt.
CREATE TABLE holds (
  terminal_id TEXT COLLATE "C" NOT NULL,
  attempt_id TEXT COLLATE "C" NOT NULL,
  account_id TEXT COLLATE "C" NOT NULL,
  grant_id TEXT COLLATE "C" NOT NULL,
  units BIGINT NOT NULL CHECK (units > 0),
  expires_at_ms BIGINT NOT NULL,
  PRIMARY KEY (terminal_id, attempt_id),
  FOREIGN KEY (account_id, grant_id) REFERENCES grants (account_id, id)
);
CREATE INDEX holds_by_account ON holds (account_id);

CREATE TABLE proofs (
  ref TEXT COLLATE "C" PRIMARY KEY,
  terminal_id TEXT COLLATE "C" NOT NULL,
  card_id TEXT COLLATE "C" NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  expires_at_ms BIGINT NOT NULL,
  used BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX proofs_by_expiry ON proofs (expires_at_ms);

CREATE TABLE app_codes (
  key TEXT COLLATE "C" PRIMARY KEY,
  expires_at_ms BIGINT NOT NULL
);
CREATE INDEX app_codes_by_expiry ON app_codes (expires_at_ms);

CREATE TABLE agents (
  id TEXT COLLATE "C" PRIMARY KEY,
  role TEXT COLLATE "C" NOT NULL CHECK (role IN ('operator', 'region', 'etablissement')),
  etablissement TEXT COLLATE "C",
  status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'revoked')),
  certificate_fingerprint TEXT COLLATE "C" NOT NULL UNIQUE,
  CHECK ((role = 'etablissement') = (etablissement IS NOT NULL))
);

-- The audit trail, append-only. An event that was refused may come again under its id; any other is there once. What is asked
-- stands there before it is done: `asked`.
CREATE TABLE events (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id TEXT COLLATE "C" NOT NULL,
  agent_id TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  type TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  at_ms BIGINT NOT NULL,
  fingerprint BYTEA NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL CHECK (outcome IN ('asked', 'applied', 'unchanged', 'refused')),
  refusal TEXT COLLATE "C",
  notes TEXT COLLATE "C" NOT NULL,
  CHECK ((outcome = 'refused') = (refusal IS NOT NULL))
);
CREATE UNIQUE INDEX events_are_made_once ON events (id) WHERE outcome <> 'refused';
CREATE INDEX events_by_subject ON events (subject, seq);
CREATE TRIGGER events_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the audit trail is append-only');

CREATE TABLE incivility_reports (
  partner_id TEXT COLLATE "C" NOT NULL REFERENCES partners (id),
  report TEXT COLLATE "C" NOT NULL,
  beneficiary TEXT COLLATE "C" NOT NULL,
  received_on TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (partner_id, report)
);

CREATE TABLE bank_accounts (
  partner_id TEXT COLLATE "C" PRIMARY KEY REFERENCES partners (id),
  holder TEXT COLLATE "C" NOT NULL,
  iban TEXT COLLATE "C" NOT NULL,
  bic TEXT COLLATE "C"
);

-- `types` is a JSON array; an empty one says "not concerned".
CREATE TABLE equipment_declarations (
  partner_id TEXT COLLATE "C" NOT NULL REFERENCES partners (id),
  school_year TEXT COLLATE "C" NOT NULL,
  types TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (partner_id, school_year)
);

CREATE TABLE justificatifs (
  partner_id TEXT COLLATE "C" NOT NULL REFERENCES partners (id),
  reference TEXT COLLATE "C" NOT NULL,
  school_year TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('PHOTO_STICKER', 'FACTURE_FLOCAGE', 'PHOTO_FLOCAGE')),
  received_on TEXT COLLATE "C" NOT NULL,
  rejected_on TEXT COLLATE "C",
  PRIMARY KEY (partner_id, reference)
);

-- How far the ledger has become lines: one row, which settlement alone writes.
CREATE TABLE accrued (
  only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
  attempts_seq BIGINT NOT NULL,
  operations_seq BIGINT NOT NULL,
  reversals_seq BIGINT NOT NULL
);
INSERT INTO accrued VALUES (1, 0, 0, 0);

CREATE TABLE settlements (
  last_day TEXT COLLATE "C" PRIMARY KEY,
  cutoff_ms BIGINT NOT NULL UNIQUE,
  created_at_ms BIGINT NOT NULL,
  file BYTEA,
  accounts TEXT COLLATE "C",
  CHECK ((file IS NULL) = (accounts IS NULL))
);
CREATE TRIGGER a_payment_file_is_made_once BEFORE UPDATE OF file, accounts ON settlements
FOR EACH ROW WHEN (OLD.file IS NOT NULL) EXECUTE FUNCTION refuse_change('a payment file is made once');

CREATE TABLE payments (
  settlement TEXT COLLATE "C" NOT NULL REFERENCES settlements (last_day),
  partner_id TEXT COLLATE "C" NOT NULL REFERENCES partners (id),
  no BIGINT NOT NULL,
  holder TEXT COLLATE "C" NOT NULL,
  iban TEXT COLLATE "C" NOT NULL,
  bic TEXT COLLATE "C",
  amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
  lines BIGINT NOT NULL CHECK (lines > 0),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('BATCHED', 'PAID', 'REJECTED')),
  reason TEXT COLLATE "C",
  -- The settlement in whose accounts the return stands.
  return_booked_in TEXT COLLATE "C" REFERENCES settlements (last_day),
  -- When the bank made the last report that was heard of it.
  said_at_ms BIGINT,
  PRIMARY KEY (settlement, partner_id),
  UNIQUE (settlement, no),
  CHECK (return_booked_in IS NULL OR state = 'REJECTED')
);
CREATE INDEX returns_to_book ON payments (settlement, no) WHERE state = 'REJECTED' AND return_booked_in IS NULL;
CREATE INDEX payments_by_partner ON payments (partner_id);

CREATE TABLE settlement_lines (
  no BIGINT PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('sale', 'reversal', 'refund')),
  terminal_id TEXT COLLATE "C" NOT NULL,
  sale_id TEXT COLLATE "C" NOT NULL,
  refund_id TEXT COLLATE "C",
  partner_id TEXT COLLATE "C" NOT NULL REFERENCES partners (id),
  avantage TEXT COLLATE "C" NOT NULL,
  unit TEXT COLLATE "C" NOT NULL,
  units BIGINT NOT NULL CHECK (units <> 0),
  taken_at_ms BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  amount_cents BIGINT NOT NULL,
  held_for_papers BIGINT NOT NULL CHECK (held_for_papers IN (0, 1)),
  school_year TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('ACCRUED', 'HELD', 'RELEASED', 'BATCHED', 'PAID', 'REJECTED')),
  holds TEXT COLLATE "C" NOT NULL,
  settlement TEXT COLLATE "C",
  FOREIGN KEY (settlement, partner_id) REFERENCES payments (settlement, partner_id),
  CHECK ((state IN ('BATCHED', 'PAID')) = (settlement IS NOT NULL)),
  CHECK ((state = 'HELD') = (holds <> '[]'))
);
-- A refund's id is its asker's: two askers may have made the same for one sale, so that it names no line.
CREATE UNIQUE INDEX a_sale_is_one_line ON settlement_lines (terminal_id, sale_id) WHERE kind = 'sale';
CREATE UNIQUE INDEX a_reversal_is_one_line ON settlement_lines (terminal_id, sale_id) WHERE kind = 'reversal';
CREATE INDEX refund_lines_of_a_sale ON settlement_lines (terminal_id, sale_id) WHERE kind = 'refund';
CREATE INDEX open_lines ON settlement_lines (partner_id, at_ms) WHERE settlement IS NULL;
CREATE INDEX lines_by_payment ON settlement_lines (settlement, partner_id) WHERE settlement IS NOT NULL;
CREATE INDEX lines_by_partner ON settlement_lines (partner_id, no);
CREATE TRIGGER what_is_owed_is_never_changed BEFORE UPDATE OF no, kind, terminal_id, sale_id, refund_id, partner_id,
  avantage, unit, units, taken_at_ms, at_ms, amount_cents, held_for_papers, school_year ON settlement_lines
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what is owed for a movement never changes');
CREATE TRIGGER lines_are_never_removed BEFORE DELETE OR TRUNCATE ON settlement_lines
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what is owed is append-only');

-- Which lines each payment was made of, returned payments too. Append-only.
CREATE TABLE payment_lines (
  settlement TEXT COLLATE "C" NOT NULL,
  partner_id TEXT COLLATE "C" NOT NULL,
  line_no BIGINT NOT NULL REFERENCES settlement_lines (no),
  PRIMARY KEY (settlement, partner_id, line_no),
  FOREIGN KEY (settlement, partner_id) REFERENCES payments (settlement, partner_id)
);
CREATE INDEX payments_of_a_line ON payment_lines (line_no);
CREATE TRIGGER payment_lines_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_lines
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what a payment was made of is append-only');

-- One link for each row that was committed, in the order of sealing; heads are signed and exported.
CREATE TABLE links (
  no BIGINT PRIMARY KEY,
  source TEXT COLLATE "C" NOT NULL CHECK (source IN ('attempts', 'operations', 'reversals', 'entries', 'events')),
  row_seq BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  UNIQUE (source, row_seq)
);
CREATE TRIGGER links_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON links
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the chain is append-only');

CREATE TABLE heads (
  no BIGINT PRIMARY KEY REFERENCES links (no),
  hash BYTEA NOT NULL,
  at_ms BIGINT NOT NULL,
  signature BYTEA NOT NULL
);
CREATE TRIGGER heads_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON heads
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('heads are append-only');

-- Under which keys this ledger is written, so that another's keys or older ones are told from its own. No key is here.
CREATE TABLE ledger_keys (
  only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
  -- Made with the index key; says nothing of it.
  check_value BYTEA NOT NULL CHECK (octet_length(check_value) = 32),
  -- JSON: the numbers of the versions of each kind, as they were last seen.
  versions TEXT COLLATE "C" NOT NULL
);

-- What a restore from a backup lost. Nothing is sold until it is reconciled or signed, and nothing is settled until it is
-- signed; see docs/OPERATORS.md, "Backup and restore".
CREATE TABLE gaps (
  no BIGINT PRIMARY KEY CHECK (no > 0),
  from_ms BIGINT NOT NULL,
  to_ms BIGINT NOT NULL,
  -- The last link of the chain that was restored.
  link_no BIGINT NOT NULL CHECK (link_no >= 0),
  link_hash BYTEA,
  opened_event_id TEXT COLLATE "C" NOT NULL,
  -- JSON: the terminals that must compare their days before it closes by itself.
  terminal_ids TEXT COLLATE "C" NOT NULL,
  -- By the audit key, over all of the above.
  signature BYTEA NOT NULL,
  -- When a gateway first served it.
  served_at_ms BIGINT,
  reconciled_at_ms BIGINT,
  reconciled_event_id TEXT COLLATE "C",
  signed_at_ms BIGINT,
  signed_event_id TEXT COLLATE "C",
  CHECK (from_ms <= to_ms),
  CHECK ((link_no = 0) = (link_hash IS NULL)),
  CHECK ((reconciled_at_ms IS NULL) = (reconciled_event_id IS NULL)),
  CHECK ((signed_at_ms IS NULL) = (signed_event_id IS NULL))
);
CREATE TRIGGER gaps_are_never_changed BEFORE UPDATE OF no, from_ms, to_ms, link_no, link_hash, opened_event_id,
  terminal_ids, signature ON gaps
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a gap is what was lost: it is never changed');
CREATE TRIGGER gaps_are_served_once BEFORE UPDATE OF served_at_ms ON gaps
FOR EACH ROW WHEN (OLD.served_at_ms IS NOT NULL) EXECUTE FUNCTION refuse_change('a gap is first served once');
CREATE TRIGGER gaps_are_reconciled_once BEFORE UPDATE OF reconciled_at_ms, reconciled_event_id ON gaps
FOR EACH ROW WHEN (OLD.reconciled_at_ms IS NOT NULL) EXECUTE FUNCTION refuse_change('a gap is reconciled once');
CREATE TRIGGER gaps_are_signed_once BEFORE UPDATE OF signed_at_ms, signed_event_id ON gaps
FOR EACH ROW WHEN (OLD.signed_at_ms IS NOT NULL) EXECUTE FUNCTION refuse_change('a gap is signed once');
CREATE TRIGGER gaps_are_never_removed BEFORE DELETE OR TRUNCATE ON gaps
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a gap is what was lost: it is never removed');

-- The days that terminals compared while it was open, with what differed, JSON. A later comparison replaces an earlier.
CREATE TABLE gap_days (
  gap_no BIGINT NOT NULL REFERENCES gaps (no),
  terminal_id TEXT COLLATE "C" NOT NULL,
  day TEXT COLLATE "C" NOT NULL,
  at_ms BIGINT NOT NULL,
  differences TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (gap_no, terminal_id, day)
);
