-- What a restore from a backup lost. Nothing is sold until it is reconciled or signed, and nothing is settled until it is
-- signed; see docs/OPERATORS.md, "Backup and restore".

CREATE TABLE gaps (
  no INTEGER PRIMARY KEY CHECK (no > 0),
  from_ms INTEGER NOT NULL,
  to_ms INTEGER NOT NULL,
  -- The last link of the chain that was restored.
  link_no INTEGER NOT NULL CHECK (link_no >= 0),
  link_hash BLOB,
  opened_event_id TEXT NOT NULL,
  -- JSON: the terminals that must compare their days before it closes by itself.
  terminal_ids TEXT NOT NULL,
  -- By the audit key, over all of the above.
  signature BLOB NOT NULL,
  -- When a gateway first served it.
  served_at_ms INTEGER,
  reconciled_at_ms INTEGER,
  reconciled_event_id TEXT,
  signed_at_ms INTEGER,
  signed_event_id TEXT,
  CHECK (from_ms <= to_ms),
  CHECK ((link_no = 0) = (link_hash IS NULL)),
  CHECK ((reconciled_at_ms IS NULL) = (reconciled_event_id IS NULL)),
  CHECK ((signed_at_ms IS NULL) = (signed_event_id IS NULL))
) STRICT;
CREATE TRIGGER gaps_are_never_changed BEFORE UPDATE OF no, from_ms, to_ms, link_no, link_hash, opened_event_id,
  terminal_ids, signature ON gaps
BEGIN SELECT RAISE (ABORT, 'a gap is what was lost: it is never changed'); END;
CREATE TRIGGER gaps_are_served_once BEFORE UPDATE OF served_at_ms ON gaps WHEN OLD.served_at_ms IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a gap is first served once'); END;
CREATE TRIGGER gaps_are_reconciled_once BEFORE UPDATE OF reconciled_at_ms, reconciled_event_id ON gaps
WHEN OLD.reconciled_at_ms IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a gap is reconciled once'); END;
CREATE TRIGGER gaps_are_signed_once BEFORE UPDATE OF signed_at_ms, signed_event_id ON gaps
WHEN OLD.signed_at_ms IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a gap is signed once'); END;
CREATE TRIGGER gaps_are_never_removed BEFORE DELETE ON gaps
BEGIN SELECT RAISE (ABORT, 'a gap is what was lost: it is never removed'); END;

-- The days that terminals compared while it was open, with what differed, JSON. A later comparison replaces an earlier.
CREATE TABLE gap_days (
  gap_no INTEGER NOT NULL REFERENCES gaps (no),
  terminal_id TEXT NOT NULL,
  day TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  differences TEXT NOT NULL,
  PRIMARY KEY (gap_no, terminal_id, day)
) STRICT, WITHOUT ROWID;
